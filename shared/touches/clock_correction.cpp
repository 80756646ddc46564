#include "shared/touches/clock_correction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "shared/touches/reader_time.hpp"

namespace sitegate::touches {
namespace {

using std::chrono::milliseconds;

constexpr double day_ms = 86'400'000;

/// A time on the reader's clock, and how far that was ahead.
struct Point {
  UtcTime reader;
  milliseconds offset;
};

Point before_setting(const ClockMeasurement& measured) {
  return {measured.reader, measured.reader - measured.actual};
}

Point after_setting(const ClockMeasurement& measured) {
  return measured.set ? Point{measured.actual, milliseconds{0}} : before_setting(measured);
}

std::optional<double> drift(const Point& from, const Point& to) {
  const auto time = static_cast<double>((to.reader - from.reader).count());
  if (time <= 0) return std::nullopt;
  return static_cast<double>((to.offset - from.offset).count()) / 1000 * (day_ms / time);
}

bool plausible(std::optional<double> drift_s_per_day) {
  return drift_s_per_day && std::abs(*drift_s_per_day) <= drift_s_per_day_max;
}

milliseconds between(const Point& from, const Point& to, UtcTime reader_time) {
  const auto part = static_cast<double>((reader_time - from.reader).count()) /
                    static_cast<double>((to.reader - from.reader).count());
  return from.offset +
         milliseconds(std::llround(part * static_cast<double>((to.offset - from.offset).count())));
}

}  // namespace

ReaderClocks::ReaderClocks(const std::vector<ClockMeasurement>& measurements) {
  for (const auto& measured : measurements) measurements_[measured.reader_id].push_back(measured);
  for (auto& [reader_id, of_reader] : measurements_)
    std::stable_sort(of_reader.begin(), of_reader.end(),
                     [](const auto& a, const auto& b) { return a.actual < b.actual; });
}

ReaderClocks::Corrected ReaderClocks::correct(const std::string& reader_id, UtcTime reader_time) const {
  const auto known = measurements_.find(reader_id);
  if (known == measurements_.end()) return {reader_time, false};
  const auto& of_reader = known->second;
  const auto next = std::find_if(of_reader.begin(), of_reader.end(),
                                 [&](const auto& measured) { return measured.reader >= reader_time; });
  if (next == of_reader.end()) return {reader_time - after_setting(of_reader.back()).offset, true};
  const Point to = before_setting(*next);
  if (next == of_reader.begin()) return {reader_time - to.offset, true};
  const Point from = after_setting(*std::prev(next));
  if (reader_time < from.reader || !plausible(drift(from, to))) return {reader_time - to.offset, true};
  return {reader_time - between(from, to, reader_time), true};
}

std::optional<ClockSummary> ReaderClocks::summary(const std::string& reader_id) const {
  const auto known = measurements_.find(reader_id);
  if (known == measurements_.end()) return std::nullopt;
  const auto& of_reader = known->second;
  ClockSummary summary{reader_id, of_reader.size(), before_setting(of_reader.back()).offset, std::nullopt,
                       false};
  if (of_reader.size() > 1) {
    const auto moved =
        drift(after_setting(of_reader[of_reader.size() - 2]), before_setting(of_reader.back()));
    summary.set_in_between = !plausible(moved);
    if (!summary.set_in_between) summary.drift_s_per_day = moved;
  }
  return summary;
}

std::string to_text(const ClockSummary& summary) {
  std::string drift = "drift not known: one measurement";
  if (summary.drift_s_per_day) drift = fmt::format("drift {:+.2f} s a day", *summary.drift_s_per_day);
  if (summary.set_in_between) drift = "set since the measurement before: drift not known";
  return fmt::format("{}: clock {} against ours, {}", summary.reader_id, duration_text(summary.offset),
                     drift);
}

}  // namespace sitegate::touches
