// merge is a semilattice join: neither order nor repetition of passages can change a history.
#include <boost/test/unit_test.hpp>

#include "shared/base/retry_delay.hpp"
#include "shared/model/work_history.hpp"

namespace sitegate {
namespace {

/// From few values, so that ties are common.
WorkHistory any_history(Random& random) {
  WorkHistory one;
  const auto any_time = [&]() -> std::optional<UtcTime> {
    if (random() % 3 == 0) return std::nullopt;
    return UtcTime(std::chrono::seconds(static_cast<std::int64_t>(random() % 5) - 2));
  };
  one.first_entry = any_time();
  one.last_exit = any_time();
  one.method = static_cast<Method>(1 + random() % 3);
  if (random() % 2 == 0) one.structure.company = *CompanyId::from_number(1 + random() % 2);
  one.structure.tier = static_cast<std::uint8_t>(random() % 2);
  one.structure.effective = random() % 2 == 0;
  return one;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_merge)

BOOST_AUTO_TEST_CASE(commutative_associative_idempotent) {
  constexpr std::uint64_t seed = 31;
  Random random(seed);
  for (int round = 0; round < 50'000; ++round) {
    const WorkHistory a = any_history(random);
    const WorkHistory b = any_history(random);
    const WorkHistory c = any_history(random);
    BOOST_REQUIRE_MESSAGE(merge(a, a) == a, "seed " << seed << " round " << round);
    BOOST_REQUIRE_MESSAGE(merge(a, b) == merge(b, a), "seed " << seed << " round " << round);
    BOOST_REQUIRE_MESSAGE(merge(merge(a, b), c) == merge(a, merge(b, c)),
                          "seed " << seed << " round " << round);
  }
}

// The exit lies before 1970: a missing time must not be taken for the zero of the clock.
BOOST_AUTO_TEST_CASE(a_day_without_times_gives_way_to_any_exit) {
  WorkHistory without_times;
  without_times.method = Method::card;
  WorkHistory exit_only;
  exit_only.last_exit = UtcTime(std::chrono::seconds(-1));
  exit_only.method = Method::face;
  BOOST_TEST((merge(without_times, exit_only) == exit_only));
  BOOST_TEST((merge(exit_only, without_times) == exit_only));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate
