// Faults 4, 5, 6 and 7 at the gateway, on the real program: while the disk is full, fails or is read-only
// nobody is told "accepted", the gate's display and the health message say why, the program runs on, and it
// records again by itself.
#include <boost/test/unit_test.hpp>

#include <cerrno>

#include "tests/faults/flow.hpp"
#include "tests/support/disk_faults.hpp"
#include "tests/support/loop_file_system.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

constexpr int people = 100;
const char* const settings = "[passage]\ndebounce_s = 0\n[publisher]\nreceipt_timeout_ms = 500\n";

struct GateTrial {
  explicit GateTrial(InstallationSettings wanted) : installation(std::move(wanted)) {
    bring_roster(installation);
    installation.start_edge({passing(installation, people, 100'000, 10)});
    BOOST_REQUIRE(records_more(20));
  }
  bool records_more(std::size_t count) {
    const std::size_t wanted = gate.accepted().size() + count;
    return wait_until([&] { return gate.accepted().size() >= wanted; }, 60s);
  }
  /// The gate says `at_gate`, the cloud hears it from the gateway's health message, and nobody is accepted
  /// any more.
  void refuses(const std::string& at_gate, const std::string& in_health) {
    gate.forget();
    cloud.forget();
    BOOST_REQUIRE(wait_until([&] { return gate.says(at_gate); }, 120s));
    BOOST_REQUIRE(wait_until([&] { return cloud.says("gateway reports a problem"); }, 60s));
    BOOST_TEST(cloud.says(in_health));
    const std::size_t before = gate.accepted().size();
    gate.forget();
    BOOST_REQUIRE(wait_until([&] { return gate.says(at_gate); }, 60s));
    BOOST_TEST(gate.accepted().size() == before);
    BOOST_TEST(installation.edge_running());
  }
  void ends_well() {
    BOOST_TEST(records_more(20));
    BOOST_TEST(installation.stop_edge() == 0);
    check_nothing_is_lost(installation, gate);
  }

  Installation installation;
  LogReader gate{installation.folder() / "edge.log"};
  LogReader cloud{installation.folder() / "cloud.log"};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(edge_disk)

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_goes_on_sending_and_records_again_when_there_is_room,
                     *boost::unit_test::precondition(has_loop_file_systems)) {
  const LoopFileSystem disk(48);
  GateTrial site({.technicians = people, .edge_extra = settings, .edge_data = disk.path() / "edge"});
  disk.fill();
  site.refuses("storage is full", "No space left");
  BOOST_TEST(
      wait_until([&] { return drained(site.installation); }, 60s));  // what was accepted leaves all the same
  disk.free_room();
  site.ends_well();
}

BOOST_AUTO_TEST_CASE(a_failed_fsync_refuses_until_the_disk_takes_a_commit) {
  const TemporaryFolder folder;
  const DiskFaults disk(folder / "switches", folder / "edge");
  GateTrial site({.technicians = people,
                  .edge_extra = settings,
                  .edge_data = folder / "edge",
                  .edge_prefix = disk.command()});
  for (int time = 0; time < 2; ++time) {
    disk.switches().sync_error = EIO;
    site.refuses("storage failed", "Input/output error");
    disk.switches().sync_error = 0;
    BOOST_TEST(site.records_more(10));
  }
  site.ends_well();
}

BOOST_AUTO_TEST_CASE(a_disk_that_became_read_only_is_repaired_beneath_the_running_gateway,
                     *boost::unit_test::precondition(has_loop_file_systems)) {
  const LoopFileSystem disk(48);
  GateTrial site({.technicians = people, .edge_extra = settings, .edge_data = disk.path() / "edge"});
  disk.fail_and_become_read_only();
  site.refuses("storage failed", "problem=");
  BOOST_REQUIRE(wait_until([&] { return disk.unmount(); }, 60s));
  disk.mount();
  site.ends_well();
}

BOOST_AUTO_TEST_CASE(started_on_a_read_only_disk_it_waits_for_its_repair,
                     *boost::unit_test::precondition(has_loop_file_systems)) {
  const LoopFileSystem disk(48);
  GateTrial site({.technicians = people, .edge_extra = settings, .edge_data = disk.path() / "edge"});
  BOOST_REQUIRE(site.installation.stop_edge() == 0);
  disk.fail_and_become_read_only();
  site.gate.forget();
  site.installation.start_edge({passing(site.installation, people, 100'000, 10)});
  for (int time = 0; time < 2; ++time) {
    BOOST_REQUIRE(wait_until([&] { return site.gate.says("cannot start yet"); }, 60s));
    site.gate.forget();
  }
  BOOST_REQUIRE(wait_until([&] { return disk.unmount(); }, 60s));
  disk.mount();
  site.ends_well();
}

BOOST_AUTO_TEST_CASE(a_fsync_that_takes_seconds_delays_and_loses_nothing) {
  const TemporaryFolder folder;
  const DiskFaults disk(folder / "switches", folder / "edge");
  GateTrial site({.technicians = people,
                  .edge_extra = settings,
                  .edge_data = folder / "edge",
                  .edge_prefix = disk.command()});
  disk.switches().sync_delay_ms = 10'000;
  const auto syncs = disk.switches().syncs.load();
  BOOST_REQUIRE(wait_until([&] { return disk.switches().syncs >= syncs + 3; }, 60s));
  disk.switches().sync_delay_ms = 0;
  site.ends_well();
}

BOOST_AUTO_TEST_SUITE_END()
