#include "cloud/simulation/plan.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "shared/base/error.hpp"

namespace sitegate::cloud {
namespace {

constexpr Month registration_start = std::chrono::year{2018} / std::chrono::April;
constexpr Month operation_start = std::chrono::year{2019} / std::chrono::April;
constexpr double first_flow_share = 1.0 / 12;  // of the mean: a slow start

std::size_t months_from(Month first, Month last) {
  return static_cast<std::size_t>(month_number(last) - month_number(first)) + 1;
}

/// `share(x)` rises from 0 to 1; rounding up lets the very first month have someone at any scale.
std::vector<std::uint64_t> from_cumulative(std::uint64_t total, std::size_t months,
                                           const std::function<double(double)>& share) {
  std::vector<std::uint64_t> counts(months);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < months; ++i) {
    const double x = static_cast<double>(i + 1) / static_cast<double>(months);
    const auto raw = static_cast<std::uint64_t>(std::ceil(static_cast<double>(total) * share(x)));
    const auto now = i + 1 == months ? total : std::clamp(raw, before, total);
    counts[i] = now - before;
    before = now;
  }
  return counts;
}

std::vector<std::uint64_t> even_counts(std::uint64_t total, std::size_t months) {
  return from_cumulative(total, months, [](double x) { return x; });
}

void append(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Month last_fiscal_year_end(Month month) {
  return std::chrono::year{fiscal_year(month)} / std::chrono::March;
}

/// A history of growth until `year_end`, then `recent` (whose first `even` months share `recent_total`
/// evenly).
MonthlySeries series(Month first, Month year_end, std::uint64_t at_year_end,
                     const std::vector<std::uint64_t>& recent, std::size_t even) {
  const auto recent_total =
      std::accumulate(recent.begin(), recent.begin() + static_cast<std::ptrdiff_t>(even), std::uint64_t{0});
  const double last_flow = static_cast<double>(recent_total) / static_cast<double>(even);
  MonthlySeries made{first, rising_counts(at_year_end, months_from(first, year_end), last_flow)};
  append(made.counts, recent);
  return made;
}

MonthlySeries registrations(const RegisteredCounts& counts, Month month) {
  const Month year_end = last_fiscal_year_end(month);
  const std::size_t even = months_from(year_end, month) - 2;  // the months between year end and `month`
  auto recent = even_counts(counts.in_fiscal_year - counts.in_month, even);
  recent.push_back(counts.in_month);
  return series(registration_start, year_end, counts.at_last_fiscal_year_end, recent, even);
}

MonthlySeries site_series(const SiteCounts& counts, Month month) {
  const Month year_end = last_fiscal_year_end(month);
  const auto april =
      counts.in_fiscal_year - counts.in_month - counts.in_previous_month - counts.two_months_before;
  const std::vector<std::uint64_t> recent{april, counts.two_months_before, counts.in_previous_month,
                                          counts.in_month};
  return series(operation_start, year_end, counts.cumulative - counts.in_fiscal_year, recent, recent.size());
}

MonthlySeries history_series(const HistoryCounts& counts, Month month) {
  const Month year_end = last_fiscal_year_end(month);
  const std::size_t even = months_from(year_end, month) - 3;
  auto recent = even_counts(counts.in_fiscal_year - counts.in_month - counts.in_previous_month, even);
  recent.push_back(counts.in_previous_month);
  recent.push_back(counts.in_month);
  return series(operation_start, year_end, counts.cumulative - counts.in_fiscal_year, recent, even);
}

RegisteredCounts sole_proprietors(const Published& published) {
  const auto& all = published.companies;
  const auto& others = published.companies_without_sole_proprietors;
  return {all.in_month - others.in_month, all.at_month_end - others.at_month_end,
          all.at_last_fiscal_year_end - others.at_last_fiscal_year_end,
          all.in_fiscal_year - others.in_fiscal_year};
}

}  // namespace

std::uint64_t MonthlySeries::in(Month month) const {
  const int index = month_number(month) - month_number(first);
  return index < 0 || index >= static_cast<int>(counts.size()) ? 0 : counts[static_cast<std::size_t>(index)];
}

std::uint64_t MonthlySeries::until(Month month) const {
  const auto months =
      std::clamp(month_number(month) - month_number(first) + 1, 0, static_cast<int>(counts.size()));
  return std::accumulate(counts.begin(), counts.begin() + months, std::uint64_t{0});
}

std::uint64_t MonthlySeries::total() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::vector<std::uint64_t> rising_counts(std::uint64_t total, std::size_t months, double last_flow) {
  SITEGATE_ASSERT(months > 0);
  const double mean = static_cast<double>(total) / static_cast<double>(months);
  const double first_flow = mean * first_flow_share;
  if (total == 0 || last_flow <= mean) return even_counts(total, months);
  // Flow a + (b - a) x^p over x in [0, 1] has the mean a + (b - a) / (p + 1).
  const double power = (last_flow - first_flow) / (mean - first_flow) - 1;
  return from_cumulative(total, months, [=](double x) {
    return (first_flow * x + (last_flow - first_flow) * std::pow(x, power + 1) / (power + 1)) / mean;
  });
}

Plan make_plan(const Published& published) {
  Plan plan;
  plan.last = published.month;
  plan.technicians = registrations(published.technicians, published.month);
  plan.companies = registrations(published.companies_without_sole_proprietors, published.month);
  plan.sole_proprietors = registrations(sole_proprietors(published), published.month);
  plan.sites = site_series(published.sites, published.month);
  plan.histories = history_series(published.histories, published.month);
  plan.technicians_by_prefecture = published.technicians_by_prefecture;
  plan.companies_by_prefecture = published.companies_without_sole_proprietors_by_prefecture;
  for (std::size_t i = 0; i < prefecture_count; ++i)
    plan.sole_proprietors_by_prefecture[i] =
        published.companies_by_prefecture[i] - plan.companies_by_prefecture[i];
  plan.sites_by_prefecture = by_largest_remainder(plan.companies_by_prefecture, plan.sites.total());
  return plan;
}

}  // namespace sitegate::cloud
