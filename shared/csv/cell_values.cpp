#include "shared/csv/cell_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace sitegate {

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string lower_case(std::string_view text) {
  std::string made(text);
  for (auto& letter : made)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return made;
}

std::optional<Date> lenient_date(std::string_view text) {
  if (text.size() == 8 && is_digits(text))
    return parse_date(fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)));
  const auto first = text.find('/');
  const auto second = text.find('/', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return parse_date(text);
  const auto month = text.substr(first + 1, second - first - 1);
  const auto day = text.substr(second + 1);
  return parse_date(fmt::format("{}-{:0>2}-{:0>2}", text.substr(0, first), month, day));
}

}  // namespace sitegate
