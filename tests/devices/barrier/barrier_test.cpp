// Openings through a relay: MODBUS Application Protocol V1.1b3 6.1, 6.3, 6.5, 6.6, and the timers of relay
// families.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/devices/barrier/barrier_fixture.hpp"

namespace sitegate::devices::barrier {
namespace {

double milliseconds(const VirtualRelay::Pulse& pulse) {
  return std::chrono::duration<double, std::milli>(pulse.until - pulse.from).count();
}

// One opening, and the relay ends it with nobody there.
void check_one_pulse(RelayFamily family, const std::string& query, std::uint16_t coil, double expected_ms) {
  VirtualRelay relay(family);
  {
    const auto barrier = barrier_at(relay.port(), query);
    BOOST_REQUIRE(becomes_ready(*barrier));
    BOOST_TEST(barrier->open("1"));
    BOOST_REQUIRE(has_opened(*barrier, 1));
    BOOST_TEST(relay.coil(coil));
  }  // the gateway is gone in the middle of the pulse
  const auto requests = relay.requests();
  BOOST_TEST(tests::wait_until([&] { return !relay.coil(coil); }));
  BOOST_TEST(relay.requests() == requests);
  BOOST_REQUIRE(relay.pulses().size() == 1u);
  BOOST_TEST(std::abs(milliseconds(relay.pulses()[0]) - expected_ms) < 5);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(barrier)

BOOST_AUTO_TEST_CASE(flash_command) {
  check_one_pulse(RelayFamily::flash, "timer=flash&coil=3&pulse_ms=700", 3, 700);
}

BOOST_AUTO_TEST_CASE(command_register) {
  check_one_pulse(RelayFamily::command,
                  "timer=command:0&timer_base=0x0600&timer_unit_ms=1000&pulse_ms=1000&coil=2", 2, 1000);
}

BOOST_AUTO_TEST_CASE(preset_register) {
  check_one_pulse(RelayFamily::preset, "timer=preset:100&coil=1&pulse_ms=500", 1, 500);
}

BOOST_AUTO_TEST_CASE(several_gates_at_one_relay) {
  VirtualRelay relay(RelayFamily::flash);
  const auto barrier = barrier_at(relay.port(), "timer=flash&coils=north:0,south:1");
  BOOST_REQUIRE(becomes_ready(*barrier));
  BOOST_TEST(barrier->open("south"));
  BOOST_TEST(barrier->open("north"));
  BOOST_TEST(!barrier->open("1"));
  BOOST_REQUIRE(has_opened(*barrier, 2));
  BOOST_REQUIRE(relay.pulses().size() == 2u);
  BOOST_TEST(relay.pulses()[0].coil == 1);
  BOOST_TEST(relay.pulses()[1].coil == 0);
  const auto health = barrier->health();
  BOOST_TEST(health.asked == 2u);
  BOOST_TEST(health.missed == 0u);
  BOOST_TEST(health.last_opened.has_value());
  BOOST_TEST(health.state.find(": ready") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(permitted_without_a_timer_we_close) {
  VirtualRelay relay(RelayFamily::plain);
  relay.set_coil(0, true);  // as a gateway that died in a pulse left it
  const auto barrier = barrier_at(relay.port(), "timer=none&untimed=permitted&pulse_ms=200");
  BOOST_REQUIRE(becomes_ready(*barrier));
  BOOST_TEST(!relay.coil(0));
  BOOST_TEST(barrier->open("1"));
  BOOST_REQUIRE(has_opened(*barrier, 1));
  BOOST_TEST(!relay.coil(0));
  BOOST_REQUIRE(relay.pulses().size() == 2u);
  BOOST_TEST(milliseconds(relay.pulses()[1]) >= 199);
  BOOST_TEST(milliseconds(relay.pulses()[1]) < 2000);
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_set_and_fed) {
  VirtualRelay relay(RelayFamily::flash);
  const auto barrier = barrier_at(relay.port(), "timer=flash&fail=safe&watchdog=register:8&watchdog_s=3");
  BOOST_REQUIRE(becomes_ready(*barrier));
  BOOST_TEST(relay.reg(8) == 3);
  const auto requests = relay.requests();
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(tests::wait_until([&] { return relay.requests() >= requests + 3; }));
  BOOST_TEST(
      (std::chrono::steady_clock::now() - start < std::chrono::seconds(9)));  // three within its time each
}

BOOST_AUTO_TEST_CASE(a_gate_held_open_is_closed_and_said) {
  VirtualRelay relay(RelayFamily::flash);
  const auto barrier = barrier_at(relay.port(), "timer=flash&pulse_ms=100");
  BOOST_REQUIRE(becomes_ready(*barrier));
  relay.set_coil(0, true);
  BOOST_TEST(tests::wait_until(
      [&] { return barrier->health().last_error.find("stands open") != std::string::npos; }));
  BOOST_TEST(tests::wait_until([&] { return !relay.coil(0); }));
  BOOST_TEST(becomes_ready(*barrier));
}

BOOST_AUTO_TEST_CASE(delay_of_200_openings) {
  VirtualRelay relay(RelayFamily::flash);
  const auto barrier = barrier_at(relay.port(), "timer=flash&pulse_ms=100");
  BOOST_REQUIRE(becomes_ready(*barrier));
  std::vector<std::int64_t> delays;
  for (std::uint64_t count = 1; count <= 200; ++count) {
    BOOST_REQUIRE(barrier->open("1"));
    BOOST_REQUIRE(has_opened(*barrier, count));
    delays.push_back(barrier->health().last_delay.count());
  }
  std::sort(delays.begin(), delays.end());
  BOOST_TEST_MESSAGE("open() to the relay's confirmation: median " << delays[100] << " us, 99 % "
                                                                   << delays[197] << " us");
  BOOST_TEST(delays[100] < 100'000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::barrier
