// How far a long command is, on standard error: a bar where that is a terminal, else a line now and then.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace sitegate::tool {

/// Not thread-safe. show() may be called as often as one likes: it prints at most every 0.2 s on a terminal,
/// every 10 s elsewhere.
class Progress {
 public:
  explicit Progress(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Ends the line.
  ~Progress();
  /// `total` 0: not known. `note` stands behind the numbers.
  void show(std::uint64_t done, std::uint64_t total, const std::string& note);

 private:
  using SteadyClock = std::chrono::steady_clock;
  const std::string what_;
  const bool terminal_;
  const SteadyClock::time_point start_;
  SteadyClock::time_point shown_;
  bool line_open_ = false;
};

}  // namespace sitegate::tool
