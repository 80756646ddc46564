// What lets people through: a turnstile, a door, a boom. Asked by the gate, never waited for: the record does
// not wait for the opening, nor the opening for the record.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "devices/reader.hpp"

namespace sitegate::devices {

/// How one barrier is doing, for the health topic and for people.
struct BarrierHealth {
  std::string id;
  bool ready = false;          ///< the device answered when last spoken to
  std::uint64_t asked = 0;     ///< openings taken in since the start
  std::uint64_t opened = 0;    ///< confirmed by the device
  std::uint64_t missed = 0;    ///< not done: the queue was full, or the device was away for too long
  std::uint64_t failures = 0;  ///< times the device failed and was connected again
  std::optional<UtcTime> last_opened;
  std::chrono::microseconds last_delay{0};  ///< from open() to the device's confirmation
  std::string state;                        ///< "relay 192.0.2.20:502 unit 1: ready"
  std::string last_error;                   ///< empty while it runs well
};

/// Operation: open_barrier() makes it and starts its thread, which connects by itself and again after
/// failures (0.2 to 30 s, exponential with full jitter; at once when an opening is asked for). Concurrency:
/// every function from any thread. Destruction waits for the command under way, at most the device's time
/// limit.
class Barrier {
 public:
  virtual ~Barrier() = default;
  /// Asks to let one person through `gate` and returns at once: false if the gate is not this barrier's or 16
  /// openings wait already. An opening that could not be done within 3 s is given up: the person has gone,
  /// the gate must not open for the next one.
  virtual bool open(const std::string& gate) = 0;
  [[nodiscard]] virtual bool serves(const std::string& gate) const = 0;
  [[nodiscard]] virtual BarrierHealth health() const = 0;
};

/// Makes the barrier that a URL names; the clock must outlive it. Keys: devices/barrier/README.md.
///   barrier+modbus://192.0.2.20:502?unit=1&coil=0&timer=flash&pulse_ms=500&gate=1   relay with Modbus TCP
///   barrier+gpio://gpiochip0?line=17&timer=hardware&gate=1                          line of this machine
///   barrier+none:?gate=1                                                            no barrier: openings are
///   counted
Result<std::unique_ptr<Barrier>> open_barrier(const std::string& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices
