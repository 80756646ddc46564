// What a device kept and reports late (a logging reader, a terminal's backlog) means what it would have meant
// at its own time, also for people who have passed since.
#include "tests/edge/passage/passage_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct LateFixture : GateFixture {
  void restart() {
    maker = std::make_unique<PassageMaker>(clock);
    for (const Passage& passage : recorded) maker->remember(passage, roster.settings);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(passage_late, LateFixture)

BOOST_AUTO_TEST_CASE(a_late_exit_of_a_night_shift_belongs_to_the_evening_it_began) {
  at("2023-07-30T20:00");
  pass(1, DirectionRule::entry);
  at("2023-07-31T19:30");
  pass(1, DirectionRule::entry);
  const auto exit = late(card(1), japan("2023-07-31T06:00"), DirectionRule::exit);
  BOOST_REQUIRE(exit);
  BOOST_TEST((exit->work_date == day("2023-07-30")));
  BOOST_TEST((pass(1, DirectionRule::exit, "2").work_date == day("2023-07-31")));
}

BOOST_AUTO_TEST_CASE(and_so_it_does_after_a_restart) {
  at("2023-07-30T20:00");
  pass(1, DirectionRule::entry);
  at("2023-07-31T19:30");
  pass(1, DirectionRule::entry);
  restart();
  BOOST_TEST((late(card(1), japan("2023-07-31T06:00"), DirectionRule::exit)->work_date == day("2023-07-30")));
}

BOOST_AUTO_TEST_CASE(a_late_exit_without_an_entry_before_it_takes_nothing_from_a_later_one) {
  at("2023-07-31T19:30");
  pass(1, DirectionRule::entry);
  BOOST_TEST((late(card(1), japan("2023-07-31T03:30"), DirectionRule::exit)->work_date == day("2023-07-30")));
  BOOST_TEST((late(card(1), japan("2023-07-31T17:00"), DirectionRule::exit)->work_date == day("2023-07-31")));
}

BOOST_AUTO_TEST_CASE(a_late_exit_belongs_to_an_entry_that_came_late_too) {
  at("2023-08-01T08:00");
  pass(1, DirectionRule::entry);
  BOOST_TEST(
      (late(card(1), japan("2023-07-29T20:00"), DirectionRule::entry)->work_date == day("2023-07-29")));
  BOOST_TEST((late(card(1), japan("2023-07-30T06:00"), DirectionRule::exit)->work_date == day("2023-07-29")));
  restart();
  BOOST_TEST((late(card(1), japan("2023-07-30T06:10"), DirectionRule::exit)->work_date == day("2023-07-29")));
}

BOOST_AUTO_TEST_CASE(a_live_exit_belongs_to_an_entry_that_came_late) {
  at("2023-07-31T03:00");
  pass(1, DirectionRule::exit);  // for a break
  late(card(1), japan("2023-07-30T20:00"), DirectionRule::entry);
  at("2023-07-31T06:00");
  BOOST_TEST((pass(1, DirectionRule::exit).work_date == day("2023-07-30")));
}

BOOST_AUTO_TEST_CASE(late_touches_of_one_person_take_turns_by_their_own_times) {
  at("2023-08-01T08:00");
  pass(1);
  for (const auto* date : {"2023-07-28", "2023-07-29", "2023-07-30"}) {
    const auto entry = late(card(1), japan(std::string(date) + "T08:00"));
    const auto exit = late(card(1), japan(std::string(date) + "T17:00"));
    BOOST_REQUIRE((entry && exit));
    BOOST_TEST((entry->direction == Direction::entry));
    BOOST_TEST((exit->direction == Direction::exit));
    BOOST_TEST((exit->work_date == day(date)));
  }
  at("2023-08-01T17:00");
  BOOST_TEST((pass(1).direction == Direction::exit));
}

BOOST_AUTO_TEST_CASE(late_touches_of_different_hours_are_no_repeats) {
  at("2023-08-01T08:00");
  BOOST_TEST(late(card(1), japan("2023-07-30T12:00"), DirectionRule::exit).has_value());
  BOOST_TEST(late(card(1), japan("2023-07-30T17:00"), DirectionRule::exit).has_value());
  BOOST_TEST(!late(card(1), japan("2023-07-30T17:00") + seconds(40), DirectionRule::exit).has_value());
}

BOOST_AUTO_TEST_CASE(a_late_touch_is_a_repeat_of_what_was_recorded_at_its_time) {
  at("2023-07-31T08:00");
  pass(1, DirectionRule::entry);
  at("2023-07-31T17:00");
  pass(1, DirectionRule::exit);
  BOOST_TEST(!late(card(1), japan("2023-07-31T08:00") + seconds(20), DirectionRule::entry).has_value());
  BOOST_TEST(!late(card(1), japan("2023-07-31T08:00") - seconds(20), DirectionRule::entry).has_value());
}

BOOST_AUTO_TEST_CASE(an_old_file_makes_the_gate_forget_nobody_who_is_inside) {
  at("2023-08-01T08:00");
  pass(1);
  for (int i = 0; i < 1'000; ++i) {
    const CardCredential stranger{CardTechnology::iso14443a,
                                  {static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i), 1, 1}};
    BOOST_REQUIRE(late(stranger, japan("2023-07-01T08:00") + seconds(i), DirectionRule::entry));
  }
  at("2023-08-01T17:00");
  BOOST_TEST((pass(1).direction == Direction::exit));
}

BOOST_AUTO_TEST_CASE(what_is_remembered_of_one_person_is_bounded) {
  at("2023-08-01T08:00");
  Presence presence;
  for (int i = 0; i < 1'000; ++i) {
    presence.remember(pass(1, i % 2 == 0 ? DirectionRule::entry : DirectionRule::exit), hours(40));
    clock.advance(minutes(2));
  }
  BOOST_TEST(presence.find(yamada)->movements.size() == movements_max);
}

BOOST_AUTO_TEST_SUITE_END()
