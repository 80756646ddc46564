#include "tests/cloud/statistics/synthetic_rollups.hpp"

namespace sitegate::cloud {
namespace {

/// 1 to 23, differing from cell to cell.
std::uint64_t count_at(int a, int b, int c) {
  return static_cast<std::uint64_t>((a * 7 + b * 5 + c * 11) % 23 + 1);
}

void add_companies(Rollups& rollups, Month month, Prefecture prefecture) {
  for (int today = 1; today <= 3; ++today)
    for (int approval = 1; approval <= 3; ++approval)
      rollups.companies.push_back({month, prefecture, static_cast<CompanyClass>(today),
                                   static_cast<CompanyClass>(approval),
                                   count_at(month_number(month), prefecture.code(), today * 3 + approval)});
}

void add_histories(Rollups& rollups, Month month, Prefecture prefecture) {
  for (int method = 1; method <= method_max; ++method)
    for (const bool effective : {false, true})
      rollups.histories.push_back(
          {month, prefecture, static_cast<Method>(method), effective,
           count_at(month_number(month), prefecture.code(), method * 2 + (effective ? 1 : 0))});
}

}  // namespace

Rollups synthetic_rollups() {
  Rollups rollups;
  for (int number = month_number(synthetic_first); number <= month_number(synthetic_last); ++number) {
    const Month month = month_from_number(number);
    for (int code = 1; code <= 47; ++code) {
      const Prefecture prefecture = *Prefecture::from_code(code);
      rollups.technicians.push_back({month, prefecture, count_at(number, code, 1)});
      rollups.sites.push_back({month, prefecture, count_at(number, code, 2)});
      add_companies(rollups, month, prefecture);
      add_histories(rollups, month, prefecture);
    }
  }
  return rollups;
}

}  // namespace sitegate::cloud
