// Direction: by the reader's place, or toggled by the person's presence in this shift.
#include "tests/edge/passage/passage_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

BOOST_FIXTURE_TEST_SUITE(passage_direction, GateFixture)

BOOST_AUTO_TEST_CASE(a_passage_carries_all_that_was_read) {
  const Passage passage = pass(1, DirectionRule::entry, "north");
  BOOST_TEST(passage.sequence == 0u);
  BOOST_TEST((std::get<TechnicianId>(passage.person) == yamada));
  BOOST_TEST((passage.admission == Admission::admitted));
  BOOST_TEST(passage.gate_opened);
  BOOST_TEST(passage.gate == "north");
  BOOST_TEST(passage.reader == "north-reader");
  BOOST_REQUIRE_EQUAL(passage.evidence.size(), 1);
  BOOST_TEST((passage.evidence.front().method == Method::card));
  BOOST_TEST((passage.event_time == clock.now()));
  BOOST_TEST((passage.monotonic == clock.monotonic()));
  BOOST_TEST((passage.boot_id == clock.boot_id()));
  BOOST_TEST((passage.clock_state == ClockState::synchronised));
}

BOOST_AUTO_TEST_CASE(a_fixed_reader_is_believed) {
  BOOST_TEST((pass(1, DirectionRule::exit).direction == Direction::exit));
  clock.advance(minutes(5));
  BOOST_TEST((pass(1, DirectionRule::entry).direction == Direction::entry));
  clock.advance(minutes(5));
  BOOST_TEST((pass(1, DirectionRule::entry).direction == Direction::entry));
}

BOOST_AUTO_TEST_CASE(a_toggled_reader_alternates_within_a_shift) {
  for (const Direction expected : {Direction::entry, Direction::exit, Direction::entry, Direction::exit}) {
    BOOST_TEST((pass(1).direction == expected));
    clock.advance(hours(2));
  }
}

BOOST_AUTO_TEST_CASE(fixed_and_toggled_readers_share_one_presence) {
  pass(1, DirectionRule::entry, "1");
  clock.advance(hours(1));
  BOOST_TEST((pass(1, DirectionRule::toggle, "2").direction == Direction::exit));
}

BOOST_AUTO_TEST_CASE(a_forgotten_exit_does_not_turn_the_next_morning_round) {
  at("2023-07-30T08:00");
  pass(1);
  at("2023-07-31T07:45");
  const Passage next_morning = pass(1);
  BOOST_TEST((next_morning.direction == Direction::entry));
  BOOST_TEST((next_morning.work_date == day("2023-07-31")));
}

BOOST_AUTO_TEST_CASE(the_shifts_length_is_counted_on_the_clock_that_never_steps) {
  pass(1);
  clock.advance(hours(16));
  clock.step_to(clock.now() + hours(100));
  BOOST_TEST((pass(1).direction == Direction::exit));
  clock.advance(hours(1));
  pass(1);
  clock.advance(hours(16) + seconds(1));
  clock.step_to(clock.now() - hours(10));
  BOOST_TEST((pass(1).direction == Direction::entry));
}

BOOST_AUTO_TEST_SUITE_END()
