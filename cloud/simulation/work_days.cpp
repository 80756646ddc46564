#include "cloud/simulation/work_days.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace sitegate::cloud {
namespace {

constexpr int crew_activity_months = 18;  // a crew's activity is drawn anew so often

struct Candidate {
  std::uint32_t score = 0;  ///< the smallest are active
  std::uint32_t technician = 0;
  auto operator<=>(const Candidate&) const = default;
};

std::vector<Candidate> candidates(const Population& population, int month, const Draw& draw) {
  std::vector<std::uint32_t> crew_scores(population.crews.size());
  for (std::size_t i = 0; i < crew_scores.size(); ++i) {
    const auto phase = draw.below(crew_activity_months, Purpose::activity_phase, i);
    const auto period = (static_cast<std::uint64_t>(month) + phase) / crew_activity_months;
    crew_scores[i] = static_cast<std::uint32_t>(draw.bits(Purpose::activity, i, period) >> 33);
  }
  std::vector<Candidate> found;
  for (std::uint32_t i = 0; i < population.technicians.size(); ++i) {
    const auto& technician = population.technicians[i];
    if (technician.works_from > month) continue;
    const auto noise = draw.bits(Purpose::activity_noise, i, static_cast<std::uint64_t>(month)) >> 36;
    found.push_back({crew_scores[technician.crew] + static_cast<std::uint32_t>(noise), i});
  }
  return found;
}

/// Cumulative rounding of `total` by `weights`.
void distribute(std::vector<ActiveTechnician>& active, const std::vector<std::uint64_t>& weights,
                std::uint64_t total) {
  const auto weight_sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::uint64_t weight = 0;
  std::uint64_t given = 0;
  for (std::size_t i = 0; i < active.size(); ++i) {
    weight += weights[i];
    const auto now = total * weight / weight_sum;
    active[i].days = static_cast<std::uint32_t>(now - given);
    given = now;
  }
}

bool is_holiday(std::chrono::year_month_day date) {
  const auto day = static_cast<unsigned>(date.day());
  switch (static_cast<unsigned>(date.month())) {
    case 1:
      return day <= 3;
    case 5:
      return day >= 3 && day <= 5;
    case 8:
      return day >= 13 && day <= 15;
    case 12:
      return day >= 30;
    default:
      return false;
  }
}

double weight_of(Date date, const NationSettings& settings) {
  if (is_holiday(std::chrono::year_month_day{date})) return settings.holiday_weight;
  const std::chrono::weekday weekday{date};
  if (weekday == std::chrono::Sunday) return settings.sunday_weight;
  return weekday == std::chrono::Saturday ? settings.saturday_weight : 1.0;
}

constexpr int exponential_bits = 12;

/// Exponentially distributed values at equally likely places.
const std::vector<float>& exponentials() {
  static const std::vector<float> table = [] {
    constexpr int count = 1 << exponential_bits;
    std::vector<float> values;
    for (int i = 0; i < count; ++i) values.push_back(-std::log((static_cast<float>(i) + 0.5F) / count));
    return values;
  }();
  return table;
}

}  // namespace

std::optional<std::vector<ActiveTechnician>> share_out(const Population& population, Month month,
                                                       std::uint64_t histories,
                                                       const NationSettings& settings) {
  if (histories == 0) return std::vector<ActiveTechnician>{};
  const Draw draw(settings.seed);
  auto found = candidates(population, month_number(month), draw);
  const auto month_days = static_cast<std::uint64_t>((last_day(month) - first_day(month)).count()) + 1;
  const auto wanted = std::llround(std::ceil(static_cast<double>(histories) / settings.days_in_month));
  const auto count = std::min<std::size_t>(found.size(), static_cast<std::size_t>(std::max(wanted, 1LL)));
  if (count * month_days < histories) return std::nullopt;
  std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count) - 1, found.end());
  found.resize(count);
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.technician < b.technician; });

  std::vector<ActiveTechnician> active;
  std::vector<std::uint64_t> weights;
  // The weights 8 to 18 vary the days by at most 18/13; where few people carry much work, all carry the same.
  const bool even = histories * 3 > count * month_days * 2;
  for (const auto& candidate : found) {
    active.push_back({candidate.technician, 0});
    weights.push_back(even ? 1
                           : 8 + draw.below(11, Purpose::days, candidate.technician,
                                            static_cast<std::uint64_t>(month_number(month))));
  }
  distribute(active, weights, histories);
  return active;
}

WorkCalendar::WorkCalendar(Month month, const NationSettings& settings)
    : month_(month), draw_(settings.seed) {
  for (Date date = first_day(month); date <= last_day(month); date += std::chrono::days{1})
    inverse_weights_.push_back(static_cast<float>(1.0 / weight_of(date, settings)));
}

/// Weighted draw without replacement (Efraimidis and Spirakis): the days with the smallest exponential /
/// weight.
std::uint32_t WorkCalendar::draw_dates(std::uint32_t technician, std::uint32_t days) const {
  SITEGATE_ASSERT(days <= inverse_weights_.size());
  constexpr std::uint32_t day_mask = 31;  // the low bits of each key hold the day, which also breaks ties
  const auto& table = exponentials();
  std::array<std::uint32_t, 31> keys{};
  std::uint64_t bits = 0;
  for (std::size_t day = 0; day < inverse_weights_.size(); ++day) {
    if (day % 5 == 0)
      bits = draw_.bits(Purpose::dates, technician,
                        static_cast<std::uint64_t>(month_number(month_)) * 8 + day / 5);
    const float key = table[bits & ((1U << exponential_bits) - 1)] * inverse_weights_[day];
    bits >>= exponential_bits;
    keys[day] = (std::bit_cast<std::uint32_t>(key) & ~day_mask) | static_cast<std::uint32_t>(day);
  }
  const auto end = keys.begin() + static_cast<std::ptrdiff_t>(inverse_weights_.size());
  if (days < inverse_weights_.size()) std::nth_element(keys.begin(), keys.begin() + days, end);
  std::uint32_t dates = 0;
  for (std::uint32_t i = 0; i < days; ++i) dates |= 1U << (keys[i] & day_mask);
  return dates;
}

}  // namespace sitegate::cloud
