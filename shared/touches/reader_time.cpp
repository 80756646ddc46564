#include "shared/touches/reader_time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

#include "shared/csv/cell_values.hpp"

namespace sitegate::touches {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

/// Takes a number of `digits_min` to `digits_max` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits_min, std::size_t digits_max) {
  std::size_t size = 0;
  while (size < text.size() && size < digits_max && text[size] >= '0' && text[size] <= '9') ++size;
  if (size < digits_min) return std::nullopt;
  int number = 0;
  std::from_chars(text.data(), text.data() + size, number);
  text.remove_prefix(size);
  return number;
}

bool take_letter(std::string_view& text, char letter) {
  if (!text.starts_with(letter)) return false;
  text.remove_prefix(1);
  return true;
}

/// "", "Z", "+09:00", "-0330"; takes all of the text or nothing.
std::optional<minutes> take_zone(std::string_view text, minutes otherwise) {
  if (text.empty()) return otherwise;
  if (text == "Z" || text == "z") return minutes{0};
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_number(text, 2, 2);
  take_letter(text, ':');
  const auto minute = take_number(text, 2, 2);
  if (!hour || !minute || *hour > 14 || *minute > 59 || !text.empty()) return std::nullopt;
  const minutes offset{*hour * 60 + *minute};
  return west ? -offset : offset;
}

/// ".123", at most nine digits.
std::optional<milliseconds> take_fraction(std::string_view& text) {
  if (!take_letter(text, '.')) return milliseconds{0};
  std::string_view digits = text;
  if (!take_number(text, 1, 9)) return std::nullopt;
  std::string three(digits.substr(0, digits.size() - text.size()));
  three.resize(3, '0');
  return milliseconds{std::atoi(three.c_str())};
}

/// "07:52:10.123" off the front; since midnight.
std::optional<milliseconds> take_time_of_day(std::string_view& text) {
  const auto hour = take_number(text, 1, 2);
  if (!hour || *hour > 23 || !take_letter(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2, 2);
  if (!minute || *minute > 59) return std::nullopt;
  milliseconds time = std::chrono::hours{*hour} + minutes{*minute};
  if (!take_letter(text, ':')) return time;
  const auto second = take_number(text, 2, 2);
  const auto fraction = take_fraction(text);
  if (!second || *second > 59 || !fraction) return std::nullopt;
  return time + std::chrono::seconds{*second} + *fraction;
}

}  // namespace

std::optional<UtcTime> parse_reader_time(std::string_view text, minutes utc_offset) {
  const auto gap = text.find_first_of("T ");
  if (gap == std::string_view::npos) return std::nullopt;
  const auto date = lenient_date(text.substr(0, gap));
  text.remove_prefix(gap + 1);
  const auto time = take_time_of_day(text);
  if (!date || !time) return std::nullopt;
  const auto zone = take_zone(text, utc_offset);
  if (!zone) return std::nullopt;
  return to_utc(*date + *time, *zone);
}

std::string duration_text(milliseconds duration) {
  const char* const sign = duration < milliseconds{0} ? "-" : "+";
  const auto size = std::chrono::abs(duration);
  if (size < minutes{1}) return fmt::format("{}{:.3f} s", sign, static_cast<double>(size.count()) / 1000);
  const auto seconds = std::chrono::round<std::chrono::seconds>(size).count();
  const auto days = seconds / 86'400;
  return fmt::format("{}{}{:02} h {:02} min {:02} s", sign, days > 0 ? fmt::format("{} d ", days) : "",
                     seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
}

}  // namespace sitegate::touches
