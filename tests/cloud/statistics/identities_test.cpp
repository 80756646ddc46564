// Every identity of the report notices the number that breaks it.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "cloud/statistics/operating_status.hpp"
#include "tests/cloud/statistics/synthetic_rollups.hpp"

using namespace sitegate;
using namespace sitegate::cloud;

namespace {

constexpr Month july = std::chrono::year(2023) / std::chrono::July;

/// The violations after one number has been changed.
std::vector<std::string> after(const std::function<void(OperatingStatus&)>& change) {
  OperatingStatus status = operating_status(synthetic_rollups(), july);
  change(status);
  return identity_violations(status);
}

bool mentions(const std::vector<std::string>& violations, std::string_view words) {
  for (const auto& violation : violations)
    if (violation.find(words) != std::string::npos) return true;
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identities)

BOOST_AUTO_TEST_CASE(hold_for_every_month_of_a_nation) {
  for (int number = month_number(synthetic_first); number <= month_number(synthetic_last); ++number)
    for (const auto& violation :
         identity_violations(operating_status(synthetic_rollups(), month_from_number(number))))
      BOOST_ERROR(to_text(month_from_number(number)) + ": " + violation);
}

BOOST_AUTO_TEST_CASE(stock_at_march_plus_fiscal_year_is_the_stock) {
  BOOST_TEST(mentions(after([](auto& status) { ++status.registered.technicians.fiscal_year; }),
                      "technicians: stock at the last fiscal year end"));
  BOOST_TEST(mentions(after([](auto& status) { --status.registered.companies.stock_at_last_fiscal_year; }),
                      "companies: stock at the last fiscal year end"));
  BOOST_TEST(mentions(
      after([](auto& status) { ++status.registered.companies_excluding_sole_proprietors.fiscal_year; }),
      "companies excluding sole proprietors: stock at the last fiscal year end"));
}

BOOST_AUTO_TEST_CASE(cumulative_is_the_month_before_plus_new) {
  BOOST_TEST(mentions(after([](auto& status) { ++status.series[4].technicians.new_in_month; }),
                      "technicians 2022-06"));
  BOOST_TEST(
      mentions(after([](auto& status) { ++status.series[5].companies.cumulative; }), "companies 2022-07"));
  BOOST_TEST(mentions(after([](auto& status) { ++status.series[6].sites.cumulative; }), "sites 2022-08"));
  BOOST_TEST(
      mentions(after([](auto& status) { ++status.series[7].histories.new_in_month; }), "histories 2022-09"));
}

BOOST_AUTO_TEST_CASE(the_kinds_of_companies_add_up) {
  BOOST_TEST(
      mentions(after([](auto& status) { ++status.series[3].sole_proprietors.cumulative; }),
               "companies 2022-05: corporations, individual businesses + sole proprietors = companies"));
  BOOST_TEST(mentions(after([](auto& status) { ++status.series[3].sole_proprietors.new_in_month; }),
                      "companies 2022-05: new of both kinds = new"));
}

BOOST_AUTO_TEST_CASE(the_47_prefectures_add_up_to_the_total) {
  BOOST_TEST(mentions(after([](auto& status) { ++status.prefectures[46].technicians; }),
                      "technicians: sum of the 47"));
  BOOST_TEST(
      mentions(after([](auto& status) { ++status.prefectures[0].companies; }), "companies: sum of the 47"));
  BOOST_TEST(
      mentions(after([](auto& status) { ++status.prefectures[9].companies_excluding_sole_proprietors; }),
               "excluding sole proprietors: sum of the 47"));
}

BOOST_AUTO_TEST_CASE(the_tables_say_what_the_series_say) {
  BOOST_TEST(
      mentions(after([](auto& status) { ++status.registered.technicians.new_in_month; }), "series = new"));
  BOOST_TEST(mentions(after([](auto& status) { ++status.new_sites.month; }), "sites: series = month"));
  BOOST_TEST(
      mentions(after([](auto& status) { ++status.work_histories.month; }), "histories: series = month"));
}

BOOST_AUTO_TEST_CASE(the_fiscal_year_of_sites_and_histories) {
  BOOST_TEST(
      mentions(after([](auto& status) { ++status.new_sites.fiscal_year; }), "sites: cumulative at the last"));
  BOOST_TEST(mentions(after([](auto& status) { ++status.work_histories.fiscal_year; }),
                      "histories: cumulative at the last"));
}

BOOST_AUTO_TEST_CASE(the_methods_add_up_to_the_month) {
  BOOST_TEST(mentions(after([](auto& status) { ++status.methods[4].effective; }), "sum of the methods"));
}

BOOST_AUTO_TEST_CASE(a_record_without_prefecture_is_not_lost_silently) {
  Rollups rollups = synthetic_rollups();
  rollups.technicians.push_back({july, Prefecture{}, 2});
  BOOST_TEST(mentions(identity_violations(operating_status(rollups, july)), "technicians: sum of the 47"));
}

BOOST_AUTO_TEST_CASE(a_record_without_month_is_not_lost_silently) {
  Rollups rollups = synthetic_rollups();
  rollups.sites.push_back({Month{}, *Prefecture::from_code(13), 5});
  const auto status = operating_status(rollups, july);
  BOOST_TEST(status.without_month == 5U);
  BOOST_TEST(status.series.size() == 18U);
  BOOST_TEST(mentions(identity_violations(status), "without a valid month"));
}

BOOST_AUTO_TEST_CASE(a_number_too_small_by_one_cannot_wrap_around) {
  const auto violations = after([](auto& status) { status.registered.technicians.stock = 0; });
  BOOST_TEST(mentions(violations, "is not 0"));
}

BOOST_AUTO_TEST_SUITE_END()
