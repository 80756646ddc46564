#include "devices/barrier/modbus_settings.hpp"

#include <algorithm>
#include <charconv>

namespace sitegate::devices::barrier {
namespace {

constexpr std::uint32_t flash_unit_ms = 100;
constexpr std::uint32_t flash_max = 0x7FFF;  // tenths of a second
constexpr std::size_t coils_max = 64;

Error bad(const std::string& key, const std::string& why) {
  return fail(ReaderErrc::bad_setting, key + ": " + why);
}

// Decimal, or hexadecimal with 0x as in the relays' manuals.
Result<std::uint32_t> number_of(const std::string& key, std::string_view text, std::uint32_t low,
                                std::uint32_t high) {
  const bool hex = text.starts_with("0x");
  const auto digits = text.substr(hex ? 2 : 0);
  std::uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, hex ? 16 : 10);
  if (error != std::errc{} || end != digits.data() + digits.size() || number < low || number > high)
    return bad(key, "\"" + std::string(text) + "\": a number from " + std::to_string(low) + " to " +
                        std::to_string(high));
  return number;
}

Result<std::uint32_t> number(const Url& url, const std::string& key, std::uint32_t low, std::uint32_t high,
                             std::uint32_t otherwise) {
  const auto text = url.get(key);
  if (text.empty()) return otherwise;
  return number_of(key, text, low, high);
}

Result<void> read_address(const Url& url, ModbusSettings& settings) {
  const std::string_view text = url.authority;
  const bool bracketed = text.starts_with('[');
  const auto end = std::min(text.find(bracketed ? ']' : ':'), text.size());
  settings.host = text.substr(bracketed ? 1 : 0, bracketed ? end - 1 : end);
  const auto rest = text.substr(std::min(end + (bracketed ? 1 : 0), text.size()));
  if (settings.host.empty() || !(rest.empty() || rest.starts_with(':')) ||
      !(url.path.empty() || url.path == "/"))
    return bad("address", "\"" + url.authority + url.path + "\": expected barrier+modbus://<host>[:port]");
  if (rest.empty()) return success();
  SITEGATE_TRY(port, number_of("port", rest.substr(1), 1, 65535));
  settings.port = static_cast<std::uint16_t>(port);
  return success();
}

// "north:0,south:1", or the one coil of the reader's own gate.
Result<void> read_coils(const Url& url, ModbusSettings& settings) {
  const auto list = url.get("coils");
  if (list.empty()) {
    SITEGATE_TRY(coil, number(url, "coil", 0, 0xFF, 0));
    settings.coils.emplace(settings.place.gate, static_cast<std::uint16_t>(coil));
    return success();
  }
  if (!url.get("coil").empty()) return bad("coils", "give either coil or coils");
  for (std::string_view rest = list; !rest.empty();) {
    const auto part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto colon = part.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || settings.coils.size() >= coils_max)
      return bad("coils", "\"" + std::string(part) + "\": expected <gate>:<coil>, at most 64");
    SITEGATE_TRY(coil, number_of("coils", part.substr(colon + 1), 0, 0xFF));
    if (!settings.coils.emplace(part.substr(0, colon), static_cast<std::uint16_t>(coil)).second)
      return bad("coils", "gate " + std::string(part.substr(0, colon)) + " stands there twice");
  }
  return success();
}

constexpr std::string_view timers =
    "flash, command:<register>, preset:<register>, or none with untimed=permitted: without a timer of its "
    "own the "
    "relay leaves the gate open if the gateway dies during a pulse";

Result<void> read_timer(const Url& url, ModbusSettings& settings) {
  const auto text = url.get("timer");
  const auto colon = std::min(text.find(':'), text.size());
  const auto word = text.substr(0, colon);
  if (word == "command" || word == "register" || word == "preset") {
    settings.timer = word == "preset" ? RelayTimer::preset : RelayTimer::command;
    SITEGATE_TRY(place, number_of("timer", std::string_view(text).substr(std::min(colon + 1, text.size())), 0,
                                  65535 - 0xFF));
    settings.timer_register = static_cast<std::uint16_t>(place);
  } else if (text == "flash") {
    settings.timer = RelayTimer::flash;
  } else if (text == "none" && url.get("untimed") == "permitted") {
    settings.timer = RelayTimer::none;
  } else {
    return bad("timer", "\"" + text + "\": " + std::string(timers));
  }
  return success();
}

Result<void> read_times(const Url& url, ModbusSettings& settings) {
  SITEGATE_TRY(base, number(url, "timer_base", 0, 65535, 0));
  SITEGATE_TRY(unit, number(url, "timer_unit_ms", 1, 60'000, 100));
  SITEGATE_TRY(pulse, number(url, "pulse_ms", 50, 60'000, 500));
  SITEGATE_TRY(timeout, number(url, "timeout_ms", 50, 5'000, 500));
  settings.timer_base = static_cast<std::uint16_t>(base);
  settings.timer_unit_ms = settings.timer == RelayTimer::flash ? flash_unit_ms : unit;
  settings.pulse_ms = pulse;
  settings.timeout_ms = timeout;
  if (settings.timer == RelayTimer::none) return success();
  const auto count = pulse / settings.timer_unit_ms;
  const auto count_max = settings.timer == RelayTimer::flash ? flash_max : 65535u - settings.timer_base;
  if (pulse % settings.timer_unit_ms != 0 || count == 0 || count > count_max)
    return bad("pulse_ms", std::to_string(pulse) + ": the relay's timer counts steps of " +
                               std::to_string(settings.timer_unit_ms) + " ms");
  return success();
}

Result<void> read_fail(const Url& url, ModbusSettings& settings) {
  const auto mode = url.get("fail", "secure");
  if (mode != "secure" && mode != "safe") return bad("fail", mode + ": secure or safe");
  settings.fail = mode == "safe" ? FailMode::safe : FailMode::secure;
  const auto watchdog = url.get("watchdog");
  if (watchdog.empty()) {
    if (settings.fail == FailMode::safe)
      return bad(
          "fail",
          "safe needs watchdog=register:<n>: only the relay itself can notice that the gateway is dead");
    return success();
  }
  if (!watchdog.starts_with("register:")) return bad("watchdog", watchdog + ": expected register:<n>");
  SITEGATE_TRY(place, number_of("watchdog", std::string_view(watchdog).substr(9), 0, 65535));
  SITEGATE_TRY(seconds, number(url, "watchdog_s", 3, 3600, 10));
  settings.watchdog_register = static_cast<std::uint16_t>(place);
  settings.watchdog_s = static_cast<std::uint16_t>(seconds);
  return success();
}

}  // namespace

std::uint16_t timer_value(const ModbusSettings& settings) {
  return static_cast<std::uint16_t>(settings.timer_base + settings.pulse_ms / settings.timer_unit_ms);
}

Result<ModbusSettings> modbus_settings(const Url& url) {
  SITEGATE_TRYV(check_keys(url, {"unit", "coil", "coils", "timer", "timer_base", "timer_unit_ms", "untimed",
                                 "pulse_ms", "timeout_ms", "fail", "watchdog", "watchdog_s"}));
  ModbusSettings settings;
  SITEGATE_TRY(place, reader_place(url));
  settings.place = std::move(place);
  SITEGATE_TRYV(read_address(url, settings));
  SITEGATE_TRY(unit, number(url, "unit", 1, 255, 1));
  settings.unit = static_cast<std::uint8_t>(unit);
  SITEGATE_TRYV(read_coils(url, settings));
  SITEGATE_TRYV(read_timer(url, settings));
  SITEGATE_TRYV(read_times(url, settings));
  SITEGATE_TRYV(read_fail(url, settings));
  return settings;
}

}  // namespace sitegate::devices::barrier
