// Numbers, months and dates as people read them, in each language.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/report/words.hpp"

namespace sitegate::cloud {

/// 1241884 as "1,241,884"
std::string grouped(std::uint64_t number);
/// part of whole as "63.0%"; "–" when the whole is 0
std::string percent(std::uint64_t part, std::uint64_t whole);

std::string month_text(const Words& words, Month month);
std::string month_end_text(const Words& words, Month month);
/// The date in Japan.
std::string date_text(const Words& words, UtcTime time);
std::string fiscal_year_text(const Words& words, int year);
std::string fiscal_year_cumulative_text(const Words& words, int year);

/// Rising from 0 in steps of 1, 2 or 5 times a power of ten; the last is at least `largest`; at most
/// `count_max` steps.
std::vector<std::uint64_t> axis_ticks(std::uint64_t largest, int count_max);
/// A tick's label; all ticks of an axis get the same unit, so the axis's step is an argument.
std::string axis_text(const Words& words, std::uint64_t tick, std::uint64_t step);

/// Columns that UTF-8 text takes in a fixed-width font: East Asian wide characters take two (UAX #11).
std::size_t display_width(std::string_view text);

}  // namespace sitegate::cloud
