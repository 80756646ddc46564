// How long to wait before trying again: exponential, with full jitter, so that a fleet that fails together
// does not come back together.
#pragma once
#include <chrono>
#include <cstdint>
#include <random>

namespace sitegate {

/// The only source of chance: seeded, so that a run can be repeated.
using Random = std::mt19937_64;

/// next() is uniform in [0, min(cap, base × 2^failures)], at least 1 ms. Not thread-safe.
class RetryDelay {
 public:
  RetryDelay(std::chrono::milliseconds base, std::chrono::milliseconds cap, std::uint64_t seed)
      : base_(base), cap_(cap), random_(seed) {}
  std::chrono::milliseconds next();
  void reset() { failures_ = 0; }
  [[nodiscard]] int failures() const { return failures_; }

 private:
  std::chrono::milliseconds base_;
  std::chrono::milliseconds cap_;
  Random random_;
  int failures_ = 0;
};

}  // namespace sitegate
