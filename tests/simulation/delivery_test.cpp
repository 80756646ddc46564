// Accepted at a gate = registered once in the national record, whatever the network and the machines do in
// between. A failure prints its seed; SITEGATE_SEED=<seed> repeats it, SITEGATE_GATEWAY_DAYS=<n> makes it
// long.
#include <boost/test/unit_test.hpp>

#include <cstdlib>

#include "shared/base/log.hpp"
#include "tests/simulation/world.hpp"

using sitegate::tests::World;
using sitegate::tests::WorldSettings;

namespace {

std::vector<std::uint64_t> seeds() {
  if (const char* wanted = std::getenv("SITEGATE_SEED")) return {std::strtoull(wanted, nullptr, 10)};
  return {1, 2, 3, 4};
}

void run(World& world, int days) {
  world.run(days);
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
      BOOST_REQUIRE_NO_THROW(run(world, 20));
      const auto& counts = world.counts();
      BOOST_TEST(world.accepted_count() > 500u);
      BOOST_TEST(counts.typed > 0u);
      BOOST_TEST(counts.gateway_crashes > 0u);
      BOOST_TEST(counts.cloud_crashes > 0u);
      BOOST_TEST(counts.broker_crashes > 0u);
      BOOST_TEST(counts.lost > 0u);
      BOOST_TEST(counts.doubled > 0u);
      BOOST_TEST_MESSAGE("seed " << seed << ": " << counts.passages << " passages, " << world.accepted_count()
                                 << " technician-days, " << counts.outages << " outages, " << counts.restores
                                 << " restores");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bad_network_only_delays) {
  WorldSettings settings;
  settings.loss = 0.4;
  settings.duplication = 0.4;
  settings.latency_max = std::chrono::minutes(20);
  World world(99, settings);
  BOOST_REQUIRE_NO_THROW(run(world, 5));
}

BOOST_AUTO_TEST_CASE(a_cloud_that_came_back_from_a_backup_asks_for_what_it_lacks) {
  WorldSettings settings;
  settings.cloud_restores = 1;
  World world(3, settings);
  BOOST_REQUIRE_NO_THROW(run(world, 15));
  BOOST_TEST(world.counts().restores > 3u);
}

BOOST_AUTO_TEST_CASE(the_checks_notice_a_cloud_that_gives_receipts_before_its_commit) {
  WorldSettings settings;
  settings.receipt_before_commit = true;
  settings.cloud_restores = 0;
  World world(7, settings);
  BOOST_CHECK_THROW(run(world, 20), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_checks_notice_an_outbox_that_forgets_what_it_accepted) {
  WorldSettings settings;
  settings.forgetful_outbox = true;
  World world(7, settings);
  BOOST_CHECK_THROW(run(world, 20), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_run) {
  World first(5, {});
  World second(5, {});
  first.run(3);
  second.run(3);
  BOOST_TEST((first.counts() == second.counts()));
  BOOST_TEST(first.counts().messages > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
