// The date a passage counts to: the site's day boundary, night shifts over midnight, clocks that were wrong.
#include "tests/edge/passage/passage_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

BOOST_FIXTURE_TEST_SUITE(passage_work_date, GateFixture)

BOOST_AUTO_TEST_CASE(the_day_begins_at_the_sites_boundary) {
  at("2023-07-31T03:59");
  BOOST_TEST((pass(1, DirectionRule::entry).work_date == day("2023-07-30")));
  at("2023-07-31T04:00");
  BOOST_TEST((pass(2, DirectionRule::entry).work_date == day("2023-07-31")));
}

BOOST_AUTO_TEST_CASE(the_boundary_is_a_setting) {
  roster.settings.day_boundary_minutes = 0;
  at("2023-07-30T23:59");
  BOOST_TEST((pass(1, DirectionRule::entry).work_date == day("2023-07-30")));
  at("2023-07-31T00:00");
  BOOST_TEST((pass(2, DirectionRule::entry).work_date == day("2023-07-31")));
}

BOOST_AUTO_TEST_CASE(a_night_shifts_exit_belongs_to_the_evening_it_began) {
  for (const DirectionRule rule : {DirectionRule::toggle, DirectionRule::exit}) {
    at(rule == DirectionRule::toggle ? "2023-07-30T20:00" : "2023-08-01T20:00");
    const Passage entry = pass(1, rule == DirectionRule::toggle ? rule : DirectionRule::entry);
    clock.advance(hours(10));  // 06:00, behind the boundary
    const Passage exit = pass(1, rule);
    BOOST_TEST((exit.direction == Direction::exit));
    BOOST_TEST((exit.work_date == entry.work_date));
  }
}

BOOST_AUTO_TEST_CASE(an_exit_after_a_break_still_belongs_to_the_shift) {
  at("2023-07-30T20:00");
  pass(1, DirectionRule::entry);
  at("2023-07-31T03:30");
  pass(1, DirectionRule::exit);
  at("2023-07-31T05:30");  // came back in through an open gate
  BOOST_TEST((pass(1, DirectionRule::exit).work_date == day("2023-07-30")));
}

BOOST_AUTO_TEST_CASE(an_exit_belongs_to_its_entry_up_to_the_longest_shift_and_no_longer) {
  at("2023-07-30T20:00");
  pass(1, DirectionRule::entry);
  pass(2, DirectionRule::entry);
  clock.advance(hours(16));
  BOOST_TEST((pass(1, DirectionRule::exit).work_date == day("2023-07-30")));
  clock.advance(seconds(1));
  BOOST_TEST((pass(2, DirectionRule::exit).work_date == day("2023-07-31")));
}

BOOST_AUTO_TEST_CASE(an_exit_without_an_entry_counts_to_its_own_date) {
  at("2023-07-31T17:00");
  BOOST_TEST((pass(1, DirectionRule::exit).work_date == day("2023-07-31")));
}

BOOST_AUTO_TEST_CASE(the_last_night_on_the_roster_ends_in_the_morning_after) {
  at("2023-07-31T20:00");
  BOOST_TEST((pass(3).admission == Admission::admitted));
  BOOST_TEST((pass(2).admission == Admission::admitted));
  at("2023-08-01T06:00");  // the roster entry of card 3 and card 2 itself ended with 2023-07-31
  BOOST_TEST((pass(3).admission == Admission::admitted));
  BOOST_TEST((pass(2).admission == Admission::admitted));
  at("2023-08-01T20:00");
  BOOST_TEST((pass(3).admission == Admission::not_on_roster));
  BOOST_TEST((pass(2).admission == Admission::credential_expired));
}

BOOST_AUTO_TEST_CASE(once_the_clock_is_right_an_exit_counts_to_the_right_date) {
  ManualClock unset(UtcTime{hours(1)});  // 1970, as after a power cut without a clock battery
  unset.set_state(ClockState::unsynchronised);
  PassageMaker early(unset);
  roster.opens_on = day("1970-01-01");
  const RosterIndex index(roster);
  const auto tap_early = [&](DirectionRule rule) {
    const CredentialRead read{"1-reader", unset.now(), unset.monotonic(), card(1)};
    const Passage passage = std::get<NewPassage>(early.decide(read, {"1-reader", "1", rule}, index)).passage;
    early.remember(passage, roster.settings);
    return passage;
  };
  BOOST_TEST((tap_early(DirectionRule::entry).work_date == day("1970-01-01")));
  unset.advance(hours(9));
  unset.step_to(japan("2023-07-31T02:00"));
  unset.set_state(ClockState::synchronised);
  BOOST_TEST(
      (tap_early(DirectionRule::exit).work_date == day("2023-07-30")));  // entered at 17:00 the day before
}

BOOST_AUTO_TEST_CASE(a_clock_that_lost_its_synchronisation_does_not_move_the_date) {
  at("2023-07-30T20:00");
  pass(1, DirectionRule::entry);
  clock.advance(hours(9));
  clock.set_state(ClockState::unsynchronised);
  clock.step_to(clock.now() + hours(24));
  BOOST_TEST((pass(1, DirectionRule::exit).work_date == day("2023-07-30")));
}

BOOST_AUTO_TEST_SUITE_END()
