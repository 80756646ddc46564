#include "cloud/report/facts.hpp"

#include <spdlog/fmt/fmt.h>

namespace sitegate::cloud {
namespace {

class FactList {
 public:
  /// Facts added from now on stand in this row.
  void row(std::string table, std::string row) {
    table_ = std::move(table);
    row_ = std::move(row);
  }
  void add(std::string column, std::uint64_t value) {
    facts_.push_back({table_, row_, std::move(column), value});
  }
  std::vector<Fact> take() { return std::move(facts_); }

 private:
  std::string table_;
  std::string row_;
  std::vector<Fact> facts_;
};

std::string fiscal_year_column(Month month) {
  return fmt::format("fiscal_year_{}", fiscal_year(month));
}

std::string months_before(Month month, int count) {
  return to_text(month_from_number(month_number(month) - count));
}

void add_registered(FactList& list, Month month, const char* name, const RegisteredRow& row) {
  list.row("registered", name);
  list.add("new_" + to_text(month), row.new_in_month);
  list.add("stock_" + to_text(month), row.stock);
  list.add("stock_" + to_text(last_fiscal_year_end(month)), row.stock_at_last_fiscal_year);
  list.add(fiscal_year_column(month), row.fiscal_year);
}

void add_use(FactList& list, const OperatingStatus& status) {
  list.row("new_sites", "sites");
  list.add(to_text(status.month), status.new_sites.month);
  list.add(months_before(status.month, 1), status.new_sites.month_before);
  list.add(months_before(status.month, 2), status.new_sites.two_months_before);
  list.add(fiscal_year_column(status.month), status.new_sites.fiscal_year);
  list.add("cumulative", status.new_sites.cumulative);
  list.row("work_histories", "histories");
  list.add(to_text(status.month), status.work_histories.month);
  list.add(months_before(status.month, 1), status.work_histories.month_before);
  list.add("cumulative", status.work_histories.cumulative);
  list.add(fiscal_year_column(status.month), status.work_histories.fiscal_year);
}

void add_methods(FactList& list, const OperatingStatus& status) {
  for (const MethodRow& row : status.methods) {
    list.row("histories_by_method", std::string(to_text(row.method)));
    list.add("effective", row.effective);
    list.add("not_effective", row.not_effective);
  }
}

std::string code_text(Prefecture prefecture) {
  return fmt::format("{:02}", prefecture.code());
}

void add_technicians_by_prefecture(FactList& list, const OperatingStatus& status) {
  for (const PrefectureRow& row : status.prefectures) {
    list.row("technicians_by_prefecture", code_text(row.prefecture));
    list.add("technicians", row.technicians);
  }
  list.row("technicians_by_prefecture", "total");
  list.add("technicians", status.registered.technicians.stock);
}

void add_companies_by_prefecture(FactList& list, const OperatingStatus& status) {
  const auto add = [&list](std::string row, std::uint64_t companies, std::uint64_t excluding) {
    list.row("companies_by_prefecture", std::move(row));
    list.add("companies", companies);
    list.add("companies_excluding_sole_proprietors", excluding);
  };
  for (const PrefectureRow& row : status.prefectures)
    add(code_text(row.prefecture), row.companies, row.companies_excluding_sole_proprietors);
  add("total", status.registered.companies.stock,
      status.registered.companies_excluding_sole_proprietors.stock);
}

struct SeriesFlow {
  const char* suffix;
  Flow SeriesMonth::*flow;
};

void add_series(FactList& list, const OperatingStatus& status, const char* table,
                std::initializer_list<SeriesFlow> flows) {
  for (const SeriesMonth& month : status.series) {
    list.row(table, to_text(month.month));
    for (const SeriesFlow& flow : flows) {
      list.add(fmt::format("new{}", flow.suffix), (month.*flow.flow).new_in_month);
      list.add(fmt::format("cumulative{}", flow.suffix), (month.*flow.flow).cumulative);
    }
  }
}

void add_entered(FactList& list, const EnteredFigures& entered) {
  for (const EnteredFigure& figure : entered.figures) {
    list.row("entered", figure.key);
    list.add("value", figure.value);
  }
}

}  // namespace

std::vector<Fact> facts(const OperatingStatus& status, const EnteredFigures& entered) {
  FactList list;
  add_registered(list, status.month, "technicians", status.registered.technicians);
  add_registered(list, status.month, "companies", status.registered.companies);
  add_registered(list, status.month, "companies_excluding_sole_proprietors",
                 status.registered.companies_excluding_sole_proprietors);
  add_use(list, status);
  add_methods(list, status);
  add_technicians_by_prefecture(list, status);
  add_companies_by_prefecture(list, status);
  add_series(list, status, "technicians_by_month", {{"", &SeriesMonth::technicians}});
  add_series(
      list, status, "companies_by_month",
      {{"", &SeriesMonth::companies},
       {"_sole_proprietors", &SeriesMonth::sole_proprietors},
       {"_corporations_and_individual_businesses", &SeriesMonth::corporations_and_individual_businesses}});
  add_series(list, status, "sites_by_month", {{"", &SeriesMonth::sites}});
  add_series(list, status, "histories_by_month", {{"", &SeriesMonth::histories}});
  add_entered(list, entered);
  return list.take();
}

}  // namespace sitegate::cloud
