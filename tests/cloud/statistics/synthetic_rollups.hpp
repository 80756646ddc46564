// A small nation in which every kind of counter occurs: every prefecture, method and class, months on both
// sides of a fiscal year's border, and months after the report's.
#pragma once
#include "cloud/store/store.hpp"

namespace sitegate::cloud {

inline constexpr Month synthetic_first = std::chrono::year(2022) / std::chrono::February;
inline constexpr Month synthetic_last = std::chrono::year(2023) / std::chrono::September;

/// Deterministic: counts are made from the cell's own place, so equal arguments give equal counters
/// everywhere.
Rollups synthetic_rollups();

}  // namespace sitegate::cloud
