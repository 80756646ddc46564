#include "cloud/report/number_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>

namespace sitegate::cloud {
namespace {

constexpr std::chrono::minutes japan{9 * 60};

std::string year_and_name(std::string_view pattern, const Words& words, Month month) {
  return fmt::format(fmt::runtime(pattern), fmt::arg("year", static_cast<int>(month.year())),
                     fmt::arg("name", words.month_names.at(static_cast<unsigned>(month.month()) - 1)));
}

struct Range {
  char32_t first, last;
};
constexpr std::array<Range, 8> wide_ranges{{{0x1100, 0x115F},
                                            {0x2E80, 0xA4CF},
                                            {0xAC00, 0xD7A3},
                                            {0xF900, 0xFAFF},
                                            {0xFE30, 0xFE6F},
                                            {0xFF00, 0xFF60},
                                            {0xFFE0, 0xFFE6},
                                            {0x20000, 0x3FFFD}}};

bool is_wide(char32_t point) {
  return std::any_of(wide_ranges.begin(), wide_ranges.end(),
                     [point](Range range) { return range.first <= point && point <= range.last; });
}

/// The code point whose first byte is at `at`; `at` moves behind it. Text is valid UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  char32_t point = more == 0 ? first : first & (0x3FU >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    point = point << 6 | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return point;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "–";
  return fmt::format("{:.1f}%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string month_text(const Words& words, Month month) {
  return year_and_name(words.month, words, month);
}
std::string month_end_text(const Words& words, Month month) {
  return year_and_name(words.month_end, words, month);
}

std::string date_text(const Words& words, UtcTime time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(to_local(time, japan))};
  return fmt::format(fmt::runtime(words.date), fmt::arg("year", static_cast<int>(day.year())),
                     fmt::arg("name", words.month_names.at(static_cast<unsigned>(day.month()) - 1)),
                     fmt::arg("day", static_cast<unsigned>(day.day())));
}

std::string fiscal_year_text(const Words& words, int year) {
  return fmt::format(fmt::runtime(words.fiscal_year), fmt::arg("year", year));
}
std::string fiscal_year_cumulative_text(const Words& words, int year) {
  return fmt::format(fmt::runtime(words.fiscal_year_cumulative), fmt::arg("year", year));
}

std::vector<std::uint64_t> axis_ticks(std::uint64_t largest, int count_max) {
  std::uint64_t step = 1;
  const auto enough = [&] {
    return largest / step + (largest % step != 0 ? 1 : 0) <= static_cast<unsigned>(count_max);
  };
  for (int i = 0; !enough(); ++i) step = i % 3 == 1 ? step / 2 * 5 : step * 2;  // 1, 2, 5, 10, …
  std::vector<std::uint64_t> ticks{0};
  do {
    ticks.push_back(ticks.back() + step);
  } while (ticks.back() < largest);
  return ticks;
}

std::string axis_text(const Words& words, std::uint64_t tick, std::uint64_t step) {
  if (tick == 0 || step % words.axis_large_unit != 0) return grouped(tick);
  std::string text;
  if (words.axis_huge_unit != 0 && tick >= words.axis_huge_unit) {
    text =
        fmt::format(fmt::runtime(words.axis_huge), fmt::arg("number", grouped(tick / words.axis_huge_unit)));
    tick %= words.axis_huge_unit;
  }
  if (tick == 0) return text;
  return text + fmt::format(fmt::runtime(words.axis_large),
                            fmt::arg("number", grouped(tick / words.axis_large_unit)));
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += is_wide(next_code_point(text, at)) ? 2 : 1;
  return width;
}

}  // namespace sitegate::cloud
