// Technicians' codes at the gate: good ones are their technician; refused ones are told why, and recorded as
// what nobody holds, without the code.
#include "shared/codes/technician_code.hpp"
#include "tests/edge/gateway/gate_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;
using namespace std::chrono_literals;

namespace {

struct CodeGate : GateFixture {
  CodeGate() { restart(); }

  /// As after a restart of the gateway: the uses come from the disk.
  void restart() {
    codes.reset();
    codes = TechnicianCodes::open(folder / "codes", key.public_key(), site, policy, clock.now()).value();
    gate.emplace(*outbox, *roster, display, clock, 60s, Fusion(),
                 [this](const std::string& name) { opened_gates.push_back(name); });
    gate->believe(*codes);
  }
  [[nodiscard]] std::string code(TechnicianId who, std::uint64_t serial = 7,
                                 codes::CodeKind kind = codes::CodeKind::short_lived) const {
    return codes::make_technician_code({.kind = kind,
                                        .technician = who,
                                        .site = std::nullopt,
                                        .serial = serial,
                                        .issued_at = clock.now(),
                                        .expires_at = clock.now() + 10h},
                                       key);
  }
  PassageOutcome show(const std::string& text) {
    CredentialRead one = read(CodeCredential{text});
    one.method = Method::qr;
    return give(one);
  }

  crypto::SigningKey key = crypto::SigningKey::generate();
  CodePolicy policy;
  std::unique_ptr<TechnicianCodes> codes;
  std::vector<std::string> opened_gates;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(gate_codes)

BOOST_FIXTURE_TEST_CASE(a_good_code_is_a_passage_of_its_technician, CodeGate) {
  const auto outcome = show(code(yamada));
  BOOST_TEST(outcome.accepted);
  BOOST_TEST(outcome.person == "山田 太郎");
  const auto kept = passages();
  BOOST_REQUIRE(kept.size() == 1u);
  BOOST_TEST((std::get<TechnicianId>(kept.front().person) == yamada));
  BOOST_TEST((kept.front().evidence.front().method == Method::qr));
}

BOOST_FIXTURE_TEST_CASE(a_forged_code_is_refused_with_its_reason_and_recorded_by_its_serial, CodeGate) {
  const auto good = code(yamada, 0xBEEF);
  key = crypto::SigningKey::generate();  // of somebody else
  const auto text = code(yamada, 0xBEEF);
  const auto outcome = show(text);
  BOOST_TEST(!outcome.accepted);
  BOOST_TEST(!outcome.gate_opened);
  BOOST_TEST((outcome.reason == OutcomeReason::code_forged));
  BOOST_TEST(answers.back().reason == "code_forged");
  BOOST_TEST(opened_gates.empty());
  const auto kept = passages();
  BOOST_REQUIRE(kept.size() == 1u);
  BOOST_TEST((kept.front().admission == Admission::unknown_credential));
  BOOST_TEST((kept.front().person == std::variant<TechnicianId, Credential>(
                                         Credential(CodeCredential{"SG1 000000000000beef code_forged"}))));
  const auto entries = outbox->unsealed(10, 1 << 20).value();
  for (const auto& entry : entries)
    BOOST_TEST(as_text(entry.bytes).find(text.substr(50)) == std::string::npos);
  BOOST_TEST(show(good).accepted);
}

BOOST_FIXTURE_TEST_CASE(an_expired_code_and_garbage_behind_the_prefix, CodeGate) {
  const auto text = code(yamada);
  clock.advance(11h);
  BOOST_TEST((show(text).reason == OutcomeReason::code_expired));
  BOOST_TEST((show("SG1:" + std::string(141, '?')).reason == OutcomeReason::code_damaged));
  BOOST_TEST(passages().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(held_up_it_is_one_use_and_after_two_passages_it_is_used_up, CodeGate) {
  const auto text = code(yamada);
  BOOST_TEST(show(text).accepted);
  for (int i = 0; i < 10; ++i) {
    clock.advance(3s);
    const auto again = show(text);
    BOOST_TEST(again.accepted);
    BOOST_TEST(again.repeat);
  }
  BOOST_TEST(opened_gates.size() == 1u);  // a copy shown right behind its holder opens nothing
  clock.advance(2h);
  BOOST_TEST(show(text).accepted);
  clock.advance(2h);
  const auto third = show(text);
  BOOST_TEST(!third.accepted);
  BOOST_TEST((third.reason == OutcomeReason::code_overused));
  BOOST_TEST(opened_gates.size() == 2u);
  BOOST_TEST(passages().size() == 3u);
  clock.advance(5s);
  BOOST_TEST((show(text).reason == OutcomeReason::code_overused));
  BOOST_TEST(passages().size() == 3u);  // a repeat of the refusal
  restart();
  clock.advance(2h);
  BOOST_TEST((show(text).reason == OutcomeReason::code_overused));
}

BOOST_FIXTURE_TEST_CASE(who_is_not_on_the_roster_uses_nothing_up, CodeGate) {
  const auto stranger = *TechnicianId::from_number(999);
  const auto text = code(stranger);
  for (int i = 0; i < 4; ++i) {
    BOOST_TEST((show(text).reason == OutcomeReason::unknown_credential));
    clock.advance(2min);
  }
}

BOOST_FIXTURE_TEST_CASE(a_gate_that_knows_no_key_takes_none, GateFixture) {
  CredentialRead one = read(CodeCredential{"SG1:whatever"});
  const auto outcome = give(one);
  BOOST_TEST((outcome.reason == OutcomeReason::code_not_allowed));
  BOOST_TEST(passages().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
