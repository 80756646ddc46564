// The back-off: its bounds, its growth, and that a fleet which fails together does not come back together.
#include "shared/base/retry_delay.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <vector>

using namespace sitegate;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(retry_delay)

BOOST_AUTO_TEST_CASE(each_delay_lies_between_1_ms_and_base_doubled_by_failures) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    RetryDelay delay(100ms, 60s, seed);
    for (int failures = 0; failures < 20; ++failures) {
      const auto ceiling = std::min<std::chrono::milliseconds>(60s, 100ms * (1 << failures));
      const auto next = delay.next();
      BOOST_REQUIRE(next >= 1ms);
      BOOST_REQUIRE(next <= ceiling);
    }
  }
}

BOOST_AUTO_TEST_CASE(ten_thousand_failures_stay_under_the_cap) {
  RetryDelay delay(1s, 5min, 7);
  for (int i = 0; i < 10'000; ++i) BOOST_REQUIRE(delay.next() <= 5min);
  BOOST_TEST(delay.failures() == 10'000);
}

BOOST_AUTO_TEST_CASE(a_thousand_gateways_spread_over_the_whole_minute) {
  std::vector<int> per_tenth(10);
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    RetryDelay delay(60s, 60s, seed);
    ++per_tenth[static_cast<std::size_t>(std::min<std::int64_t>(9, delay.next() / 6s))];
  }
  // 100 expected in each tenth; outside 60 to 140 is more than four standard deviations away.
  BOOST_TEST(*std::min_element(per_tenth.begin(), per_tenth.end()) > 60);
  BOOST_TEST(*std::max_element(per_tenth.begin(), per_tenth.end()) < 140);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_delays) {
  RetryDelay one(50ms, 10s, 42);
  RetryDelay other(50ms, 10s, 42);
  RetryDelay third(50ms, 10s, 43);
  bool differs = false;
  for (int i = 0; i < 50; ++i) {
    const auto delay = one.next();
    BOOST_REQUIRE(delay == other.next());
    differs = differs || delay != third.next();
  }
  BOOST_TEST(differs);
}

BOOST_AUTO_TEST_CASE(success_starts_again_at_the_base) {
  RetryDelay delay(10ms, 1h, 1);
  for (int i = 0; i < 15; ++i) delay.next();
  delay.reset();
  BOOST_TEST(delay.failures() == 0);
  BOOST_TEST((delay.next() <= 10ms));
}

BOOST_AUTO_TEST_SUITE_END()
