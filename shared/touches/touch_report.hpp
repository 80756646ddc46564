// What came in of a file of touches and what did not, for people.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "shared/touches/touch_preparation.hpp"

namespace sitegate::touches {

struct TouchReport {
  std::string file;
  UtcTime imported_at{};
  std::uint64_t rows = 0;   ///< data rows of the file
  std::uint64_t taken = 0;  ///< of these
  /// "added", "admitted", "repeat", "unknown_credential", …: what became of the rows that were taken.
  std::map<std::string, std::uint64_t> outcomes;
  std::vector<BadTouch> bad;      ///< rows that did not come in
  std::vector<BadTouch> remarks;  ///< rows that came in, and count for nobody so far
  std::vector<ClockSummary> clocks;
  std::vector<std::string> unmeasured;
  std::vector<std::string> ignored_columns;
};

/// Text of several lines, UTF-8, ends with a newline.
std::string to_text(const TouchReport& report);

}  // namespace sitegate::touches
