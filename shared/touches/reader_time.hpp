// The time as a reader's own clock wrote it down.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/civil_time.hpp"

namespace sitegate::touches {

/// "2023-07-31T07:52:10", "2023/7/31 7:52:10", also without seconds (spreadsheets drop them) or with a
/// fraction (cut to milliseconds); "Z", "+09:00" or "+0900" behind it, otherwise it is local at `utc_offset`.
/// nullopt: no such time in the years 1900 to 2199.
std::optional<UtcTime> parse_reader_time(std::string_view text, std::chrono::minutes utc_offset);

/// "+5.000 s", "-1 h 02 min 03 s": of a clock or between two times; positive: ahead.
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace sitegate::touches
