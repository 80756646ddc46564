// Accepted at a gate = registered once in the national record, whatever the network and the machines do in
// between. A failure prints its seed; SITEGATE_SEED=<seed> repeats it, SITEGATE_GATEWAY_DAYS=<n> makes it
// long.
#include <boost/test/unit_test.hpp>

#include <algorithm>
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

/// A broken promise ends the test with its words.
void holds(World& world, int days) {
  try {
    run(world, days);
  } catch (const std::runtime_error& broken) {
    BOOST_FAIL(broken.what());
  }
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
      holds(world, 20);
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
  holds(world, 5);
}

BOOST_AUTO_TEST_CASE(a_cloud_that_came_back_from_a_backup_asks_for_what_it_lacks) {
  WorldSettings settings;
  settings.cloud_restores = 1;
  World world(3, settings);
  holds(world, 15);
  BOOST_TEST(world.counts().restores > 3u);
}

BOOST_AUTO_TEST_CASE(nothing_is_missing_at_the_end_of_a_world_whose_disks_last) {
  World world(11, {});
  holds(world, 10);
  BOOST_TEST(world.gaps().nothing_missing());
  BOOST_TEST(world.gaps().conflicts.empty());
  BOOST_TEST(world.counts().epochs_begun == 0u);
}

BOOST_AUTO_TEST_CASE(an_old_copy_of_a_gateways_disk_is_found_out_and_goes_on_in_another_epoch) {
  for (const auto seed : seeds()) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      WorldSettings settings;
      settings.gateways = 2;
      settings.disk_backups = 0.5;
      settings.disk_restores = 0.4;
      settings.cloud_restores = 0.2;
      World world(seed, settings);
      holds(world, 12);
      BOOST_TEST(world.counts().disk_restores > 3u);
      BOOST_TEST(world.counts().epochs_begun > 0u);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_registered_under_an_earlier_epoch_is_recognised) {
  WorldSettings settings;
  settings.disk_backups = 1;
  settings.disk_restores = 1;
  settings.typed_every = 2;
  settings.loss = 0.3;
  settings.cloud_restores = 0;
  World world(21, settings);
  holds(world, 20);
  BOOST_TEST(world.counts().known_before > 0u);
}

BOOST_AUTO_TEST_CASE(two_gateways_with_one_identity_lose_nothing_and_are_shown) {
  bool seen_alive = false;  // both; a clone of the last minutes is shown as a contradiction only
  for (const auto seed : {1, 3}) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      WorldSettings settings;
      settings.gateways = 2;
      settings.clones = 0.07;
      settings.cloud_restores = 0;
      World world(static_cast<std::uint64_t>(seed), settings);
      holds(world, 10);
      BOOST_TEST(world.counts().clones > 0u);
      BOOST_TEST(world.counts().epochs_begun > 0u);
      const auto conflicts = world.gaps().conflicts;
      BOOST_TEST(!conflicts.empty());
      for (const auto& one : conflicts) seen_alive = seen_alive || one.two_gateways();
    }
  }
  BOOST_TEST(seen_alive);
}

BOOST_AUTO_TEST_CASE(an_empty_disk_under_the_same_identity_leaves_the_old_remainder_listed) {
  WorldSettings settings;
  settings.reinstalls = 0.2;
  settings.gateway_outages = 0.5;
  settings.cloud_restores = 0;
  World world(2, settings);
  holds(world, 20);
  BOOST_TEST(world.counts().reinstalls > 3u);
  const auto report = world.gaps();
  for (const auto& gap : report.gaps) BOOST_TEST(gap.epoch_ended.has_value());
}

BOOST_AUTO_TEST_CASE(everything_at_once) {
  for (const auto seed : seeds()) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      WorldSettings settings;
      settings.gateways = 2;
      settings.disk_backups = 0.4;
      settings.disk_restores = 0.2;
      settings.clones = 0.03;
      settings.reinstalls = 0.1;
      settings.cloud_restores = 0.3;
      World world(seed, settings);
      holds(world, 12);
    }
  }
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
