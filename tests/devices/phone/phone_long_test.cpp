// Two minutes of 200 calls a second from sipp: all recorded, none twice, nothing grows.
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>

#include "tests/devices/phone/phone_fixture.hpp"
#include "tests/devices/phone/sipp.hpp"

namespace sitegate::devices::phone {
namespace {

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(phone_long, *boost::unit_test::precondition(Installed("sipp")))

BOOST_AUTO_TEST_CASE(two_minutes_of_200_calls_a_second) {
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
