#include "shared/base/retry_delay.hpp"

#include <algorithm>

namespace sitegate {

std::chrono::milliseconds RetryDelay::next() {
  const int doublings = std::min(failures_++, 30);
  const std::int64_t ceiling = std::clamp<std::int64_t>(base_.count() << doublings, 1, cap_.count());
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(1, ceiling)(random_));
}

}  // namespace sitegate
