// What a device is told of its read: after the commit, once, and truly.
#include "tests/edge/gateway/gate_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

BOOST_FIXTURE_TEST_SUITE(gate_answers, GateFixture)

BOOST_AUTO_TEST_CASE(a_device_is_answered_once_and_after_the_commit) {
  give(read(card(1)));
  BOOST_REQUIRE(answers.size() == 1u);
  BOOST_TEST(recorded_at_answer.front() == 1u);
  BOOST_TEST(answers[0].recorded);
  BOOST_TEST(answers[0].accepted);
  BOOST_TEST(answers[0].reason == "admitted");
  BOOST_TEST(answers[0].person == "山田 太郎");
}

BOOST_AUTO_TEST_CASE(a_stranger_is_recorded_and_told_so) {
  give(read(card(9)));
  BOOST_TEST(answers[0].recorded);
  BOOST_TEST(!answers[0].accepted);
  BOOST_TEST(!answers[0].gate_opened);
  BOOST_TEST(answers[0].reason == "unknown_credential");
}

BOOST_AUTO_TEST_CASE(an_event_that_is_reported_again_is_recorded_once) {
  give(read(card(1), "zkteco/SN1/1"));
  clock.advance(std::chrono::minutes(5));
  give(read(card(1), "zkteco/SN1/1"));
  give(read(card(1), "zkteco/SN1/2"));
  BOOST_TEST(passages().size() == 2u);
  BOOST_TEST(answers[1].recorded);
  BOOST_TEST(answers[1].repeat);
  BOOST_TEST(!answers[2].repeat);
}

BOOST_AUTO_TEST_CASE(a_late_event_counts_to_its_own_time_and_is_not_shown_at_the_gate) {
  give(read(card(1)));
  CredentialRead yesterday = read(card(2), "zkteco/SN1/3", true);
  yesterday.event_time = japan("2023-07-30T17:10");
  yesterday.direction = Direction::exit;
  give(yesterday);
  const Passage passage = passages().back();
  BOOST_TEST((passage.work_date == day("2023-07-30")));
  BOOST_TEST((passage.direction == Direction::exit));
  BOOST_TEST((passage.boot_id == BootId{}));
  BOOST_TEST((passage.clock_state == ClockState::unknown));
  BOOST_TEST(display.shown.size() == 1u);
  BOOST_TEST(answers.back().recorded);
}

BOOST_AUTO_TEST_CASE(a_late_event_does_not_move_a_person_who_is_inside_now) {
  give(read(card(1)));
  CredentialRead earlier = read(card(1), "zkteco/SN1/4", true);
  earlier.event_time = clock.now() - std::chrono::hours(2);
  earlier.direction = Direction::exit;
  give(earlier);
  clock.advance(std::chrono::minutes(10));
  gate->on_read(read(card(1)), {"north", "1", devices::DirectionRule::toggle});
  BOOST_TEST((passages().back().direction == Direction::exit));
}

BOOST_AUTO_TEST_CASE(what_the_device_knows_goes_into_the_passage) {
  CredentialRead seen = read(card(1));
  seen.method = Method::finger_vein;
  seen.confidence = 0.5F;
  seen.body_temperature_c = 36.5F;
  seen.direction = Direction::exit;
  seen.gate = "south";
  give(seen);
  const Passage passage = passages().front();
  BOOST_TEST((passage.evidence == std::vector{Evidence{Method::finger_vein, 0.5F, 36.5F}}));
  BOOST_TEST((passage.direction == Direction::exit));
  BOOST_TEST(passage.gate == "south");
}

BOOST_AUTO_TEST_SUITE_END()
