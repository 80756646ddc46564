#include "shared/base/civil_time.hpp"

#include <fmt/format.h>

#include <charconv>

namespace sitegate {
namespace {

namespace chrono = std::chrono;

/// Exactly `count` decimal digits at the front of `text`, which moves on; -1 if they are not there.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count || text.front() == '-') return -1;  // from_chars would read "-0" as a number
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
  if (error != std::errc() || end != text.data() + count) return -1;
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Month> take_month(std::string_view& text) {
  const int year = take_digits(text, 4);
  if (year < 1900 || year > 2199 || !take(text, '-')) return std::nullopt;
  const int month = take_digits(text, 2);
  if (month < 1 || month > 12) return std::nullopt;
  return Month{chrono::year{year}, chrono::month{static_cast<unsigned>(month)}};
}

std::optional<Date> take_date(std::string_view& text) {
  const auto month = take_month(text);
  if (!month || !take(text, '-')) return std::nullopt;
  const int day = take_digits(text, 2);
  if (day < 1) return std::nullopt;
  const chrono::year_month_day date = *month / day;
  if (!date.ok()) return std::nullopt;
  return Date{date};
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  const auto date = take_date(text);
  return date && text.empty() ? date : std::nullopt;
}

std::string to_text(Date date) {
  const chrono::year_month_day day{date};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::optional<Month> parse_month(std::string_view text) {
  const auto month = take_month(text);
  return month && text.empty() ? month : std::nullopt;
}

std::string to_text(Month month) {
  return fmt::format("{:04}-{:02}", static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
}

std::string to_text(UtcTime time) {
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::hh_mm_ss clock{time - day};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_text(Date{day.time_since_epoch()}),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<UtcTime> parse_utc(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !take(text, 'T')) return std::nullopt;
  const int hours = take_digits(text, 2);
  if (!take(text, ':')) return std::nullopt;
  const int minutes = take_digits(text, 2);
  if (!take(text, ':')) return std::nullopt;
  const int seconds = take_digits(text, 2);
  int milliseconds = 0;
  if (take(text, '.')) milliseconds = take_digits(text, 3);
  if (!take(text, 'Z') || !text.empty()) return std::nullopt;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59 ||
      milliseconds < 0)
    return std::nullopt;
  return UtcTime{date->time_since_epoch()} + chrono::hours{hours} + chrono::minutes{minutes} +
         chrono::seconds{seconds} + chrono::milliseconds{milliseconds};
}

Month month_of(Date date) {
  const chrono::year_month_day day{date};
  return {day.year(), day.month()};
}

Date first_day(Month month) {
  return Date{month / 1};
}
Date last_day(Month month) {
  return Date{month / chrono::last};
}

int month_number(Month month) {
  return static_cast<int>(month.year()) * 12 + static_cast<int>(static_cast<unsigned>(month.month())) - 1;
}

Month month_from_number(int number) {
  return {chrono::year{number / 12}, chrono::month{static_cast<unsigned>(number % 12 + 1)}};
}

int fiscal_year(Month month) {
  const int year = static_cast<int>(month.year());
  return month.month() >= chrono::April ? year : year - 1;
}

chrono::local_time<chrono::milliseconds> to_local(UtcTime time, chrono::minutes utc_offset) {
  return chrono::local_time<chrono::milliseconds>{(time + utc_offset).time_since_epoch()};
}

UtcTime to_utc(chrono::local_time<chrono::milliseconds> time, chrono::minutes utc_offset) {
  return UtcTime{time.time_since_epoch()} - utc_offset;
}

WorkDate work_date_of(UtcTime time, chrono::minutes utc_offset, chrono::minutes day_boundary) {
  return chrono::floor<chrono::days>(to_local(time, utc_offset) - day_boundary);
}

}  // namespace sitegate
