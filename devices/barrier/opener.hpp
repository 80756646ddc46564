// The device behind a barrier, as its thread sees it.
#pragma once
#include <stop_token>
#include <string>

#include "shared/base/error.hpp"

namespace sitegate::devices::barrier {

enum class BarrierErrc {
  no_connection = 1,  ///< the device cannot be reached
  no_answer,          ///< it does not answer in time, or with something else
  refused,            ///< it answers that it cannot
  held_open,          ///< it stands open although nobody asked
};
const char* errc_category(BarrierErrc);
std::string_view errc_text(BarrierErrc);

/// Operation: connect(), then open_gate() and look() until one of them fails; disconnect(), and again. Every
/// call ends within the device's time limit. Concurrency: one thread.
class Opener {
 public:
  virtual ~Opener() = default;
  /// Reaches the device and makes sure that what ends a pulse is set.
  [[nodiscard]] virtual Result<void> connect() = 0;
  /// Lets one person through: success once the device has confirmed the beginning of the pulse. Where the
  /// device has no timer of its own, returns after the pulse; `stop` shortens it.
  [[nodiscard]] virtual Result<void> open_gate(const std::string& gate, const std::stop_token& stop) = 0;
  /// Asked now and then: still there? It is also the heartbeat that the device's watchdog waits for.
  [[nodiscard]] virtual Result<void> look() = 0;
  virtual void disconnect() = 0;
  [[nodiscard]] virtual bool serves(const std::string& gate) const = 0;
  /// "relay 192.0.2.20:502 unit 1"
  [[nodiscard]] virtual std::string name() const = 0;
};

}  // namespace sitegate::devices::barrier
