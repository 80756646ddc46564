// A line of this machine's GPIO that opens a gate, and the barrier that is none. The only home of libgpiod.
#pragma once
#include <memory>
#include <string>

#include "devices/barrier/opener.hpp"
#include "devices/reader.hpp"

struct gpiod_chip;
struct gpiod_line;

namespace sitegate::devices::barrier {

struct GpioSettings {
  ReaderPlace place;
  std::string chip;  ///< "gpiochip0"
  unsigned line = 0;
  bool active_low = false;
  std::uint32_t pulse_ms = 500;
};

/// barrier+gpio://<chip>?line=&active_low=no|yes&pulse_ms=&timer=hardware|none&untimed=permitted. Errors:
/// bad_setting.
Result<GpioSettings> gpio_settings(const Url& url);

/// Contract: Opener. The kernel's line has no timer: what stands behind it must end a pulse by itself
/// (timer=hardware), or the site permits that the gate stays open if the gateway dies during one.
class GpioLine final : public Opener {
 public:
  explicit GpioLine(GpioSettings settings) : settings_(std::move(settings)) {}
  ~GpioLine() override;
  [[nodiscard]] Result<void> connect() override;
  [[nodiscard]] Result<void> open_gate(const std::string& gate, const std::stop_token& stop) override;
  [[nodiscard]] Result<void> look() override;
  void disconnect() override;
  [[nodiscard]] bool serves(const std::string& gate) const override { return gate == settings_.place.gate; }
  [[nodiscard]] std::string name() const override;

 private:
  [[nodiscard]] Error failed(BarrierErrc what, const char* where) const;
  const GpioSettings settings_;
  gpiod_chip* chip_ = nullptr;
  gpiod_line* line_ = nullptr;  // of chip_
};

/// Where people pass freely: every opening succeeds.
class NoBarrier final : public Opener {
 public:
  explicit NoBarrier(std::string gate) : gate_(std::move(gate)) {}
  [[nodiscard]] Result<void> connect() override { return success(); }
  [[nodiscard]] Result<void> open_gate(const std::string&, const std::stop_token&) override {
    return success();
  }
  [[nodiscard]] Result<void> look() override { return success(); }
  void disconnect() override {}
  [[nodiscard]] bool serves(const std::string& gate) const override { return gate == gate_; }
  [[nodiscard]] std::string name() const override { return "no barrier"; }

 private:
  const std::string gate_;
};

}  // namespace sitegate::devices::barrier
