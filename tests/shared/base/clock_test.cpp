// Clocks: the one that a test moves by hand, and the system's.
#include "shared/base/clock.hpp"

#include <time.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace sitegate;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(clocks)

BOOST_AUTO_TEST_CASE(manual_clock_stands_still_until_told) {
  const UtcTime start = parse_utc("2023-07-31T07:50:00Z").value();
  ManualClock clock(start);
  BOOST_TEST((clock.now() == start));
  BOOST_TEST((clock.now() == start));
  BOOST_TEST((clock.monotonic() == 0ns));
  BOOST_TEST((clock.state() == ClockState::synchronised));
}

BOOST_AUTO_TEST_CASE(manual_clock_advances_both_times) {
  ManualClock clock(UtcTime{});
  clock.advance(1500ms);
  BOOST_TEST((clock.now() == UtcTime{1500ms}));
  BOOST_TEST((clock.monotonic() == 1500ms));
}

BOOST_AUTO_TEST_CASE(a_step_moves_the_wall_clock_alone) {
  ManualClock clock(parse_utc("1970-01-01T00:00:10Z").value());
  clock.advance(5s);
  clock.step_to(parse_utc("2038-01-19T03:14:08Z").value());
  BOOST_TEST(to_text(clock.now()) == "2038-01-19T03:14:08.000Z");
  BOOST_TEST((clock.monotonic() == 5s));
  clock.step_to(UtcTime{});
  BOOST_TEST((clock.now() == UtcTime{}));
  BOOST_TEST((clock.monotonic() == 5s));
}

BOOST_AUTO_TEST_CASE(a_reboot_starts_monotonic_time_anew_under_another_boot_id) {
  ManualClock clock(UtcTime{});
  const BootId before = clock.boot_id();
  clock.advance(1h);
  clock.reboot();
  BOOST_TEST((clock.boot_id() != before));
  BOOST_TEST((clock.monotonic() == 0ns));
  BOOST_TEST((clock.now() == UtcTime{1h}));
}

BOOST_AUTO_TEST_CASE(manual_clock_shows_the_state_it_was_given) {
  ManualClock clock(UtcTime{});
  clock.set_state(ClockState::unsynchronised);
  BOOST_TEST((clock.state() == ClockState::unsynchronised));
}

BOOST_AUTO_TEST_CASE(system_clock_agrees_with_the_kernel) {
  const SystemClock clock;
  timespec before{};
  clock_gettime(CLOCK_REALTIME, &before);
  const UtcTime now = clock.now();
  timespec after{};
  clock_gettime(CLOCK_REALTIME, &after);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  BOOST_TEST(seconds >= before.tv_sec);
  BOOST_TEST(seconds <= after.tv_sec);
}

BOOST_AUTO_TEST_CASE(system_clock_never_goes_back_since_boot) {
  const SystemClock clock;
  MonotonicTime last = clock.monotonic();
  BOOST_TEST((last > 0ns));
  for (int i = 0; i < 10'000; ++i) {
    const MonotonicTime next = clock.monotonic();
    BOOST_REQUIRE(next >= last);
    last = next;
  }
}

BOOST_AUTO_TEST_CASE(one_boot_has_one_boot_id) {
  const BootId id = SystemClock().boot_id();
  BOOST_TEST((id == SystemClock().boot_id()));
  BOOST_TEST(std::any_of(id.begin(), id.end(), [](std::uint8_t byte) { return byte != 0; }));
}

BOOST_AUTO_TEST_SUITE_END()
