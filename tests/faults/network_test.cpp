// Faults of the line and the broker (20, 22, 23, 24, 28, 31, 32) on the real programs and a real Mosquitto:
// people go on passing, and everything is registered once when the line works again. The line is a proxy that
// freezes, delays, cuts or answers by itself.
#include <fmt/format.h>

#include "tests/faults/flow.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

constexpr int people = 100;
const char* const settings =
    "[passage]\ndebounce_s = 0\n[publisher]\nreceipt_timeout_ms = 1000\nbatch_passages = 10\n";

/// The broker's port is known before the installation is: it stands behind the proxy.
struct Line {
  Line() {
    installation.emplace(InstallationSettings{.technicians = people, .edge_extra = settings});
    proxy.emplace(installation->broker().port());
    bring_roster(*installation);
    gate.emplace(installation->folder() / "edge.log");
    installation->use_edge_broker(fmt::format("mqtts://localhost:{}", proxy->port()));
    installation->start_edge({passing(*installation, people, 100'000, 20)});
    BOOST_REQUIRE(receipts_come());
  }
  Sequence receipted() { return installation->outbox()->receipted_through; }
  bool receipts_come() {
    const Sequence before = receipted();
    return wait_until([&] { return receipted() > before + 5; }, 150s);
  }
  bool records_more(std::size_t count) {
    const std::size_t wanted = gate->accepted().size() + count;
    return wait_until([&] { return gate->accepted().size() >= wanted; }, 60s);
  }
  void ends_well() {
    BOOST_TEST(installation->edge_running());
    BOOST_TEST(installation->cloud_running());
    BOOST_TEST(receipts_come());
    BOOST_TEST(installation->stop_edge() == 0);
    check_nothing_is_lost(*installation, *gate);
  }

  std::optional<Installation> installation;
  std::optional<TcpProxy> proxy;
  std::optional<LogReader> gate;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(network, Line)

BOOST_AUTO_TEST_CASE(a_half_open_connection_is_noticed_and_made_again) {
  const auto before = proxy->connections();
  proxy->freeze();
  BOOST_TEST(records_more(50));
  BOOST_TEST(wait_until([&] { return proxy->connections() > before; }, 120s));
  ends_well();
}

BOOST_AUTO_TEST_CASE(three_seconds_of_round_trip_only_delay) {
  proxy->delay(1'500ms);
  BOOST_TEST(receipts_come());
  BOOST_TEST(receipts_come());
  ends_well();
}

BOOST_AUTO_TEST_CASE(a_line_that_breaks_again_and_again_in_the_middle_of_messages) {
  Random chance(printed_seed());
  const auto before = proxy->connections();
  for (int cut = 0; cut < rounds(8); ++cut) {
    // A TLS greeting with two certificates is some 3,000 bytes: before, within and after the first batches.
    proxy->cut_after(500 + chance() % 12'000);
    const auto so_far = proxy->connections();
    BOOST_REQUIRE(wait_until([&] { return proxy->connections() > so_far; }, 120s));
  }
  BOOST_TEST(proxy->connections() >= before + static_cast<std::uint64_t>(rounds(8)));
  proxy->cut_after(0);
  ends_well();
}

BOOST_AUTO_TEST_CASE(a_captive_portal_is_not_taken_for_the_broker) {
  proxy->answer("HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\n\r\n");
  proxy->cut_after(1);  // the old connection ends with its next message
  BOOST_TEST(records_more(50));
  const auto before = proxy->connections();
  BOOST_TEST(wait_until([&] { return proxy->connections() >= before + 2; }, 120s));
  proxy->answer("");
  proxy->cut_after(0);
  ends_well();
}

BOOST_AUTO_TEST_CASE(a_broker_that_drops_what_its_queue_cannot_hold_while_the_cloud_is_down) {
  installation->broker().stop();
  installation->broker().set("max_queued_messages", "5");
  installation->broker().start();
  installation->kill_cloud();
  BOOST_TEST(records_more(300));  // some thirty batches
  installation->start_cloud();
  ends_well();
}

BOOST_AUTO_TEST_SUITE_END()
