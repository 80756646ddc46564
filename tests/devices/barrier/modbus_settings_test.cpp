// What a Modbus barrier's URL may say, and what is said of what it may not.
#include "devices/barrier/modbus_settings.hpp"

#include <boost/test/unit_test.hpp>

#include "devices/barrier.hpp"

namespace sitegate::devices::barrier {
namespace {

SystemClock system_clock;

std::string refusal(const std::string& query) {
  const auto settings = modbus_settings(parse_url("barrier+modbus://192.0.2.20?" + query).value());
  return settings ? "" : settings.error().text();
}

ModbusSettings settings_of(const std::string& url) {
  const auto settings = modbus_settings(parse_url(url).value());
  BOOST_REQUIRE_MESSAGE(settings.has_value(), (settings ? "" : settings.error().text()));
  return settings.value();
}

bool says(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(modbus_settings_urls)

BOOST_AUTO_TEST_CASE(a_relay_with_a_flash_command) {
  const auto known =
      settings_of("barrier+modbus://192.0.2.20:1502?unit=3&coil=5&timer=flash&pulse_ms=700&gate=north");
  BOOST_TEST(known.host == "192.0.2.20");
  BOOST_TEST(known.port == 1502);
  BOOST_TEST(known.unit == 3);
  BOOST_TEST((known.coils == std::map<std::string, std::uint16_t>{{"north", 5}}));
  BOOST_TEST((known.timer == RelayTimer::flash));
  BOOST_TEST(timer_value(known) == 7);
  BOOST_TEST((known.fail == FailMode::secure));
}

BOOST_AUTO_TEST_CASE(several_gates_and_other_timers) {
  const auto known = settings_of(
      "barrier+modbus://"
      "[2001:db8::20]?coils=north:0,south:1&timer=command:0x10&timer_base=0x0600&timer_unit_ms=1000&"
      "pulse_ms=2000");
  BOOST_TEST(known.host == "2001:db8::20");
  BOOST_TEST(known.port == 502);
  BOOST_TEST((known.coils == std::map<std::string, std::uint16_t>{{"north", 0}, {"south", 1}}));
  BOOST_TEST(known.timer_register == 16);
  BOOST_TEST(timer_value(known) == 0x0602);
  BOOST_TEST((settings_of("barrier+modbus://relay.site?timer=preset:100").timer == RelayTimer::preset));
}

BOOST_AUTO_TEST_CASE(a_coil_that_nothing_ends_must_be_permitted) {
  BOOST_TEST(says(refusal(""), "untimed=permitted"));
  BOOST_TEST(says(refusal("timer=none"), "untimed=permitted"));
  BOOST_TEST(refusal("timer=none&untimed=permitted") == "");
}

BOOST_AUTO_TEST_CASE(fail_safe_needs_a_relay_that_notices) {
  BOOST_TEST(says(refusal("timer=flash&fail=safe"), "watchdog=register"));
  BOOST_TEST(refusal("timer=flash&fail=safe&watchdog=register:8&watchdog_s=10") == "");
  BOOST_TEST(says(refusal("timer=flash&watchdog=8"), "register:<n>"));
  BOOST_TEST(says(refusal("timer=flash&fail=open"), "secure or safe"));
}

BOOST_AUTO_TEST_CASE(damaged_values_are_named) {
  BOOST_TEST(says(refusal("timer=flash&pulse_ms=550"), "steps of 100 ms"));
  BOOST_TEST(says(refusal("timer=command:1&timer_unit_ms=1000&pulse_ms=500"), "steps of 1000 ms"));
  BOOST_TEST(says(refusal("timer=command:1&timer_base=65535&pulse_ms=500"), "pulse_ms"));
  BOOST_TEST(says(refusal("timer=command"), "timer"));
  BOOST_TEST(says(refusal("timer=flash&unit=0"), "unit"));
  BOOST_TEST(says(refusal("timer=flash&coil=x"), "coil"));
  BOOST_TEST(says(refusal("timer=flash&coils=north"), "<gate>:<coil>"));
  BOOST_TEST(says(refusal("timer=flash&coils=a:1,a:2"), "twice"));
  BOOST_TEST(says(refusal("timer=flash&coils=a:1&coil=2"), "either"));
  BOOST_TEST(says(refusal("timer=flash&pulse=1"), "\"pulse\""));
  BOOST_TEST(!modbus_settings(parse_url("barrier+modbus:?timer=flash").value()));
  BOOST_TEST(!modbus_settings(parse_url("barrier+modbus://host:0?timer=flash").value()));
}

BOOST_AUTO_TEST_CASE(barriers_are_named_by_urls) {
  const ReaderSurroundings surroundings{system_clock, {}};
  const auto none = open_barrier("barrier+none:?gate=2", surroundings);
  BOOST_REQUIRE(none);
  BOOST_TEST(none.value()->serves("2"));
  BOOST_TEST(!none.value()->serves("1"));
  BOOST_TEST(none.value()->open("2"));
  BOOST_TEST(!none.value()->open("1"));
  BOOST_TEST(says(open_barrier("barrier+rope://x", surroundings).error().text(), "barrier+modbus:"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::barrier
