// What anybody on the network can cause is logged once a second at most, with a count of the rest.
#pragma once
#include <cstdint>
#include <optional>

#include "shared/base/clock.hpp"

namespace sitegate::devices::phone {

class QuietLog {
 public:
  /// A line may be written: how many were not since the last one. nullopt: not now.
  std::optional<std::uint64_t> turn(MonotonicTime now) {
    if (now < next_) {
      ++missed_;
      return std::nullopt;
    }
    next_ = now + std::chrono::seconds(1);
    return std::exchange(missed_, 0);
  }

 private:
  MonotonicTime next_{0};
  std::uint64_t missed_ = 0;
};

}  // namespace sitegate::devices::phone
