// How full the outbox is, and when it will be: said long before the gate has to turn people away.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "shared/base/clock.hpp"

namespace sitegate::edge {

struct Fill {
  int percent = 0;  ///< of the room that passages may take; 100: none can be taken any more
  int level = 0;    ///< the alarm that stands: 0, 70, 85 or 95
  /// Until it is full, at the rate of the last hour; unset: it does not fill.
  std::optional<std::chrono::minutes> full_in;
  bool operator==(const Fill&) const = default;
};
/// "outbox 86 % full, in about 5 h no passage can be taken any more"; empty without an alarm.
std::string to_text(const Fill& fill);

/// Not thread-safe. An alarm ends 2 % below its level, so that it does not flutter.
class FillWatch {
 public:
  /// To be told now and then; of one minute only the first look is remembered. `room`: bytes, more than 0.
  Fill look(std::uint64_t used, std::uint64_t room, MonotonicTime now);

 private:
  struct Sample {
    MonotonicTime at;
    std::uint64_t used;
  };
  [[nodiscard]] std::optional<std::chrono::minutes> until_full(std::uint64_t used, std::uint64_t room,
                                                               MonotonicTime now) const;
  std::deque<Sample> samples_;  // of the last hour, oldest first
  int level_ = 0;
};

}  // namespace sitegate::edge
