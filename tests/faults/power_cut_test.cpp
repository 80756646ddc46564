// Faults 1 and 2: the power of the gateway's disk is cut a hundred times at random moments while people pass.
// Everybody who was told "accepted" is in the outbox afterwards, and in the end registered, once.
#include <boost/test/unit_test.hpp>

#include "tests/faults/flow.hpp"
#include "tests/support/loop_file_system.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

constexpr int people = 100;

}  // namespace

BOOST_AUTO_TEST_SUITE(power_cut)

BOOST_AUTO_TEST_CASE(accepted_passages_survive_a_hundred_power_cuts,
                     *boost::unit_test::precondition(has_loop_file_systems)) {
  Random chance(printed_seed());
  const LoopFileSystem disk(64);
  Installation installation({.technicians = people,
                             .edge_extra =
                                 "[passage]\ndebounce_s = 0\n[publisher]\nreceipt_timeout_ms = 500\n"
                                 "batch_passages = 10\n",
                             .edge_data = disk.path() / "edge"});
  bring_roster(installation);
  LogReader gate(installation.folder() / "edge.log");
  for (int cut = 1; cut <= rounds(100); ++cut) {
    const std::size_t wanted = gate.accepted().size() + chance() % 40 + 1;
    installation.start_edge({passing(installation, people, 10'000, 5)});
    BOOST_REQUIRE(wait_until([&] { return gate.accepted().size() >= wanted; }, 60s));
    disk.cut_power();
    installation.kill_edge();
    BOOST_REQUIRE(wait_until([&] { return disk.unmount(); }));
    disk.mount();
    BOOST_TEST_CONTEXT("cut " << cut) {
      check_told_are_kept(installation, gate.accepted());
    }
  }
  check_nothing_is_lost(installation, gate);
}

BOOST_AUTO_TEST_SUITE_END()
