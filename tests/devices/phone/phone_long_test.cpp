// What takes its time: two minutes of 200 calls a second from sipp, all recorded, none twice, nothing grows;
// and connections that time out.
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

#include "tests/devices/phone/phone_fixture.hpp"
#include "tests/devices/phone/sipp.hpp"
#include "tests/support/raw_peer.hpp"

namespace sitegate::devices::phone {
namespace {

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(phone_long)

// libre gives a connection 32 s for its first whole message.
BOOST_AUTO_TEST_CASE(connections_that_say_nothing_or_half_a_message_are_given_up) {
  const PhoneGate gate;
  const tests::RawPeer silent(gate.port());
  tests::RawPeer half(gate.port());
  half.send("INVITE sip:0312345678@gate SIP/2.0\r\n");
  BOOST_TEST(tests::wait_until(
      [&gate] { return gate.health().state.find("; 2 connections given up") != std::string::npos; },
      std::chrono::seconds(60)));
  BOOST_TEST(half.receive_all().empty());
  BOOST_TEST(half.closed());
  BOOST_TEST(gate.call().status == 603);
}

BOOST_AUTO_TEST_CASE(two_minutes_of_200_calls_a_second, *boost::unit_test::precondition(Installed("sipp"))) {
  const PhoneGate gate("numbers=%2B81312345678:gate=1:entry");
  constexpr std::size_t calls = 24'000;
  const auto before = cpu_seconds();
  BOOST_TEST(Sipp().call(gate.address(), trunk_scenario("603"), 200, calls) == 0);
  BOOST_TEST_MESSAGE("cpu share of one core, fixture included: " << (cpu_seconds() - before) / 120);
  BOOST_TEST(gate.reads().size() == calls);
  BOOST_TEST(different(gate.recorded()) == calls);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
