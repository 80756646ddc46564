// The counters behind Rollups: one record per cell in table counts, and what a transaction is about to add to
// them.
#pragma once
#include <unordered_map>

#include "cloud/store/lmdb/records.hpp"

namespace sitegate::cloud {

/// A cell's key: kind, month and the kind's fields, packed so that big-endian keys sort by month within a
/// kind.
using CellKey = std::uint64_t;
CellKey cell_of(Month month, Prefecture site_prefecture, Method method, bool effective);
CellKey cell_of(const Technician& technician);
CellKey cell_of(const Company& company);
/// Not for sites with test data.
CellKey cell_of(const Site& site);

/// Differences, in memory until the commit.
class Counts {
 public:
  void add(CellKey cell, std::int64_t difference) { cells_[cell] += difference; }
  /// Adds the stored cells.
  Result<void> load(const Records& records);
  /// Adds the differences to the stored cells; afterwards there are none.
  Result<void> store(Records& records);
  /// Sorted, without zeros.
  [[nodiscard]] Rollups rollups() const;

 private:
  std::unordered_map<CellKey, std::int64_t> cells_;
};

}  // namespace sitegate::cloud
