// The site's policy on technicians' codes: each reason for which one is refused, and what is recorded of it.
#include "edge/codes/technician_codes.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/temporary_folder.hpp"

namespace sitegate::edge {

using namespace std::chrono_literals;
using codes::CodeClaims;
using codes::CodeKind;
using Reason = UnidentifiedReason;

namespace {

const SiteId site = *SiteId::from_number(77);
const TechnicianId technician = *TechnicianId::from_number(101);

struct Cloud {
  crypto::SigningKey key = crypto::SigningKey::generate();
  UtcTime now{std::chrono::milliseconds{1'690'756'200'000}};
  tests::TemporaryFolder folder;
  CodePolicy policy;

  [[nodiscard]] CodeClaims claims(CodeKind kind = CodeKind::short_lived) const {
    return {.kind = kind,
            .technician = technician,
            .site = std::nullopt,
            .serial = 0xABCDEF,
            .issued_at = now - 1min,
            .expires_at = now + 10min};
  }
  [[nodiscard]] std::unique_ptr<TechnicianCodes> gate() const {
    return TechnicianCodes::open(folder / "codes", key.public_key(), site, policy, now).value();
  }
  [[nodiscard]] CredentialRead read(const std::string& text) const {
    return {"north", now, {}, CodeCredential{text}, Method::qr};
  }
  [[nodiscard]] JudgedCode judged(const CodeClaims& said) const {
    const auto code = gate()->judge(read(codes::make_technician_code(said, key)));
    BOOST_REQUIRE(code.has_value());
    return *code;
  }
  [[nodiscard]] std::optional<Reason> refusal(const CodeClaims& said) const { return judged(said).refusal; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(technician_codes, Cloud)

BOOST_AUTO_TEST_CASE(a_good_code_is_its_technician) {
  const auto code = judged(claims());
  BOOST_TEST(!code.refusal);
  BOOST_TEST((code.credential == Credential{TechnicianCredential{technician}}));
  BOOST_TEST((code.claims == claims()));
}

BOOST_AUTO_TEST_CASE(other_codes_and_cards_are_none_of_its_business) {
  BOOST_TEST(!gate()->judge(read("A-17")).has_value());
  CredentialRead card = read("");
  card.credential = CardCredential{CardTechnology::felica, {1, 2}};
  BOOST_TEST(!gate()->judge(card).has_value());
}

BOOST_AUTO_TEST_CASE(forged_and_damaged) {
  const auto text = codes::make_technician_code(claims(), crypto::SigningKey::generate());
  const auto forged = gate()->judge(read(text));
  BOOST_REQUIRE(forged.has_value());
  BOOST_TEST((forged->refusal == Reason::code_forged));
  BOOST_TEST(!forged->claims);
  // The record names the serial, and holds nothing of the code itself.
  const auto form = form_of(forged->credential);
  BOOST_TEST(value_text(form) == "SG1 0000000000abcdef code_forged");
  BOOST_TEST(credential_of(form).has_value());
  const auto damaged = gate()->judge(read("SG1:what is this?"));
  BOOST_REQUIRE(damaged.has_value());
  BOOST_TEST((damaged->refusal == Reason::code_damaged));
  BOOST_TEST(value_text(form_of(damaged->credential)) == "SG1 unreadable code_damaged");
}

BOOST_AUTO_TEST_CASE(times) {
  auto said = claims();
  said.issued_at = now - 10min;
  said.expires_at = now - 1min;
  BOOST_TEST(!refusal(said));  // clocks differ
  said.expires_at = now - 3min;
  BOOST_TEST((refusal(said) == Reason::code_expired));
  said = claims();
  said.issued_at = now + 1min;
  BOOST_TEST(!refusal(said));
  said.issued_at = now + 3min;
  BOOST_TEST((refusal(said) == Reason::code_not_yet_valid));
  said = claims();
  said.issued_at = now - 25h;
  BOOST_TEST((refusal(said) == Reason::code_expired));  // older than the site takes
  said.kind = CodeKind::printed;
  BOOST_TEST(!refusal(said));
}

BOOST_AUTO_TEST_CASE(another_site) {
  auto said = claims();
  said.site = site;
  BOOST_TEST(!refusal(said));
  said.site = *SiteId::from_number(78);
  BOOST_TEST((refusal(said) == Reason::code_wrong_site));
}

BOOST_AUTO_TEST_CASE(kinds_that_the_site_does_not_take) {
  policy.printed = false;
  BOOST_TEST((refusal(claims(CodeKind::printed)) == Reason::code_not_allowed));
  BOOST_TEST(!refusal(claims(CodeKind::short_lived)));
  policy.short_lived = false;
  BOOST_TEST((refusal(claims(CodeKind::short_lived)) == Reason::code_not_allowed));
}

BOOST_AUTO_TEST_CASE(a_short_lived_code_is_used_up_also_across_a_restart) {
  BOOST_TEST(gate()->use(claims(), "1").value());
  {
    const auto again = gate();
    BOOST_TEST(again->use(claims(), "1").value());
    BOOST_TEST(!again->use(claims(), "1").value());
  }
  BOOST_TEST(!gate()->use(claims(), "2").value());
  auto another = claims();
  another.serial = 1;
  BOOST_TEST(gate()->use(another, "1").value());
}

BOOST_AUTO_TEST_CASE(so_many_gates_and_no_more) {
  policy.short_lived_uses_max = 10;
  const auto here = gate();
  for (const char* name : {"1", "2", "1", "2"}) BOOST_TEST(here->use(claims(), name).value(), name);
  BOOST_TEST(!here->use(claims(), "3").value());
  BOOST_TEST(here->use(claims(), "1").value());
}

BOOST_AUTO_TEST_CASE(printed_codes_are_not_counted) {
  const auto here = gate();
  for (int i = 0; i < 20; ++i) BOOST_TEST(here->use(claims(CodeKind::printed), "1").value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::edge
