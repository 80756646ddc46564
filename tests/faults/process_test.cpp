// Faults of processes and their surroundings (8, 9, 10, 11, 17, 41) on the real programs.
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>

#include "tests/faults/flow.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

constexpr int people = 100;

/// The sanitizers look at memory through pipes: without descriptors they see damage everywhere.
boost::test_tools::assertion_result built_without_sanitizers(boost::unit_test::test_unit_id) {
#ifdef __SANITIZE_ADDRESS__
  boost::test_tools::assertion_result result(false);
  result.message() << "AddressSanitizer needs file descriptors of its own; run it with --preset release";
  return result;
#else
  return true;
#endif
}

struct Running {
  Running() {
    bring_roster(installation);
    installation.start_edge({passing(installation, people, 100'000, 20)});
    BOOST_REQUIRE(receipts_come());
  }
  Sequence receipted() { return installation.outbox()->receipted_through; }
  bool receipts_come() {
    const Sequence before = receipted();
    return wait_until([&] { return receipted() > before + 5; }, 150s);
  }
  bool records_more(std::size_t count) {
    const std::size_t wanted = gate.accepted().size() + count;
    return wait_until([&] { return gate.accepted().size() >= wanted; }, 60s);
  }
  bool broker_says(const std::string& text, std::size_t times) {
    const auto count = [&] {
      const std::string log = installation.broker().log();
      std::size_t found = 0;
      for (auto at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) ++found;
      return found;
    };
    return wait_until([&] { return count() >= times; }, 120s);
  }
  void ends_well() {
    BOOST_TEST(receipts_come());
    BOOST_TEST(installation.stop_edge() == 0);
    check_nothing_is_lost(installation, gate);
  }

  Installation installation{
      {.technicians = people,
       .edge_extra =
           "[passage]\ndebounce_s = 0\n[publisher]\nreceipt_timeout_ms = 1000\nbatch_passages = 10\n"}};
  LogReader gate{installation.folder() / "edge.log"};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(process, Running)

BOOST_AUTO_TEST_CASE(a_gateway_that_stood_still_until_the_broker_gave_it_up_goes_on) {
  ::kill(installation.edge_pid(), SIGSTOP);
  BOOST_TEST(broker_says("Client gate-1 has exceeded timeout", 1));
  ::kill(installation.edge_pid(), SIGCONT);
  ends_well();
}

BOOST_AUTO_TEST_CASE(a_cloud_that_stood_still_until_the_broker_gave_it_up_goes_on) {
  ::kill(installation.cloud_pid(), SIGSTOP);
  BOOST_TEST(records_more(50));
  BOOST_TEST(broker_says("Client cloud has exceeded timeout", 1));
  ::kill(installation.cloud_pid(), SIGCONT);
  ends_well();
}

BOOST_AUTO_TEST_CASE(without_file_descriptors_it_records_and_sends_when_there_are_some,
                     *boost::unit_test::precondition(built_without_sanitizers)) {
  rlimit normal{};
  BOOST_REQUIRE(::prlimit(installation.edge_pid(), RLIMIT_NOFILE, nullptr, &normal) == 0);
  const rlimit none{3, normal.rlim_max};
  BOOST_REQUIRE(::prlimit(installation.edge_pid(), RLIMIT_NOFILE, &none, nullptr) == 0);
  installation.broker().kill();
  installation.broker().start();
  BOOST_TEST(records_more(100));
  const Sequence before = receipted();
  BOOST_TEST(records_more(50));
  BOOST_TEST(receipted() == before);  // no descriptor for a connection
  BOOST_REQUIRE(::prlimit(installation.edge_pid(), RLIMIT_NOFILE, &normal, nullptr) == 0);
  ends_well();
}

BOOST_AUTO_TEST_CASE(a_second_gateway_on_the_same_folder_ends_and_harms_nothing) {
  const TemporaryFolder folder;
  const char* programs = std::getenv("SITEGATE_BIN");
  ChildProcess second({std::string(programs == nullptr ? "." : programs) + "/sitegate-edge", "--settings",
                       (installation.folder() / "gateway.toml").string()},
                      folder / "second.log");
  BOOST_TEST(second.wait() == 1);
  LogReader log(folder / "second.log");
  BOOST_TEST(log.says("another process has this outbox open"));
  BOOST_TEST(records_more(20));
  ends_well();
}

BOOST_AUTO_TEST_CASE(readers_that_were_killed_while_reading_block_nothing) {
  for (int time = 0; time < rounds(10); ++time) {
    const char* programs = std::getenv("SITEGATE_BIN");
    ChildProcess inspector({std::string(programs == nullptr ? "." : programs) + "/sitegate", "inspect",
                            "outbox", installation.outbox_folder()},
                           installation.folder() / "inspector.log");
    BOOST_TEST(records_more(1));
    inspector.signal(SIGKILL);
    inspector.wait();
  }
  ends_well();
}

BOOST_AUTO_TEST_CASE(an_outbox_removed_beneath_the_gateway_takes_nothing_more_and_is_sent_to_its_end) {
  std::filesystem::remove(std::filesystem::path(installation.outbox_folder()) / "data.mdb");
  gate.forget();
  BOOST_REQUIRE(wait_until([&] { return gate.says("storage failed"); }, 60s));
  LogReader cloud(installation.folder() / "cloud.log");
  BOOST_TEST(wait_until([&] { return cloud.says("the outbox's file was removed"); }, 60s));
  const std::size_t told = gate.accepted().size();
  const auto registered_all = [&] {
    const auto positions = installation.records()->positions().value();
    return std::ranges::any_of(
        positions, [&](const auto& position) { return position.watermark >= *gate.accepted().rbegin(); });
  };
  BOOST_TEST(wait_until(registered_all, 60s));
  BOOST_TEST(gate.accepted().size() == told);
  BOOST_TEST(installation.stop_edge() == 0);
  installation.start_edge({passing(installation, people, 1'000, 20)});  // a new outbox: a new epoch
  BOOST_TEST(wait_until([&] { return gate.accepted().contains(1); }, 60s));
  BOOST_TEST(wait_until([&] { return receipted() > 0; }, 60s));
}

BOOST_AUTO_TEST_SUITE_END()
