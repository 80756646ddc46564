// What the gateway knows of its terminals while it runs: who may speak, who was heard of, how their clocks
// go.
#pragma once
#include <atomic>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "devices/terminal/event.hpp"
#include "devices/terminal/terminal.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::terminal {

/// Shared by the threads of one reader.
class TerminalBook {
 public:
  TerminalBook(std::vector<Terminal> terminals, std::string family, std::string reader_id,
               std::chrono::milliseconds live_max, const Clock& clock);

  /// The terminal of one of these names (serial, MAC address, …; without regard to case) if it speaks from
  /// its own address; otherwise nullptr, and a log line says why.
  [[nodiscard]] const Terminal* find(std::span<const std::string> names, const std::string& address) const;
  [[nodiscard]] const std::vector<Terminal>& terminals() const { return terminals_; }

  /// It has just spoken.
  void heard(const Terminal& terminal);
  /// It says that its clock stands at `time` now. Differences below 3 s are within what a network takes.
  void set_clock(const Terminal& terminal, LocalTime time, std::optional<std::chrono::minutes> utc_offset);

  /// As set_clock() found it; negative: behind.
  [[nodiscard]] std::chrono::milliseconds clock_ahead(const Terminal& terminal) const;

  /// The reads of those events that mean somebody; refusals and mistakes are logged and counted as failed
  /// reads.
  std::vector<CredentialRead> reads_of(const Terminal& terminal, const Events& events);

  [[nodiscard]] std::uint64_t failed_reads() const { return failed_reads_; }
  /// "2 terminals: north-in heard 3 s ago, south-in not heard of yet"
  [[nodiscard]] std::string state() const;
  [[nodiscard]] UtcTime now() const { return clock_.now(); }
  [[nodiscard]] const Clock& clock() const { return clock_; }

 private:
  struct Known {
    std::optional<MonotonicTime> heard;
    std::chrono::milliseconds clock_ahead{0};
  };
  [[nodiscard]] Arrival arrival(const Terminal& terminal) const;
  void log_mistakes(const Terminal& terminal, const Events& events);

  // Constant after construction.
  const std::vector<Terminal> terminals_;
  const std::string family_;
  const std::string reader_id_;
  const std::chrono::milliseconds live_max_;
  const Clock& clock_;

  Guarded<std::map<std::string, Known>> known_;  // by the terminal's name
  std::atomic<std::uint64_t> failed_reads_{0};
};

}  // namespace sitegate::devices::terminal
