// Chance without state: every draw is a hash of the seed, its purpose and what it is drawn for, so that a
// population does not depend on the order in which it is made.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

#include "shared/base/error.hpp"

namespace sitegate::cloud {

/// Keeps draws of different purpose independent.
enum class Purpose : std::uint64_t {
  technician_prefecture = 1,
  company_prefecture,
  sole_proprietor_prefecture,
  site_prefecture,
  registration_day,
  company_size,
  company_class,
  reclassified,
  trade,
  crew_size,
  activity,
  activity_noise,
  activity_phase,
  days,
  dates,
  site_opening,
  site_length,
  site_size,
  site_method,
  site_structure,
  prime_contractor,
  site_choice,
  stint_length,
  structure_tier,
  structure_approval,
  roster,
  entry_time,
  exit_time,
  history_method,
  card
};

class Draw {
 public:
  explicit constexpr Draw(std::uint64_t seed) : seed_(seed) {}

  [[nodiscard]] constexpr std::uint64_t bits(Purpose purpose, std::uint64_t a, std::uint64_t b = 0) const {
    return mix(mix(mix(seed_ + static_cast<std::uint64_t>(purpose) * golden) + a) + b * golden);
  }
  /// Uniform in [0, bound); bound > 0. The bias is below bound / 2^64.
  [[nodiscard]] constexpr std::uint64_t below(std::uint64_t bound, Purpose purpose, std::uint64_t a,
                                              std::uint64_t b = 0) const {
    return scale(bits(purpose, a, b), bound);
  }
  /// Uniform in [0, 1).
  [[nodiscard]] double unit(Purpose purpose, std::uint64_t a, std::uint64_t b = 0) const {
    return static_cast<double>(bits(purpose, a, b) >> 11) * 0x1p-53;
  }
  [[nodiscard]] bool chance(double probability, Purpose purpose, std::uint64_t a, std::uint64_t b = 0) const {
    return unit(purpose, a, b) < probability;
  }
  /// Pareto with minimum 1, heavier for smaller `alpha`, cut at `limit`.
  [[nodiscard]] double heavy_tailed(double alpha, double limit, Purpose purpose, std::uint64_t a) const {
    return std::min(limit, std::pow(1.0 - unit(purpose, a), -1.0 / alpha));
  }

  /// The finaliser of SplitMix64.
  static constexpr std::uint64_t mix(std::uint64_t value) {
    value += golden;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
  }
  static constexpr std::uint64_t scale(std::uint64_t bits, std::uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((Wide{bits} * bound) >> 64);
  }

 private:
  static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;
  std::uint64_t seed_;
};

/// A share of a whole, in percent, for a mix of settings.
template <typename Value>
struct Share {
  Value value;
  double percent;
};

/// The value whose share of the percentages holds `unit` (in [0, 1)); the last one takes what is missing to
/// 100.
template <typename Value>
Value pick(std::span<const Share<Value>> shares, double unit) {
  SITEGATE_ASSERT(!shares.empty());
  double rest = unit * 100;
  for (const auto& share : shares) {
    if (rest < share.percent) return share.value;
    rest -= share.percent;
  }
  return shares.back().value;
}

/// A 14-digit number for running number `index` (from 0): multiplication by a number coprime to 10^14
/// scatters them over all digits without a collision; never 0.
constexpr std::uint64_t scattered_id(std::uint64_t index, std::uint64_t coprime_multiplier) {
  constexpr std::uint64_t modulus = 100'000'000'000'000;
  SITEGATE_ASSERT(coprime_multiplier % 2 != 0 && coprime_multiplier % 5 != 0 && index + 1 < modulus);
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(Wide{index + 1} * coprime_multiplier % modulus);
}

}  // namespace sitegate::cloud
