// The July 2023 report, number by number.
#include "tests/cloud/statistics/published_july_2023.hpp"

#include <boost/test/unit_test.hpp>

#include "cloud/statistics/operating_status.hpp"

using namespace sitegate;
using namespace sitegate::cloud;
namespace published = sitegate::cloud::published_july_2023;

BOOST_AUTO_TEST_SUITE(published_report)

BOOST_AUTO_TEST_CASE(registered_is_as_published) {
  const auto status = operating_status(published::rollups(), published::month);
  const auto& table = status.registered;
  BOOST_TEST((table.technicians == RegisteredRow{23'708, 1'241'884, 1'140'762, 101'122}));
  BOOST_TEST((table.companies == RegisteredRow{3'644, 234'642, 217'537, 17'105}));
  BOOST_TEST((table.companies_excluding_sole_proprietors == RegisteredRow{2'143, 157'973, 147'850, 10'123}));
}

BOOST_AUTO_TEST_CASE(use_is_as_published) {
  const auto status = operating_status(published::rollups(), published::month);
  BOOST_TEST((status.new_sites == NewSites{4'646, 4'691, 4'001, 18'790, 127'798}));
  BOOST_TEST((status.work_histories == WorkHistories{4'633'589, 4'550'556, 96'993'947, 17'166'375}));
}

BOOST_AUTO_TEST_CASE(all_prefectures_are_as_published) {
  const auto status = operating_status(published::rollups(), published::month);
  for (std::size_t i = 0; i < prefecture_count; ++i) {
    const auto& expected = published::prefectures[i];
    const auto& row = status.prefectures[i];
    BOOST_TEST(row.prefecture.code() == i + 1);
    BOOST_TEST(row.technicians == expected.technicians);
    BOOST_TEST(row.companies == expected.companies);
    BOOST_TEST(row.companies_excluding_sole_proprietors == expected.companies_excluding_sole_proprietors);
  }
}

BOOST_AUTO_TEST_CASE(graphs_end_at_the_published_cumulative_numbers) {
  const auto status = operating_status(published::rollups(), published::month);
  const auto& last = status.series.back();
  BOOST_TEST(last.technicians.cumulative == 1'241'884U);
  BOOST_TEST(last.companies.cumulative == 234'642U);
  BOOST_TEST(last.sole_proprietors.cumulative == 76'669U);
  BOOST_TEST(last.corporations_and_individual_businesses.cumulative == 157'973U);
  BOOST_TEST(last.sites.cumulative == 127'798U);
  BOOST_TEST(last.histories.cumulative == 96'993'947U);
}

// The counters of July must not show in the report of June.
BOOST_AUTO_TEST_CASE(earlier_months_are_derived_from_the_same_counters) {
  const auto june = operating_status(published::rollups(), std::chrono::year(2023) / std::chrono::June);
  BOOST_TEST(june.registered.technicians.stock == 1'241'884U - 23'708U);
  BOOST_TEST(june.registered.companies.stock == 234'642U - 3'644U);
  BOOST_TEST(june.work_histories.month == 4'550'556U);
  BOOST_TEST(june.work_histories.cumulative == 96'993'947U - 4'633'589U);
  BOOST_TEST(june.new_sites.two_months_before == 5'452U);
}

BOOST_AUTO_TEST_CASE(identities_hold) {
  for (const auto& violation : identity_violations(operating_status(published::rollups(), published::month)))
    BOOST_ERROR(violation);
}

BOOST_AUTO_TEST_SUITE_END()
