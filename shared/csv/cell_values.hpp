// Values as spreadsheets write them that more than one kind of file has.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/civil_time.hpp"

namespace sitegate {

/// "2023-07-31", "2023/7/31" or "20230731"; nullopt if no valid date in years 1900 to 2199.
std::optional<Date> lenient_date(std::string_view text);
/// ASCII digits only, at least one.
bool is_digits(std::string_view text);
/// ASCII letters in lower case, all else as it is.
std::string lower_case(std::string_view text);

}  // namespace sitegate
