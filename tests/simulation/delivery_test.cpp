// Accepted at a gate = registered once in the national record, whatever the network and the machines do in
// between. A failure prints its seed; SITEGATE_SEED=<seed> repeats it.
#include <boost/test/unit_test.hpp>

#include <cstdlib>

#include "shared/base/log.hpp"
#include "tests/simulation/world.hpp"

using sitegate::tests::World;
using sitegate::tests::WorldSettings;

namespace {

std::vector<std::uint64_t> seeds() {
  if (const char* wanted = std::getenv("SITEGATE_SEED")) return {std::strtoull(wanted, nullptr, 10)};
  return {1, 2, 3, 4, 5, 6};
}

void run(World& world, int turns) {
  for (int i = 0; i < turns; ++i) world.turn();
  world.settle();
  world.check_end();
}

struct Quiet {
  Quiet() { sitegate::log::set_up("simulation", "off"); }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(Quiet);
BOOST_AUTO_TEST_SUITE(delivery)

BOOST_AUTO_TEST_CASE(nothing_is_lost_and_nothing_counts_twice_under_faults) {
  for (const auto seed : seeds()) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      World world(seed, {});
      BOOST_REQUIRE_NO_THROW(run(world, 3'000));
      BOOST_TEST(world.accepted_count() > 50u);
      BOOST_TEST(world.crashes_count() > 0u);
      BOOST_TEST(world.lost_count() > 0u);
      BOOST_TEST(world.doubled_count() > 0u);
      BOOST_TEST_MESSAGE("seed " << seed << ": " << world.passages_count() << " passages, "
                                 << world.accepted_count() << " technician-days, " << world.crashes_count()
                                 << " crashes, " << world.simulated().count() << " h simulated");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bad_network_only_delays) {
  WorldSettings settings;
  settings.loss = 0.5;
  settings.duplication = 0.4;
  settings.reordering = 0.6;
  World world(99, settings);
  BOOST_REQUIRE_NO_THROW(run(world, 1'500));
}

BOOST_AUTO_TEST_CASE(the_checks_notice_a_cloud_that_gives_receipts_before_its_commit) {
  WorldSettings settings;
  settings.receipt_before_commit = true;
  World world(7, settings);
  BOOST_CHECK_THROW(run(world, 3'000), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_run) {
  World first(5, {});
  World second(5, {});
  for (int i = 0; i < 500; ++i) {
    first.turn();
    second.turn();
  }
  BOOST_TEST(first.passages_count() == second.passages_count());
  BOOST_TEST(first.crashes_count() == second.crashes_count());
  BOOST_TEST(first.lost_count() == second.lost_count());
}

BOOST_AUTO_TEST_SUITE_END()
