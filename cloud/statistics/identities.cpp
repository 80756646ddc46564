// The identities of the published report, checked on the finished numbers. Everything is compared by
// addition, so that wrong numbers cannot wrap around.
#include <spdlog/fmt/fmt.h>

#include "cloud/statistics/operating_status.hpp"

namespace sitegate::cloud {
namespace {

class Check {
 public:
  void equal(std::string_view what, std::uint64_t left, std::uint64_t right) {
    if (left != right) violations_.push_back(fmt::format("{}: {} is not {}", what, left, right));
  }
  std::vector<std::string> take() { return std::move(violations_); }

 private:
  std::vector<std::string> violations_;
};

void check_fiscal_year(Check& check, std::string_view name, const RegisteredRow& row) {
  check.equal(fmt::format("{}: stock at the last fiscal year end + fiscal year = stock", name),
              row.stock_at_last_fiscal_year + row.fiscal_year, row.stock);
}

/// cumulative(m) = cumulative(m-1) + new(m), for everything whose flow and stock are counted the same way.
void check_running_sum(Check& check, const OperatingStatus& status, std::string_view name,
                       Flow SeriesMonth::*flow) {
  std::uint64_t before = 0;
  for (const SeriesMonth& month : status.series) {
    const Flow& now = month.*flow;
    check.equal(fmt::format("{} {}: month before + new = cumulative", name, to_text(month.month)),
                before + now.new_in_month, now.cumulative);
    before = now.cumulative;
  }
}

void check_company_kinds(Check& check, const OperatingStatus& status) {
  for (const SeriesMonth& month : status.series) {
    check.equal(
        fmt::format("companies {}: corporations, individual businesses + sole proprietors = companies",
                    to_text(month.month)),
        month.corporations_and_individual_businesses.cumulative + month.sole_proprietors.cumulative,
        month.companies.cumulative);
    check.equal(
        fmt::format("companies {}: new of both kinds = new", to_text(month.month)),
        month.corporations_and_individual_businesses.new_in_month + month.sole_proprietors.new_in_month,
        month.companies.new_in_month);
  }
}

void check_prefectures(Check& check, const OperatingStatus& status) {
  PrefectureRow sum;
  for (const PrefectureRow& row : status.prefectures) {
    sum.technicians += row.technicians;
    sum.companies += row.companies;
    sum.companies_excluding_sole_proprietors += row.companies_excluding_sole_proprietors;
  }
  const Registered& total = status.registered;
  check.equal("technicians: sum of the 47 prefectures = total", sum.technicians, total.technicians.stock);
  check.equal("companies: sum of the 47 prefectures = total", sum.companies, total.companies.stock);
  check.equal("companies excluding sole proprietors: sum of the 47 prefectures = total",
              sum.companies_excluding_sole_proprietors, total.companies_excluding_sole_proprietors.stock);
}

/// The tables say the same as the series' last month.
void check_last_month(Check& check, const OperatingStatus& status) {
  const SeriesMonth& last = status.series.back();
  const Registered& table = status.registered;
  check.equal("technicians: series = stock", last.technicians.cumulative, table.technicians.stock);
  check.equal("companies: series = stock", last.companies.cumulative, table.companies.stock);
  check.equal("companies excluding sole proprietors: series = stock",
              last.corporations_and_individual_businesses.cumulative,
              table.companies_excluding_sole_proprietors.stock);
  check.equal("technicians: series = new", last.technicians.new_in_month, table.technicians.new_in_month);
  check.equal("companies: series = new", last.companies.new_in_month, table.companies.new_in_month);
  check.equal("sites: series = month", last.sites.new_in_month, status.new_sites.month);
  check.equal("sites: series = cumulative", last.sites.cumulative, status.new_sites.cumulative);
  check.equal("histories: series = month", last.histories.new_in_month, status.work_histories.month);
  check.equal("histories: series = cumulative", last.histories.cumulative, status.work_histories.cumulative);
}

/// Cumulative at the last fiscal year end; 0 before the series.
Flow flow_at_last_fiscal_year(const OperatingStatus& status, Flow SeriesMonth::*flow) {
  for (const SeriesMonth& month : status.series)
    if (month.month == last_fiscal_year_end(status.month)) return month.*flow;
  return {};
}

void check_use_in_fiscal_year(Check& check, const OperatingStatus& status) {
  check.equal("sites: cumulative at the last fiscal year end + fiscal year = cumulative",
              flow_at_last_fiscal_year(status, &SeriesMonth::sites).cumulative + status.new_sites.fiscal_year,
              status.new_sites.cumulative);
  check.equal("histories: cumulative at the last fiscal year end + fiscal year = cumulative",
              flow_at_last_fiscal_year(status, &SeriesMonth::histories).cumulative +
                  status.work_histories.fiscal_year,
              status.work_histories.cumulative);
}

void check_methods(Check& check, const OperatingStatus& status) {
  std::uint64_t sum = 0;
  for (const MethodRow& row : status.methods) sum += row.effective + row.not_effective;
  check.equal("histories: sum of the methods = month", sum, status.work_histories.month);
}

}  // namespace

std::vector<std::string> identity_violations(const OperatingStatus& status) {
  Check check;
  check_fiscal_year(check, "technicians", status.registered.technicians);
  check_fiscal_year(check, "companies", status.registered.companies);
  check_fiscal_year(check, "companies excluding sole proprietors",
                    status.registered.companies_excluding_sole_proprietors);
  check_running_sum(check, status, "technicians", &SeriesMonth::technicians);
  check_running_sum(check, status, "companies", &SeriesMonth::companies);
  check_running_sum(check, status, "sites", &SeriesMonth::sites);
  check_running_sum(check, status, "histories", &SeriesMonth::histories);
  check_company_kinds(check, status);
  check_prefectures(check, status);
  if (!status.series.empty()) check_last_month(check, status);
  check_use_in_fiscal_year(check, status);
  check_methods(check, status);
  check.equal("records without a valid month", status.without_month, 0);
  return check.take();
}

}  // namespace sitegate::cloud
