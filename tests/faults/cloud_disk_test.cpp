// Faults 4, 5 and 6 at the cloud, on the real program: while its disk is full, fails or is read-only it gives
// no receipt and says why, runs on, and registers everything once the disk works again.
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

struct CloudTrial {
  explicit CloudTrial(InstallationSettings wanted) : installation(std::move(wanted)) {
    bring_roster(installation);
    installation.start_edge({passing(installation, people, 100'000, 20)});
    BOOST_REQUIRE(registers_more());
  }
  Sequence receipted() { return installation.outbox()->receipted_through; }
  bool registers_more() {
    const Sequence before = receipted();
    return wait_until([&] { return receipted() > before + 10; }, 90s);
  }
  /// It says so in its log, and no receipt goes out.
  void refuses() {
    cloud.forget();
    BOOST_REQUIRE(wait_until([&] { return cloud.says("nothing can be registered"); }, 120s));
    const Sequence before = receipted();
    cloud.forget();
    BOOST_REQUIRE(wait_until([&] { return cloud.says("nothing can be registered"); }, 60s));
    BOOST_TEST(receipted() == before);
    BOOST_TEST(installation.cloud_running());
  }
  void ends_well() {
    BOOST_TEST(registers_more());
    BOOST_TEST(installation.stop_edge() == 0);
    check_nothing_is_lost(installation, gate);
  }

  Installation installation;
  LogReader gate{installation.folder() / "edge.log"};
  LogReader cloud{installation.folder() / "cloud.log"};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cloud_disk)

BOOST_AUTO_TEST_CASE(a_full_disk_stops_receipts_until_there_is_room,
                     *boost::unit_test::precondition(has_loop_file_systems)) {
  const LoopFileSystem disk(48);
  CloudTrial site({.technicians = people, .edge_extra = settings, .store = disk.path() / "store"});
  disk.fill();
  site.refuses();
  disk.free_room();
  site.ends_well();
}

BOOST_AUTO_TEST_CASE(a_failed_fsync_stops_receipts_until_the_disk_takes_a_commit) {
  const TemporaryFolder folder;
  const DiskFaults disk(folder / "switches", folder / "store");
  CloudTrial site({.technicians = people,
                   .edge_extra = settings,
                   .store = folder / "store",
                   .cloud_prefix = disk.command()});
  for (int time = 0; time < 2; ++time) {
    disk.switches().sync_error = EIO;
    site.refuses();
    disk.switches().sync_error = 0;
    BOOST_TEST(site.registers_more());
  }
  site.ends_well();
}

BOOST_AUTO_TEST_CASE(a_disk_that_became_read_only_is_repaired_beneath_the_running_cloud,
                     *boost::unit_test::precondition(has_loop_file_systems)) {
  const LoopFileSystem disk(48);
  CloudTrial site({.technicians = people, .edge_extra = settings, .store = disk.path() / "store"});
  disk.fail_and_become_read_only();
  site.refuses();
  BOOST_REQUIRE(wait_until([&] { return disk.unmount(); }, 60s));
  disk.mount();
  site.ends_well();
}

BOOST_AUTO_TEST_CASE(started_on_a_read_only_disk_it_waits_for_its_repair,
                     *boost::unit_test::precondition(has_loop_file_systems)) {
  const LoopFileSystem disk(48);
  CloudTrial site({.technicians = people, .edge_extra = settings, .store = disk.path() / "store"});
  BOOST_REQUIRE(site.installation.stop_cloud() == 0);
  disk.fail_and_become_read_only();
  site.cloud.forget();
  site.installation.start_cloud();
  for (int time = 0; time < 2; ++time) {
    BOOST_REQUIRE(wait_until([&] { return site.cloud.says("cannot start yet"); }, 60s));
    site.cloud.forget();
  }
  BOOST_REQUIRE(wait_until([&] { return disk.unmount(); }, 60s));
  disk.mount();
  site.ends_well();
}

BOOST_AUTO_TEST_SUITE_END()
