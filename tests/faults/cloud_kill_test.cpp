// Faults 1, 15 and 30 at the cloud: killed a hundred times in the middle of a random fsync or head write of
// its store while people pass. No receipt was ever ahead of the store, and in the end everything is
// registered once.
#include <boost/test/unit_test.hpp>

#include "tests/faults/flow.hpp"
#include "tests/support/disk_faults.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

constexpr int people = 1'000;

Sequence watermark(const Installation& installation, Epoch epoch) {
  const auto position = installation.records()->position(Installation::gateway(), epoch).value();
  return position ? position->watermark : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cloud_kill)

BOOST_AUTO_TEST_CASE(histories_survive_a_hundred_kills_at_random_fsyncs) {
  Random chance(printed_seed());
  const TemporaryFolder folder;
  const DiskFaults disk(folder / "switches", folder / "store");
  Installation installation({.technicians = people,
                             .edge_extra =
                                 "[passage]\ndebounce_s = 0\n[publisher]\nreceipt_timeout_ms = 300\n"
                                 "batch_passages = 5\n",
                             .store = folder / "store",
                             .cloud_prefix = disk.command()});
  bring_roster(installation);
  LogReader gate(installation.folder() / "edge.log");
  installation.start_edge({passing(installation, people, 200'000, 20)});
  for (int kill = 1; kill <= rounds(100); ++kill) {
    disk.switches().kill_after_syncs = static_cast<std::int64_t>(chance() % 8 + 1);
    BOOST_REQUIRE(wait_until([&] { return !installation.cloud_running(); }, 60s));
    BOOST_REQUIRE(installation.edge_running());
    const auto outbox = installation.outbox();
    BOOST_TEST_CONTEXT("kill " << kill) {
      BOOST_TEST(outbox->receipted_through <= watermark(installation, outbox->epoch));
    }
    installation.start_cloud();
  }
  BOOST_TEST(disk.switches().kill_after_syncs == 0);
  BOOST_TEST(installation.stop_edge() == 0);
  check_nothing_is_lost(installation, gate);
}

BOOST_AUTO_TEST_SUITE_END()
