// operating_status against a plain recount of the same counters, and the borders of months and fiscal years.
#include "cloud/statistics/operating_status.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/cloud/statistics/synthetic_rollups.hpp"

using namespace sitegate;
using namespace sitegate::cloud;

namespace {

Month at(int year, unsigned number) {
  return std::chrono::year(year) / std::chrono::month(number);
}

/// The sum of the cells that `wanted` accepts: the definition, without any of the code under test.
template <typename Cell, typename Wanted>
std::uint64_t sum(const std::vector<Cell>& cells, Wanted&& wanted) {
  std::uint64_t total = 0;
  for (const Cell& cell : cells)
    if (wanted(cell)) total += cell.count;
  return total;
}

template <typename Cell>
std::uint64_t in_month(const std::vector<Cell>& cells, Month month) {
  return sum(cells, [month](const Cell& cell) { return cell.month == month; });
}

template <typename Cell>
std::uint64_t through(const std::vector<Cell>& cells, Month month) {
  return sum(cells, [month](const Cell& cell) { return cell.month <= month; });
}

template <typename Cell>
std::uint64_t between(const std::vector<Cell>& cells, Month first, Month last) {
  return sum(cells, [=](const Cell& cell) { return first <= cell.month && cell.month <= last; });
}

const Rollups& nation() {
  static const Rollups rollups = synthetic_rollups();
  return rollups;
}

bool is_sole(CompanyClass company_class) {
  return company_class == CompanyClass::sole_proprietor;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(operating_status_of_a_month)

BOOST_AUTO_TEST_CASE(technicians_and_companies) {
  const auto status = operating_status(nation(), at(2023, 7));
  const auto& technicians = status.registered.technicians;
  BOOST_TEST(technicians.new_in_month == in_month(nation().technicians, at(2023, 7)));
  BOOST_TEST(technicians.stock == through(nation().technicians, at(2023, 7)));
  BOOST_TEST(technicians.stock_at_last_fiscal_year == through(nation().technicians, at(2023, 3)));
  BOOST_TEST(technicians.fiscal_year == between(nation().technicians, at(2023, 4), at(2023, 7)));
  const auto& companies = status.registered.companies;
  BOOST_TEST(companies.new_in_month == in_month(nation().companies, at(2023, 7)));
  BOOST_TEST(companies.stock == through(nation().companies, at(2023, 7)));
}

BOOST_AUTO_TEST_CASE(stock_goes_by_the_class_of_today_and_flow_by_the_class_at_approval) {
  const auto row = operating_status(nation(), at(2023, 7)).registered.companies_excluding_sole_proprietors;
  const auto& cells = nation().companies;
  const auto stock = sum(cells, [](const CompanyCell& cell) {
    return cell.month <= at(2023, 7) && !is_sole(cell.company_class);
  });
  const auto flow = sum(cells, [](const CompanyCell& cell) {
    return cell.month == at(2023, 7) && !is_sole(cell.company_class_at_approval);
  });
  const auto flow_by_today = sum(cells, [](const CompanyCell& cell) {
    return cell.month == at(2023, 7) && !is_sole(cell.company_class);
  });
  BOOST_TEST(row.stock == stock);
  BOOST_TEST(row.new_in_month == flow);
  BOOST_REQUIRE(flow != flow_by_today);  // otherwise this test could not tell the rules apart
}

BOOST_AUTO_TEST_CASE(sites_and_histories) {
  const auto status = operating_status(nation(), at(2023, 7));
  const auto& sites = nation().sites;
  BOOST_TEST(
      (status.new_sites == NewSites{in_month(sites, at(2023, 7)), in_month(sites, at(2023, 6)),
                                    in_month(sites, at(2023, 5)), between(sites, at(2023, 4), at(2023, 7)),
                                    through(sites, at(2023, 7))}));
  const auto& histories = nation().histories;
  BOOST_TEST((status.work_histories ==
              WorkHistories{in_month(histories, at(2023, 7)), in_month(histories, at(2023, 6)),
                            through(histories, at(2023, 7)), between(histories, at(2023, 4), at(2023, 7))}));
}

BOOST_AUTO_TEST_CASE(prefectures) {
  const auto status = operating_status(nation(), at(2023, 7));
  for (const PrefectureRow& row : status.prefectures) {
    const auto here = [&row](const auto& cell) {
      return cell.prefecture == row.prefecture && cell.month <= at(2023, 7);
    };
    BOOST_TEST(row.technicians == sum(nation().technicians, here));
    BOOST_TEST(row.companies == sum(nation().companies, here));
    BOOST_TEST(row.companies_excluding_sole_proprietors ==
               sum(nation().companies,
                   [&](const CompanyCell& cell) { return here(cell) && !is_sole(cell.company_class); }));
  }
}

BOOST_AUTO_TEST_CASE(methods) {
  const auto status = operating_status(nation(), at(2023, 7));
  for (std::size_t i = 0; i < status.methods.size(); ++i) {
    const MethodRow& row = status.methods[i];
    BOOST_TEST(static_cast<std::size_t>(row.method) == i + 1);
    const auto count = [&row](bool effective) {
      return sum(nation().histories, [&](const HistoryCell& cell) {
        return cell.month == at(2023, 7) && cell.method == row.method && cell.effective == effective;
      });
    };
    BOOST_TEST(row.effective == count(true));
    BOOST_TEST(row.not_effective == count(false));
  }
}

BOOST_AUTO_TEST_CASE(series_has_every_month_from_the_first_to_the_last) {
  const auto status = operating_status(nation(), at(2023, 7));
  BOOST_REQUIRE(status.series.size() == 18U);
  BOOST_TEST((status.series.front().month == synthetic_first));
  BOOST_TEST((status.series.back().month == at(2023, 7)));
  for (const SeriesMonth& month : status.series) {
    BOOST_TEST(month.histories.new_in_month == in_month(nation().histories, month.month));
    BOOST_TEST(month.histories.cumulative == through(nation().histories, month.month));
    BOOST_TEST(month.sites.cumulative == through(nation().sites, month.month));
    BOOST_TEST(month.sole_proprietors.new_in_month == sum(nation().companies, [&](const CompanyCell& cell) {
                 return cell.month == month.month && is_sole(cell.company_class_at_approval);
               }));
  }
}

BOOST_AUTO_TEST_CASE(months_without_any_record_stand_in_the_series) {
  Rollups rollups;
  rollups.sites = {{at(2022, 12), *Prefecture::from_code(1), 3}, {at(2023, 4), *Prefecture::from_code(1), 2}};
  const auto status = operating_status(rollups, at(2023, 5));
  BOOST_REQUIRE(status.series.size() == 6U);
  BOOST_TEST((status.series[2].sites == Flow{0, 3}));
  BOOST_TEST((status.series[5].sites == Flow{0, 5}));
}

BOOST_AUTO_TEST_CASE(later_months_are_ignored) {
  Rollups cut = nation();
  const auto later = [](const auto& cell) { return cell.month > at(2023, 7); };
  BOOST_REQUIRE(std::erase_if(cut.technicians, later) > 0U);
  std::erase_if(cut.companies, later);
  std::erase_if(cut.sites, later);
  std::erase_if(cut.histories, later);
  BOOST_TEST((operating_status(cut, at(2023, 7)) == operating_status(nation(), at(2023, 7))));
}

BOOST_AUTO_TEST_CASE(fiscal_year_ends_with_march_and_starts_with_april) {
  const auto march = operating_status(nation(), at(2023, 3));
  BOOST_TEST(march.new_sites.fiscal_year == between(nation().sites, at(2022, 4), at(2023, 3)));
  BOOST_TEST(march.registered.technicians.stock_at_last_fiscal_year ==
             through(nation().technicians, at(2022, 3)));
  const auto april = operating_status(nation(), at(2023, 4));
  BOOST_TEST(april.new_sites.fiscal_year == april.new_sites.month);
  BOOST_TEST(april.work_histories.fiscal_year == april.work_histories.month);
  BOOST_TEST(april.registered.technicians.stock_at_last_fiscal_year == march.registered.technicians.stock);
}

BOOST_AUTO_TEST_CASE(january_looks_back_over_the_year_border) {
  const auto january = operating_status(nation(), at(2023, 1));
  BOOST_TEST(january.new_sites.month_before == in_month(nation().sites, at(2022, 12)));
  BOOST_TEST(january.new_sites.two_months_before == in_month(nation().sites, at(2022, 11)));
  BOOST_TEST((last_fiscal_year_end(at(2023, 1)) == at(2022, 3)));
}

BOOST_AUTO_TEST_CASE(nothing_counted_gives_a_report_of_zeros) {
  const auto status = operating_status(Rollups{}, at(2023, 7));
  BOOST_TEST(status.series.size() == 1U);
  BOOST_TEST((status.registered == Registered{}));
  BOOST_TEST(identity_violations(status).empty());
}

BOOST_AUTO_TEST_SUITE_END()
