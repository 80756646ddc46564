// The same person again within the debounce time is a repeat, whatever the wall clock does.
#include "tests/edge/passage/passage_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

BOOST_FIXTURE_TEST_SUITE(passage_debounce, GateFixture)

BOOST_AUTO_TEST_CASE(a_second_tap_within_a_minute_is_a_repeat_and_after_it_is_not) {
  pass(1, DirectionRule::entry);
  clock.advance(seconds(59));
  const auto repeat = ask(1, DirectionRule::entry);
  BOOST_REQUIRE(std::holds_alternative<Repeat>(repeat));
  BOOST_TEST((std::get<Repeat>(repeat).since == seconds(59)));
  BOOST_TEST(std::get<Repeat>(repeat).gate_opened);
  BOOST_TEST((std::get<Identification>(std::get<Repeat>(repeat).who).technician == yamada));
  clock.advance(seconds(1));
  BOOST_TEST(tap(1, DirectionRule::entry).has_value());
}

BOOST_AUTO_TEST_CASE(at_a_toggled_reader_a_second_tap_is_a_repeat_and_not_an_exit) {
  BOOST_TEST((pass(1).direction == Direction::entry));
  clock.advance(seconds(3));
  const auto repeat = ask(1);
  BOOST_REQUIRE(std::holds_alternative<Repeat>(repeat));
  BOOST_TEST((std::get<Repeat>(repeat).direction == Direction::entry));
  clock.advance(minutes(2));
  BOOST_TEST((pass(1).direction == Direction::exit));
}

BOOST_AUTO_TEST_CASE(repeats_do_not_prolong_the_time) {
  pass(1, DirectionRule::entry);
  for (int i = 0; i < 3; ++i) {
    clock.advance(seconds(19));
    BOOST_TEST(!tap(1, DirectionRule::entry));
  }
  clock.advance(seconds(4));
  BOOST_TEST(tap(1, DirectionRule::entry).has_value());
}

BOOST_AUTO_TEST_CASE(another_person_another_gate_and_the_other_direction_are_no_repeats) {
  pass(1, DirectionRule::entry);
  BOOST_TEST(tap(2, DirectionRule::entry).has_value());
  BOOST_TEST(tap(1, DirectionRule::entry, "2").has_value());
  BOOST_TEST(tap(1, DirectionRule::exit, "2").has_value());
}

BOOST_AUTO_TEST_CASE(a_step_of_the_wall_clock_makes_no_passage_and_hides_none) {
  pass(1, DirectionRule::entry);
  clock.advance(seconds(10));
  clock.step_to(clock.now() + hours(1));
  BOOST_TEST(!tap(1, DirectionRule::entry));
  clock.advance(seconds(55));
  clock.step_to(clock.now() - hours(2));
  BOOST_TEST(tap(1, DirectionRule::entry).has_value());
}

BOOST_AUTO_TEST_CASE(reads_of_two_readers_may_arrive_in_either_order) {
  pass(1, DirectionRule::entry);
  const RosterIndex index(roster);
  const CredentialRead earlier{"1-second", clock.now() - seconds(1), clock.monotonic() - seconds(1), card(1)};
  BOOST_TEST((std::holds_alternative<Repeat>(
      maker->decide(earlier, {"1-second", "1", DirectionRule::entry}, index))));
}

BOOST_AUTO_TEST_CASE(the_time_is_a_setting) {
  maker = std::make_unique<PassageMaker>(clock, seconds(5));
  pass(1, DirectionRule::entry);
  clock.advance(seconds(4));
  BOOST_TEST(!tap(1, DirectionRule::entry));
  clock.advance(seconds(1));
  BOOST_TEST(tap(1, DirectionRule::entry).has_value());
}

BOOST_AUTO_TEST_CASE(what_could_not_be_kept_is_no_repeat_next_time) {
  BOOST_REQUIRE(std::holds_alternative<NewPassage>(ask(1)));  // the outbox refused it: not remembered
  clock.advance(seconds(5));
  BOOST_TEST((pass(1).direction == Direction::entry));
}

BOOST_AUTO_TEST_SUITE_END()
