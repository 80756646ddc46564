// A relay that is away, slow, silent or mad: asking for an opening never waits, late openings are given up,
// and the next good one works.
#include <boost/test/unit_test.hpp>

#include "tests/devices/barrier/barrier_fixture.hpp"
#include "tests/support/free_port.hpp"

namespace sitegate::devices::barrier {
namespace {

const std::string flash = "timer=flash&pulse_ms=100&timeout_ms=100";

double seconds_to_ask(Barrier& barrier) {
  const auto start = std::chrono::steady_clock::now();
  barrier.open("1");
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

bool has_missed(const Barrier& barrier, std::uint64_t count) {
  return tests::wait_until([&] { return barrier.health().missed >= count; }, patience);
}

void check_fault(RelayFault fault, std::string_view error) {
  VirtualRelay relay(RelayFamily::flash);
  const auto barrier = barrier_at(relay.port(), flash);
  BOOST_REQUIRE(becomes_ready(*barrier));
  relay.set_fault(fault);
  BOOST_TEST(seconds_to_ask(*barrier) < 0.05);
  BOOST_TEST(has_missed(*barrier, 1));
  BOOST_TEST(barrier->health().last_error.find(error) != std::string::npos, barrier->health().last_error);
  BOOST_TEST(!barrier->health().ready);
  relay.set_fault(RelayFault::none);
  BOOST_TEST(becomes_ready(*barrier));
  BOOST_TEST(barrier->open("1"));
  BOOST_TEST(has_opened(*barrier, 1));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(barrier_faults)

BOOST_AUTO_TEST_CASE(silent) {
  check_fault(RelayFault::silent, "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(slow) {
  check_fault(RelayFault::slow, "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(garbage) {
  check_fault(RelayFault::garbage, "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(refusing) {
  check_fault(RelayFault::refusing, "refuses the command");
}

BOOST_AUTO_TEST_CASE(a_relay_switched_off_and_on_opens_at_the_next_asking) {
  auto relay = std::make_unique<VirtualRelay>(RelayFamily::flash);
  const auto port = relay->port();
  const auto barrier = barrier_at(port, flash);
  BOOST_REQUIRE(becomes_ready(*barrier));
  for (std::uint64_t round = 1; round <= 5; ++round) {
    BOOST_TEST(barrier->open("1"));
    BOOST_REQUIRE(has_opened(*barrier, round));
    relay.reset();
    relay = std::make_unique<VirtualRelay>(RelayFamily::flash, port);
  }
  BOOST_TEST(barrier->health().missed == 0u);
}

BOOST_AUTO_TEST_CASE(nobody_there_is_said_and_tried_again) {
  const auto port = tests::free_port();
  const auto barrier = barrier_at(port, flash);
  BOOST_TEST(tests::wait_until([&] { return barrier->health().failures >= 2; }));
  BOOST_TEST(barrier->health().last_error.find("cannot be reached") != std::string::npos);
  BOOST_TEST(seconds_to_ask(*barrier) < 0.05);
  BOOST_TEST(has_missed(*barrier, 1));
  VirtualRelay relay(RelayFamily::flash, port);
  BOOST_TEST(becomes_ready(*barrier));
  BOOST_TEST(relay.pulses().empty());  // the person went away: the gate does not open for the next one
}

BOOST_AUTO_TEST_CASE(a_late_opening_is_given_up) {
  ManualClock clock(UtcTime{std::chrono::hours(500'000)});
  VirtualRelay relay(RelayFamily::flash);
  auto opened = open_barrier(
      "barrier+modbus://127.0.0.1:" + std::to_string(relay.port()) + "?timer=flash&timeout_ms=1000",
      ReaderSurroundings{clock, {}});
  BOOST_REQUIRE(opened);
  auto& barrier = *opened.value();
  BOOST_REQUIRE(becomes_ready(barrier));
  relay.set_fault(RelayFault::silent);
  BOOST_TEST(barrier.open("1"));
  const auto requests = relay.requests();
  BOOST_REQUIRE(tests::wait_until([&] { return relay.requests() > requests; }));
  BOOST_TEST(barrier.open("1"));  // waits behind the one that hangs
  clock.advance(std::chrono::seconds(4));
  relay.set_fault(RelayFault::none);
  BOOST_TEST(has_missed(barrier, 2));
  BOOST_TEST(barrier.health().opened == 0u);
}

BOOST_AUTO_TEST_CASE(the_queue_is_bounded) {
  VirtualRelay relay(RelayFamily::flash);
  const auto barrier = barrier_at(relay.port(), "timer=flash&timeout_ms=2000");
  BOOST_REQUIRE(becomes_ready(*barrier));
  relay.set_fault(RelayFault::silent);
  int taken = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) taken += barrier->open("1") ? 1 : 0;
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::milliseconds(500)));
  BOOST_TEST(taken >= 16);
  BOOST_TEST(taken <= 17);
  BOOST_TEST(barrier->health().missed >= 83u);
}

BOOST_AUTO_TEST_CASE(a_timer_that_is_not_kept_is_refused) {
  VirtualRelay relay(RelayFamily::preset);
  relay.set_fault(RelayFault::forgetful);
  const auto barrier = barrier_at(relay.port(), "timer=preset:100");
  BOOST_TEST(tests::wait_until([&] { return barrier->health().failures >= 1; }));
  BOOST_TEST(
      barrier->health().last_error.find("timer register 100 says 0 after 5 was written") != std::string::npos,
      barrier->health().last_error);
  BOOST_TEST(barrier->open("1"));
  BOOST_TEST(has_missed(*barrier, 1));
  BOOST_TEST(relay.pulses().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::barrier
