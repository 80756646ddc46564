// After a restart the kept passages bring presence back; and nobody is remembered for ever.
#include "shared/base/retry_delay.hpp"
#include "tests/edge/passage/passage_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct RestartFixture : GateFixture {
  /// A new maker that has only what the outbox kept.
  void restart() {
    maker = std::make_unique<PassageMaker>(clock);
    for (const Passage& passage : recorded) maker->remember(passage, roster.settings);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(passage_restart, RestartFixture)

BOOST_AUTO_TEST_CASE(presence_and_dates_survive_a_restart_of_the_program) {
  at("2023-07-30T20:00");
  pass(1);
  restart();
  BOOST_TEST(!tap(1));  // still a repeat
  at("2023-07-31T06:00");
  restart();
  const Passage exit = pass(1);
  BOOST_TEST((exit.direction == Direction::exit));
  BOOST_TEST((exit.work_date == day("2023-07-30")));
}

BOOST_AUTO_TEST_CASE(presence_and_dates_survive_a_reboot) {
  at("2023-07-30T20:00");
  pass(1);
  clock.advance(hours(10));
  clock.reboot();
  restart();
  const Passage exit = pass(1);
  BOOST_TEST((exit.direction == Direction::exit));
  BOOST_TEST((exit.work_date == day("2023-07-30")));
  clock.advance(hours(20));
  clock.reboot();
  restart();
  BOOST_TEST((pass(1).direction == Direction::entry));
}

BOOST_AUTO_TEST_CASE(a_maker_that_replayed_decides_like_one_that_never_stopped) {
  Random random(2023);
  for (int step = 0; step < 400; ++step) {
    clock.advance(seconds(random() % 4000));
    const auto number = static_cast<std::uint8_t>(1 + random() % 9);
    const auto rule = static_cast<DirectionRule>(random() % 3);
    const auto before = ask(number, rule);
    restart();
    const auto after = ask(number, rule);
    BOOST_REQUIRE_EQUAL(before.index(), after.index());
    if (const auto* made = std::get_if<NewPassage>(&before))
      BOOST_REQUIRE((made->passage == std::get<NewPassage>(after).passage));
    tap(number, rule);
  }
}

BOOST_AUTO_TEST_CASE(memory_is_bounded_by_the_people_of_two_days) {
  const RosterIndex index(roster);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    clock.advance(minutes(1));
    const CardCredential stranger{CardTechnology::iso14443a,
                                  {static_cast<std::uint8_t>(i >> 16), static_cast<std::uint8_t>(i >> 8),
                                   static_cast<std::uint8_t>(i), 1}};
    const CredentialRead read{"1-reader", clock.now(), clock.monotonic(), stranger};
    const auto decision = maker->decide(read, {"1-reader", "1", DirectionRule::entry}, index);
    maker->remember(std::get<NewPassage>(decision).passage, roster.settings);
  }
  // One a minute, forgotten after 16 + 24 hours: 2,401, and twice that between two sweeps.
  BOOST_TEST(maker->people_count() <= 2u * 2401);
  BOOST_TEST(maker->people_count() >= 2401u);
}

BOOST_AUTO_TEST_SUITE_END()
