// A reader's own clock against ours: measured when somebody has both before him, and taken out of the times
// that the reader wrote down.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/civil_time.hpp"

namespace sitegate::touches {

/// What the reader's clock said at a moment that is known.
struct ClockMeasurement {
  std::string reader_id;
  UtcTime reader{};  ///< as the reader's clock had it
  UtcTime actual{};  ///< what it really was
  bool set = false;  ///< afterwards the reader's clock was set right
  bool operator==(const ClockMeasurement&) const = default;
};

/// A quartz without compensation stays below 100 ppm = 9 s a day, over all temperatures of a site. What seems
/// to be more was set by somebody in between, and says nothing of the times before.
inline constexpr double drift_s_per_day_max = 20;

/// What is known of one reader's clock.
struct ClockSummary {
  std::string reader_id;
  std::size_t measurements = 0;
  std::chrono::milliseconds offset{0};    ///< at the latest measurement; positive: the reader was ahead
  std::optional<double> drift_s_per_day;  ///< between the latest two; positive: it runs fast
  bool set_in_between = false;            ///< it moved by more than a clock drifts
  bool operator==(const ClockSummary&) const = default;
};
/// "BLR-7: +5.000 s ahead at 2023-…, runs fast by 0.7 s a day"
std::string to_text(const ClockSummary& summary);

/// Pure. A time between two measurements is corrected by the offset between theirs (linear: drift); one
/// before the first or after the last, by that one's offset alone. Measurements of an unset clock that are
/// further apart than a clock can drift are not joined: then the later one counts.
class ReaderClocks {
 public:
  ReaderClocks() = default;
  explicit ReaderClocks(const std::vector<ClockMeasurement>& measurements);

  struct Corrected {
    UtcTime time{};
    bool measured = false;  ///< false: nothing is known of this clock, the time is as it said
  };
  [[nodiscard]] Corrected correct(const std::string& reader_id, UtcTime reader_time) const;
  /// nullopt: never measured.
  [[nodiscard]] std::optional<ClockSummary> summary(const std::string& reader_id) const;

 private:
  std::map<std::string, std::vector<ClockMeasurement>> measurements_;  // by actual time
};

}  // namespace sitegate::touches
