// GPIO: settings, and a machine without the chip. (A real line or gpio-sim is needed for more.)
#include "devices/barrier/gpio_line.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/devices/barrier/barrier_fixture.hpp"

namespace sitegate::devices::barrier {
namespace {

std::string refusal(const std::string& url) {
  const auto settings = gpio_settings(parse_url(url).value());
  return settings ? "" : settings.error().text();
}

bool says(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gpio_line)

BOOST_AUTO_TEST_CASE(settings) {
  const auto known = gpio_settings(
      parse_url("barrier+gpio://gpiochip0?line=17&timer=hardware&active_low=yes&pulse_ms=300").value());
  BOOST_REQUIRE(known);
  BOOST_TEST(known.value().chip == "gpiochip0");
  BOOST_TEST(known.value().line == 17u);
  BOOST_TEST(known.value().active_low);
  BOOST_TEST(known.value().pulse_ms == 300u);
  BOOST_TEST(says(refusal("barrier+gpio://gpiochip0?line=17"), "untimed=permitted"));
  BOOST_TEST(says(refusal("barrier+gpio://gpiochip0?timer=hardware"), "line"));
  BOOST_TEST(says(refusal("barrier+gpio:?line=17&timer=hardware"), "chip"));
  BOOST_TEST(says(refusal("barrier+gpio://gpiochip0?line=17&timer=hardware&active_low=1"), "active_low"));
  BOOST_TEST(refusal("barrier+gpio://gpiochip0?line=17&timer=none&untimed=permitted") == "");
}

BOOST_AUTO_TEST_CASE(a_machine_without_the_chip_says_so_and_goes_on) {
  auto barrier = open_barrier("barrier+gpio://no-such-chip?line=17&timer=hardware",
                              ReaderSurroundings{system_clock(), {}});
  BOOST_REQUIRE(barrier);
  BOOST_TEST(tests::wait_until([&] { return barrier.value()->health().failures >= 2; }));
  BOOST_TEST(says(barrier.value()->health().last_error, "no-such-chip"));
  BOOST_TEST(barrier.value()->open("1"));
  BOOST_TEST(tests::wait_until([&] { return barrier.value()->health().missed == 1; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::barrier
