// Timing for the measurements: medians, and ratios pair by pair, because machines drift.
#pragma once
#include <algorithm>
#include <chrono>
#include <vector>

namespace sitegate::tests {

template <typename Work>
double seconds_of(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The value below which `part` (0 to 1) of them lie.
inline double quantile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values.at(static_cast<std::size_t>(part * static_cast<double>(values.size() - 1)));
}
inline double median(const std::vector<double>& values) {
  return quantile(values, 0.5);
}

}  // namespace sitegate::tests
