// The other side: a reader that stores touches by a clock of its own and is emptied into a file. For tests,
// demonstrations and simulators.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::logger {

/// How wrong the reader's clock is.
struct WrongClock {
  UtcTime right_at{};                   ///< when `offset` held
  std::chrono::milliseconds offset{0};  ///< positive: ahead
  double drift_s_per_day = 0;           ///< positive: fast
};

/// Not thread-safe. Times in the file are whole seconds, local at UTC+9, as such a reader writes them.
class VirtualLogger {
 public:
  VirtualLogger(std::string reader_id, WrongClock clock) : reader_id_(std::move(reader_id)), clock_(clock) {}

  void touch(const CardCredential& card, UtcTime time, std::optional<Direction> direction = std::nullopt);
  /// What the reader's clock says at a moment.
  [[nodiscard]] UtcTime reader_time(UtcTime time) const;
  /// Everything stored so far; `measured_at`: with a #clock row of that moment.
  [[nodiscard]] std::string file(std::optional<UtcTime> measured_at = std::nullopt) const;
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  /// Its memory is cleared: it counts from 1 again.
  void clear() { rows_.clear(); }

 private:
  const std::string reader_id_;
  const WrongClock clock_;
  std::vector<std::string> rows_;
};

}  // namespace sitegate::devices::logger
