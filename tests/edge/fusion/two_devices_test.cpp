// One person seen by two devices is one passage with both as evidence; what contradicts is flagged; a gate
// may require two.
#include "tests/edge/gateway/gate_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const Evidence by_card{Method::card, std::nullopt, std::nullopt};
const Evidence by_face{Method::face, 0.9F, std::nullopt};

Evidence face_of(TechnicianId other) {
  Evidence evidence = by_face;
  evidence.contradicts = other;
  return evidence;
}

struct OneRequired : GateFixture {
  OneRequired() : GateFixture(Fusion({{"1", {seconds(3), 1, true}}})) {}
};
struct TwoRequired : GateFixture {
  TwoRequired() : GateFixture(two_required()) {}
  static Fusion two_required() { return Fusion({{"1", {seconds(5), 2, true}}}); }
};

const crypto::SigningKey key = crypto::SigningKey::from_seed({7});

}  // namespace

BOOST_FIXTURE_TEST_SUITE(one_recognition_required, OneRequired)

BOOST_AUTO_TEST_CASE(card_and_face_are_one_passage_with_both) {
  BOOST_TEST(give(read(card(1))).accepted);
  clock.advance(milliseconds(1'200));
  BOOST_TEST(give(face(yamada)).repeat);
  BOOST_REQUIRE(passages().size() == 1u);
  BOOST_TEST((passages()[0].evidence == std::vector{by_card, by_face}));
  BOOST_TEST((passages()[0].admission == Admission::admitted));
}

BOOST_AUTO_TEST_CASE(the_second_device_s_event_reported_again_is_known) {
  give(read(card(1), "cards/1"));
  clock.advance(seconds(1));
  give(face(yamada, "faces/1"));
  clock.advance(seconds(90));
  gate.emplace(*outbox, *roster, display, clock, seconds(60));
  BOOST_REQUIRE(gate->recall(key.public_key()));
  BOOST_TEST(give(face(yamada, "faces/1")).repeat);
  BOOST_TEST(give(read(card(1), "cards/1")).repeat);
  BOOST_TEST(passages().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_same_device_kind_twice_adds_nothing) {
  give(read(card(1)));
  give(read(card(1)));
  BOOST_TEST((passages()[0].evidence == std::vector{by_card}));
}

BOOST_AUTO_TEST_CASE(after_the_window_a_second_device_adds_nothing_and_makes_no_second_passage) {
  give(read(card(1)));
  clock.advance(seconds(4));
  give(face(yamada));
  BOOST_REQUIRE(passages().size() == 1u);
  BOOST_TEST((passages()[0].evidence == std::vector{by_card}));
}

BOOST_AUTO_TEST_CASE(the_face_of_another_is_a_contradiction_on_the_card_and_a_passage_of_his_own) {
  give(read(card(1)));
  clock.advance(seconds(1));
  give(face(sato));
  BOOST_REQUIRE(passages().size() == 2u);
  BOOST_TEST((passages()[0].evidence == std::vector{by_card, face_of(sato)}));
  BOOST_TEST((passages()[1].person == std::variant<TechnicianId, Credential>(sato)));
}

BOOST_AUTO_TEST_CASE(two_people_by_the_same_kind_do_not_contradict) {
  give(read(card(1)));
  clock.advance(seconds(1));
  give(read(card(2)));
  BOOST_TEST((passages()[0].evidence == std::vector{by_card}));
  BOOST_TEST((passages()[1].evidence == std::vector{by_card}));
}

BOOST_AUTO_TEST_CASE(what_is_sealed_already_stays_as_it_is) {
  give(read(card(1)));
  BOOST_REQUIRE(outbox->seal(1, 1, as_bytes("batch"), Digest{1}, clock.now()));
  BOOST_TEST(give(face(yamada)).accepted);
  BOOST_TEST(passages().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(two_recognitions_required, TwoRequired)

BOOST_AUTO_TEST_CASE(nobody_is_accepted_by_one_alone) {
  const PassageOutcome outcome = give(read(card(1)));
  BOOST_TEST(!outcome.accepted);
  BOOST_TEST((outcome.reason == OutcomeReason::second_factor_missing));
  BOOST_TEST(passages().empty());
  BOOST_TEST(answers.empty());
  BOOST_TEST(display.shown.size() == 1u);
}

BOOST_AUTO_TEST_CASE(both_of_one_person_are_one_accepted_passage_and_both_devices_are_answered) {
  give(read(card(1)));
  clock.advance(seconds(2));
  BOOST_TEST(give(face(yamada)).accepted);
  BOOST_REQUIRE(passages().size() == 1u);
  BOOST_TEST((passages()[0].evidence == std::vector{by_card, by_face}));
  BOOST_TEST(passages()[0].gate_opened);
  BOOST_REQUIRE(answers.size() == 2u);
  BOOST_TEST((answers[0].accepted && answers[1].accepted));
  BOOST_TEST(!gate->due_in());
}

BOOST_AUTO_TEST_CASE(either_device_s_event_reported_again_is_known_also_after_a_restart) {
  give(read(card(1), "cards/1"));
  clock.advance(seconds(2));
  BOOST_TEST(give(face(yamada, "faces/1")).accepted);
  for (const bool restarted : {false, true}) {
    clock.advance(seconds(90));
    if (restarted) {
      gate.emplace(*outbox, *roster, display, clock, seconds(60), two_required());
      BOOST_REQUIRE(gate->recall(key.public_key()));
    }
    BOOST_TEST(give(face(yamada, "faces/1")).repeat);
    BOOST_TEST(give(read(card(1), "cards/1")).repeat);
    BOOST_TEST(!gate->due_in());
  }
  BOOST_TEST(passages().size() == 1u);
  BOOST_TEST(answers.size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_contradiction_s_events_reported_again_are_known) {
  give(read(card(1), "cards/1"));
  give(face(sato, "faces/1"));
  clock.advance(seconds(90));
  give(face(sato, "faces/1"));
  give(read(card(1), "cards/1"));
  gate->close();
  BOOST_TEST(passages().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_event_reported_again_while_it_waits_is_one_wait) {
  give(read(card(1), "cards/1"));
  clock.advance(seconds(2));
  give(read(card(1), "cards/1"));
  BOOST_TEST((gate->due_in() == milliseconds(3'000)));
  BOOST_TEST(passages().empty());
  BOOST_TEST(give(face(yamada, "faces/1")).accepted);
  BOOST_TEST(passages().size() == 1u);
  BOOST_TEST(answers.size() == 3u);
}

BOOST_AUTO_TEST_CASE(card_of_one_and_face_of_another_is_refused_and_says_so) {
  give(read(card(1)));
  BOOST_TEST((give(face(sato)).reason == OutcomeReason::contradiction));
  BOOST_REQUIRE(passages().size() == 1u);
  const Passage passage = passages()[0];
  BOOST_TEST((passage.admission == Admission::contradiction));
  BOOST_TEST(!passage.gate_opened);
  BOOST_TEST((passage.evidence == std::vector{by_card, face_of(sato)}));
  BOOST_REQUIRE(answers.size() == 2u);
  BOOST_TEST(answers[0].reason == "contradiction");
}

BOOST_AUTO_TEST_CASE(without_a_second_in_time_the_refusal_is_recorded) {
  give(read(card(1)));
  BOOST_TEST((gate->due_in() == milliseconds(5'000)));
  clock.advance(seconds(4));
  gate->tick();
  BOOST_TEST(passages().empty());
  clock.advance(seconds(1));
  gate->tick();
  BOOST_REQUIRE(passages().size() == 1u);
  BOOST_TEST((passages()[0].admission == Admission::second_factor_missing));
  BOOST_TEST(answers[0].reason == "second_factor_missing");
  BOOST_TEST(answers[0].recorded);
}

BOOST_AUTO_TEST_CASE(the_next_person_s_card_ends_the_waiting_of_the_one_before) {
  give(read(card(1)));
  clock.advance(seconds(1));
  give(read(card(2)));
  BOOST_REQUIRE(passages().size() == 1u);
  BOOST_TEST((passages()[0].admission == Admission::second_factor_missing));
  clock.advance(seconds(1));
  BOOST_TEST(give(face(sato)).accepted);
  BOOST_TEST(passages().size() == 2u);
}

BOOST_AUTO_TEST_CASE(who_would_be_refused_anyway_is_told_the_true_reason_at_once) {
  BOOST_TEST((give(read(card(9))).reason == OutcomeReason::unknown_credential));
  BOOST_TEST(passages().size() == 1u);
}

BOOST_AUTO_TEST_CASE(who_waits_when_the_program_ends_is_recorded) {
  give(read(card(1)));
  gate->close();
  BOOST_REQUIRE(passages().size() == 1u);
  BOOST_TEST((passages()[0].admission == Admission::second_factor_missing));
}

BOOST_AUTO_TEST_SUITE_END()
