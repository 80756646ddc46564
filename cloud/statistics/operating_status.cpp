#include "cloud/statistics/operating_status.hpp"

#include <algorithm>
#include <limits>
#include <span>

namespace sitegate::cloud {
namespace {

/// Every kind of cell that has a month and a count.
template <typename Use>
void for_each_kind(const Rollups& rollups, Use&& use) {
  use(rollups.histories);
  use(rollups.technicians);
  use(rollups.companies);
  use(rollups.sites);
}

Month first_month(const Rollups& rollups, Month month) {
  Month first = month;
  for_each_kind(rollups, [&first](const auto& cells) {
    for (const auto& cell : cells)
      if (cell.month.ok()) first = std::min(first, cell.month);
  });
  return first;
}

std::uint64_t count_without_month(const Rollups& rollups) {
  std::uint64_t count = 0;
  for_each_kind(rollups, [&count](const auto& cells) {
    for (const auto& cell : cells)
      if (!cell.month.ok()) count += cell.count;
  });
  return count;
}

std::vector<SeriesMonth> empty_series(Month first, Month last) {
  std::vector<SeriesMonth> series;
  for (int number = month_number(first); number <= month_number(last); ++number)
    series.emplace_back().month = month_from_number(number);
  return series;
}

std::array<PrefectureRow, prefecture_count> empty_prefectures() {
  std::array<PrefectureRow, prefecture_count> rows{};
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].prefecture = *Prefecture::from_code(static_cast<int>(i) + 1);
  return rows;
}

std::array<MethodRow, method_max> empty_methods() {
  std::array<MethodRow, method_max> rows{};
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].method = static_cast<Method>(i + 1);
  return rows;
}

/// Null for a month before the series.
const SeriesMonth* find(const OperatingStatus& status, Month month) {
  const int index = month_number(month) - month_number(status.series.front().month);
  const bool inside = index >= 0 && static_cast<std::size_t>(index) < status.series.size();
  return inside ? &status.series[static_cast<std::size_t>(index)] : nullptr;
}

bool counts(Month month, const OperatingStatus& status) {
  return month.ok() && month <= status.month;
}

SeriesMonth& of_month(OperatingStatus& status, Month month) {
  return status
      .series[static_cast<std::size_t>(month_number(month) - month_number(status.series.front().month))];
}

/// Null for an unset prefecture: the record then stands in the totals only, and the identities show it.
PrefectureRow* of_prefecture(OperatingStatus& status, Prefecture prefecture) {
  return prefecture.code() == 0 ? nullptr : &status.prefectures[prefecture.code() - 1U];
}

// In the functions that follow, `cumulative` first holds what the single month adds; accumulate() sums it up.

void count(OperatingStatus& status, const TechnicianCell& cell) {
  of_month(status, cell.month).technicians.new_in_month += cell.count;
  of_month(status, cell.month).technicians.cumulative += cell.count;
  if (auto* row = of_prefecture(status, cell.prefecture)) row->technicians += cell.count;
}

Flow& flow_of(SeriesMonth& month, CompanyClass company_class) {
  return company_class == CompanyClass::sole_proprietor ? month.sole_proprietors
                                                        : month.corporations_and_individual_businesses;
}

void count(OperatingStatus& status, const CompanyCell& cell) {
  SeriesMonth& month = of_month(status, cell.month);
  month.companies.new_in_month += cell.count;
  month.companies.cumulative += cell.count;
  flow_of(month, cell.company_class_at_approval).new_in_month += cell.count;
  flow_of(month, cell.company_class).cumulative += cell.count;
  auto* row = of_prefecture(status, cell.prefecture);
  if (row == nullptr) return;
  row->companies += cell.count;
  if (cell.company_class != CompanyClass::sole_proprietor)
    row->companies_excluding_sole_proprietors += cell.count;
}

void count(OperatingStatus& status, const SiteCell& cell) {
  of_month(status, cell.month).sites.new_in_month += cell.count;
  of_month(status, cell.month).sites.cumulative += cell.count;
}

void count(OperatingStatus& status, const HistoryCell& cell) {
  of_month(status, cell.month).histories.new_in_month += cell.count;
  of_month(status, cell.month).histories.cumulative += cell.count;
  if (cell.month != status.month) return;
  const auto index = static_cast<std::size_t>(cell.method) - 1;
  if (index >= status.methods.size()) return;  // shown by identity_violations
  auto& row = status.methods[index];
  (cell.effective ? row.effective : row.not_effective) += cell.count;
}

constexpr std::array all_flows{&SeriesMonth::technicians,
                               &SeriesMonth::companies,
                               &SeriesMonth::sole_proprietors,
                               &SeriesMonth::corporations_and_individual_businesses,
                               &SeriesMonth::sites,
                               &SeriesMonth::histories};

void accumulate(std::vector<SeriesMonth>& series) {
  for (std::size_t i = 1; i < series.size(); ++i)
    for (const auto flow : all_flows) (series[i].*flow).cumulative += (series[i - 1].*flow).cumulative;
}

Flow flow_at(const OperatingStatus& status, Month month, Flow SeriesMonth::*flow) {
  const SeriesMonth* found = find(status, month);
  return found == nullptr ? Flow{} : found->*flow;
}

RegisteredRow registered_row(const OperatingStatus& status, Flow SeriesMonth::*flow) {
  const Flow now = flow_at(status, status.month, flow);
  const Flow march = flow_at(status, last_fiscal_year_end(status.month), flow);
  return {.new_in_month = now.new_in_month,
          .stock = now.cumulative,
          .stock_at_last_fiscal_year = march.cumulative,
          .fiscal_year = now.cumulative - march.cumulative};
}

Registered registered(const OperatingStatus& status) {
  return {.technicians = registered_row(status, &SeriesMonth::technicians),
          .companies = registered_row(status, &SeriesMonth::companies),
          .companies_excluding_sole_proprietors =
              registered_row(status, &SeriesMonth::corporations_and_individual_businesses)};
}

std::uint64_t new_in_fiscal_year(const OperatingStatus& status, Flow SeriesMonth::*flow) {
  std::uint64_t sum = 0;
  for (const SeriesMonth& month : status.series)
    if (fiscal_year(month.month) == fiscal_year(status.month)) sum += (month.*flow).new_in_month;
  return sum;
}

std::uint64_t new_in_month(const OperatingStatus& status, int months_before, Flow SeriesMonth::*flow) {
  return flow_at(status, month_from_number(month_number(status.month) - months_before), flow).new_in_month;
}

NewSites new_sites(const OperatingStatus& status) {
  return {.month = new_in_month(status, 0, &SeriesMonth::sites),
          .month_before = new_in_month(status, 1, &SeriesMonth::sites),
          .two_months_before = new_in_month(status, 2, &SeriesMonth::sites),
          .fiscal_year = new_in_fiscal_year(status, &SeriesMonth::sites),
          .cumulative = flow_at(status, status.month, &SeriesMonth::sites).cumulative};
}

WorkHistories work_histories(const OperatingStatus& status) {
  return {.month = new_in_month(status, 0, &SeriesMonth::histories),
          .month_before = new_in_month(status, 1, &SeriesMonth::histories),
          .cumulative = flow_at(status, status.month, &SeriesMonth::histories).cumulative,
          .fiscal_year = new_in_fiscal_year(status, &SeriesMonth::histories)};
}

}  // namespace

Month last_fiscal_year_end(Month month) {
  return std::chrono::year(fiscal_year(month)) / std::chrono::March;
}

OperatingStatus operating_status(const Rollups& rollups, Month month) {
  SITEGATE_ASSERT(month.ok());
  OperatingStatus status;
  status.month = month;
  status.prefectures = empty_prefectures();
  status.methods = empty_methods();
  status.series = empty_series(first_month(rollups, month), month);
  status.without_month = count_without_month(rollups);
  for_each_kind(rollups, [&status](const auto& cells) {
    for (const auto& cell : cells)
      if (counts(cell.month, status)) count(status, cell);
  });
  accumulate(status.series);
  status.registered = registered(status);
  status.new_sites = new_sites(status);
  status.work_histories = work_histories(status);
  return status;
}

}  // namespace sitegate::cloud
