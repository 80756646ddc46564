// Who works how many days in a month, and on which dates. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "cloud/simulation/population.hpp"

namespace sitegate::cloud {

struct ActiveTechnician {
  std::uint32_t technician = 0;  ///< index
  std::uint32_t days = 0;
};

/// The technicians that work in `month`, by index, with days that sum exactly to `histories`; nullopt if too
/// few are registered for so many. Whole crews are active for a year or two.
std::optional<std::vector<ActiveTechnician>> share_out(const Population& population, Month month,
                                                       std::uint64_t histories,
                                                       const NationSettings& settings);

/// Draws distinct dates of one month, weighted by weekday and holidays.
class WorkCalendar {
 public:
  WorkCalendar(Month month, const NationSettings& settings);
  /// Bit n is set: works on the (n + 1)th of the month. `days` at most the month's.
  [[nodiscard]] std::uint32_t draw_dates(std::uint32_t technician, std::uint32_t days) const;
  [[nodiscard]] std::uint32_t days_in_month() const {
    return static_cast<std::uint32_t>(inverse_weights_.size());
  }

 private:
  const Month month_;
  const Draw draw_;
  std::vector<float> inverse_weights_;
};

}  // namespace sitegate::cloud
