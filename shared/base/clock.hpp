// Time is an argument: everything that asks for the time is given a Clock. SystemClock for programs,
// ManualClock for simulations and tests.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>

#include "shared/base/civil_time.hpp"

namespace sitegate {

/// /proc/sys/kernel/random/boot_id, 16 bytes: tells two boots apart.
using BootId = std::array<std::uint8_t, 16>;

/// How the wall time is known. Values go on the wire: never renumber.
enum class ClockState : std::uint8_t { unknown = 0, synchronised = 1, unsynchronised = 2 };

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual UtcTime now() const = 0;
  [[nodiscard]] virtual MonotonicTime monotonic() const = 0;
  [[nodiscard]] virtual BootId boot_id() const = 0;
  [[nodiscard]] virtual ClockState state() const = 0;
};

/// CLOCK_REALTIME, CLOCK_BOOTTIME; the state is the kernel's own (adjtimex: STA_UNSYNC). Safe from any
/// thread.
class SystemClock final : public Clock {
 public:
  SystemClock();
  [[nodiscard]] UtcTime now() const override;
  [[nodiscard]] MonotonicTime monotonic() const override;
  [[nodiscard]] BootId boot_id() const override { return boot_id_; }
  [[nodiscard]] ClockState state() const override;

 private:
  BootId boot_id_{};  // constant after construction
};

/// Moves only when told to. Safe from any thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(UtcTime start) : now_ms_(start.time_since_epoch().count()) {}
  [[nodiscard]] UtcTime now() const override { return UtcTime{std::chrono::milliseconds{now_ms_}}; }
  [[nodiscard]] MonotonicTime monotonic() const override { return MonotonicTime{monotonic_ns_}; }
  [[nodiscard]] BootId boot_id() const override { return {static_cast<std::uint8_t>(boots_.load())}; }
  [[nodiscard]] ClockState state() const override { return state_; }

  /// Both clocks go on.
  void advance(std::chrono::milliseconds by) {
    now_ms_ += by.count();
    monotonic_ns_ += MonotonicTime(by).count();
  }
  /// Only the wall clock steps, as by NTP or by hand.
  void step_to(UtcTime time) { now_ms_ = time.time_since_epoch().count(); }
  void set_state(ClockState state) { state_ = state; }
  void reboot() {
    ++boots_;
    monotonic_ns_ = 0;
  }

 private:
  std::atomic<std::int64_t> now_ms_;
  std::atomic<std::int64_t> monotonic_ns_{0};
  std::atomic<ClockState> state_{ClockState::synchronised};
  std::atomic<int> boots_{1};
};

}  // namespace sitegate
