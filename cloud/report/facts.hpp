// Every number of the report under its stable English name: the rows of the CSV form, the leaves of the JSON
// form.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cloud/report/report.hpp"

namespace sitegate::cloud {

struct Fact {
  std::string table;
  std::string row;
  std::string column;
  std::uint64_t value = 0;
  bool operator==(const Fact&) const = default;
};

/// Facts of one table are next to each other, and so are those of one row. Names are of [a-z0-9_-] only.
std::vector<Fact> facts(const OperatingStatus& status, const EnteredFigures& entered);

}  // namespace sitegate::cloud
