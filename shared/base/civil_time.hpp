// Instants, dates and months, and their texts (ISO 8601). Sites keep a fixed offset from UTC: Japan has no
// summer time.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sitegate {

/// Wall time in UTC, milliseconds. On the wire: signed 64-bit milliseconds since 1970-01-01T00:00Z.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;
/// Time since boot that never steps (CLOCK_BOOTTIME), nanoseconds. Comparable only under the same BootId.
using MonotonicTime = std::chrono::nanoseconds;
/// A calendar date at a site (local, not UTC). On the wire: days since 1970-01-01.
using Date = std::chrono::local_days;
/// The date that a work history counts to; set by the site's day boundary.
using WorkDate = Date;
using Month = std::chrono::year_month;

/// "2023-07-31"; nullopt if not a valid date in years 1900 to 2199.
std::optional<Date> parse_date(std::string_view text);
std::string to_text(Date date);
/// "2023-07"
std::optional<Month> parse_month(std::string_view text);
std::string to_text(Month month);
/// "2023-07-31T07:50:00.123Z"
std::string to_text(UtcTime time);
std::optional<UtcTime> parse_utc(std::string_view text);

Month month_of(Date date);
Date first_day(Month month);
Date last_day(Month month);
/// Months since 0000-01: consecutive months are consecutive numbers.
int month_number(Month month);
Month month_from_number(int number);
/// Fiscal year of a month: April to March, named by the year it starts in.
int fiscal_year(Month month);

/// The local wall clock at a fixed offset from UTC.
std::chrono::local_time<std::chrono::milliseconds> to_local(UtcTime time, std::chrono::minutes utc_offset);
UtcTime to_utc(std::chrono::local_time<std::chrono::milliseconds> time, std::chrono::minutes utc_offset);
/// The date an instant counts to when the day at the site starts at `day_boundary` after local midnight (0 to
/// 23:59).
WorkDate work_date_of(UtcTime time, std::chrono::minutes utc_offset, std::chrono::minutes day_boundary);

}  // namespace sitegate
