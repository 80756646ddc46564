// A relay with Modbus TCP that opens a gate; the only home of libmodbus. Sources: MODBUS Messaging on TCP/IP
// Implementation Guide V1.0b; MODBUS Application Protocol Specification V1.1b3 6.1, 6.3, 6.5, 6.6.
#pragma once
#include <memory>

#include "devices/barrier/modbus_settings.hpp"
#include "devices/barrier/opener.hpp"
#include "shared/base/clock.hpp"

struct _modbus;  // NOLINT(bugprone-reserved-identifier): libmodbus's own name

namespace sitegate::devices::barrier {

/// Contract: Opener. On connect() a preset timer and the watchdog are written and read back: an opening is
/// only asked of a relay that is known to end it. look() reads the coils; one that stands open longer than a
/// pulse is closed and reported as held_open.
class ModbusRelay final : public Opener {
 public:
  ModbusRelay(ModbusSettings settings, const Clock& clock);
  ~ModbusRelay() override;

  [[nodiscard]] Result<void> connect() override;
  [[nodiscard]] Result<void> open_gate(const std::string& gate, const std::stop_token& stop) override;
  [[nodiscard]] Result<void> look() override;
  void disconnect() override;
  [[nodiscard]] bool serves(const std::string& gate) const override { return settings_.coils.contains(gate); }
  [[nodiscard]] std::string name() const override;

 private:
  struct Close {
    void operator()(_modbus* line) const;
  };
  Result<void> set_and_check(std::uint16_t place, std::uint16_t value, const char* what);
  Result<void> flash(std::uint16_t coil);
  Result<void> by_hand(std::uint16_t coil, const std::stop_token& stop);
  Result<void> check_coil(const std::string& gate, std::uint16_t coil);
  [[nodiscard]] bool has_coils() const { return settings_.timer != RelayTimer::command; }
  [[nodiscard]] Error failed(const char* what) const;

  // Constant after construction.
  const ModbusSettings settings_;
  const Clock& clock_;

  std::unique_ptr<_modbus, Close> line_;
  std::map<std::uint16_t, MonotonicTime> pulse_ends_;  // by coil: when the pulse should be over
};

}  // namespace sitegate::devices::barrier
