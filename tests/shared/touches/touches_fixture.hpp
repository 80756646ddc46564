// Short ways to say times and measurements, for the tests of this folder.
#pragma once
#include <boost/test/unit_test.hpp>

#include "shared/touches/reader_time.hpp"
#include "shared/touches/touch_preparation.hpp"

namespace sitegate::touches {

/// Local time in Japan unless a zone stands behind it.
inline UtcTime at(std::string_view text) {
  const auto time = parse_reader_time(text, std::chrono::minutes{540});
  BOOST_REQUIRE_MESSAGE(time, text);
  return *time;
}

inline ClockMeasurement measured(std::string_view reader, std::string_view actual, bool set = false) {
  return {"R-1", at(reader), at(actual), set};
}

/// "line column" of each bad row.
inline std::vector<std::string> places(const std::vector<BadTouch>& bad) {
  std::vector<std::string> made;
  for (const auto& row : bad) made.push_back(std::to_string(row.line) + " " + row.column);
  return made;
}

}  // namespace sitegate::touches
