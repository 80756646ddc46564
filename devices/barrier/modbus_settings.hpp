// What a Modbus barrier is told by its URL, and the bytes of the commands that follow from it. Pure. Sources:
// MODBUS Application Protocol Specification V1.1b3 6.5 (write single coil), 6.6 (write single register); the
// relays' manuals named in README.md.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "devices/reader.hpp"

namespace sitegate::devices::barrier {

/// What ends a pulse.
enum class RelayTimer : std::uint8_t {
  flash,    ///< the command carries the time: write single coil 0x0200 + coil, value = tenths of a second
  command,  ///< the command carries the time: write register timer_register + coil, value = timer_base + time
  preset,   ///< register timer_register + coil holds the time, the coil falls by itself
  none,     ///< we do, and nobody does if we die: only where it is permitted
};

/// What the gate does when the gateway is dead.
enum class FailMode : std::uint8_t { secure, safe };

struct ModbusSettings {
  ReaderPlace place;
  std::string host;
  std::uint16_t port = 502;
  std::uint8_t unit = 1;
  std::map<std::string, std::uint16_t> coils;  ///< by gate
  RelayTimer timer = RelayTimer::flash;
  std::uint16_t timer_register = 0;
  std::uint16_t timer_base = 0;       ///< added to the time: relays that keep a command in the upper byte
  std::uint32_t timer_unit_ms = 100;  ///< of register values
  std::uint32_t pulse_ms = 500;
  std::uint32_t timeout_ms = 500;  ///< of each command
  FailMode fail = FailMode::secure;
  std::optional<std::uint16_t> watchdog_register;
  std::uint16_t watchdog_s = 10;
};

/// Errors: bad_setting with what is expected.
Result<ModbusSettings> modbus_settings(const Url& url);

/// The register's value for the pulse; of flash in tenths of a second. 1 to 65535 by the settings' check.
std::uint16_t timer_value(const ModbusSettings& settings);

}  // namespace sitegate::devices::barrier
