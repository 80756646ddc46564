// The published figures completed to a number for every month. Pure arithmetic, no store.
//
// Between two published cumulative counts the months follow a rising power curve (or an even split over the
// few months since the last fiscal year's end); cumulative rounding upwards makes whole numbers that sum
// exactly.
#pragma once
#include <vector>

#include "cloud/simulation/published_2023_07.hpp"

namespace sitegate::cloud {

struct MonthlySeries {
  Month first{};
  std::vector<std::uint64_t> counts;  ///< one for each month from `first`

  [[nodiscard]] std::uint64_t in(Month month) const;     ///< 0 outside
  [[nodiscard]] std::uint64_t until(Month month) const;  ///< cumulative, `month` included
  [[nodiscard]] std::uint64_t total() const;
};

struct Plan {
  Month last{};                    ///< the published month
  MonthlySeries technicians;       ///< by month of registration, from 2018-04
  MonthlySeries companies;         ///< without sole proprietors, by month of approval, from 2018-04
  MonthlySeries sole_proprietors;  ///< from 2018-04
  MonthlySeries sites;             ///< from 2019-04
  MonthlySeries histories;         ///< by month of the work date, from 2019-04
  PrefectureCounts technicians_by_prefecture{};
  PrefectureCounts companies_by_prefecture{};  ///< without sole proprietors
  PrefectureCounts sole_proprietors_by_prefecture{};
  PrefectureCounts sites_by_prefecture{};  ///< not published: in proportion to the companies
};

Plan make_plan(const Published& published);

/// `months` counts that sum to `total`, never falling by more than rounding: the flow rises as a power curve
/// from about a twelfth of the mean to `last_flow`. Where `last_flow` is not above the mean, all months are
/// even.
std::vector<std::uint64_t> rising_counts(std::uint64_t total, std::size_t months, double last_flow);

}  // namespace sitegate::cloud
