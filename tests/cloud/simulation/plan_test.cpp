// The plan's arithmetic against the operating-status report for July 2023, sections 1 and 2 and annexes.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>

#include "cloud/simulation/plan.hpp"

using namespace sitegate;
using namespace sitegate::cloud;
namespace chrono = std::chrono;

namespace {

constexpr Month month_of_2023(unsigned month) {
  return chrono::year{2023} / chrono::month{month};
}

std::uint64_t sum(const PrefectureCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::filesystem::path mission() {
  const char* data = std::getenv("SITEGATE_TEST_DATA");
  const char* source = std::getenv("SITEGATE_SOURCE");
  const auto folder =
      data ? std::filesystem::path(data) : std::filesystem::path(source ? source : ".") / "../shared";
  return folder / "mission";
}

boost::test_tools::assertion_result mission_is_there(boost::unit_test::test_unit_id) {
  return std::filesystem::exists(mission());
}

/// The numbers behind the second comma of each line but the first.
std::vector<std::vector<std::uint64_t>> rows_of(const std::string& file) {
  std::ifstream in(mission() / file);
  std::vector<std::vector<std::uint64_t>> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream cells(line.substr(line.find(',', line.find(',') + 1) + 1));
    auto& row = rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::stoull(cell));
  }
  return rows;
}

/// Every identity that a report must satisfy, and the plan's agreement with the figures.
void check_plan(const Published& published) {
  const Plan plan = make_plan(published);
  const Month year_end = month_of_2023(3);
  const auto registered = [&](const RegisteredCounts& counts, auto until, auto in) {
    BOOST_TEST(until(published.month) == counts.at_month_end);
    BOOST_TEST(until(year_end) == counts.at_last_fiscal_year_end);
    BOOST_TEST(in(published.month) == counts.in_month);
    BOOST_TEST(counts.at_month_end - counts.at_last_fiscal_year_end == counts.in_fiscal_year);
  };
  registered(
      published.technicians, [&](Month m) { return plan.technicians.until(m); },
      [&](Month m) { return plan.technicians.in(m); });
  registered(
      published.companies, [&](Month m) { return plan.companies.until(m) + plan.sole_proprietors.until(m); },
      [&](Month m) { return plan.companies.in(m) + plan.sole_proprietors.in(m); });
  registered(
      published.companies_without_sole_proprietors, [&](Month m) { return plan.companies.until(m); },
      [&](Month m) { return plan.companies.in(m); });

  BOOST_TEST(plan.sites.total() == published.sites.cumulative);
  BOOST_TEST(plan.sites.total() - plan.sites.until(year_end) == published.sites.in_fiscal_year);
  BOOST_TEST(plan.sites.in(month_of_2023(7)) == published.sites.in_month);
  BOOST_TEST(plan.sites.in(month_of_2023(6)) == published.sites.in_previous_month);
  BOOST_TEST(plan.sites.in(month_of_2023(5)) == published.sites.two_months_before);

  BOOST_TEST(plan.histories.total() == published.histories.cumulative);
  BOOST_TEST(plan.histories.total() - plan.histories.until(year_end) == published.histories.in_fiscal_year);
  BOOST_TEST(plan.histories.in(month_of_2023(7)) == published.histories.in_month);
  BOOST_TEST(plan.histories.in(month_of_2023(6)) == published.histories.in_previous_month);

  BOOST_TEST(sum(published.technicians_by_prefecture) == published.technicians.at_month_end);
  BOOST_TEST(sum(published.companies_by_prefecture) == published.companies.at_month_end);
  BOOST_TEST(sum(plan.companies_by_prefecture) == plan.companies.total());
  BOOST_TEST(sum(plan.sole_proprietors_by_prefecture) == plan.sole_proprietors.total());
  BOOST_TEST(sum(plan.sites_by_prefecture) == plan.sites.total());
  BOOST_TEST((plan.technicians.first == chrono::year{2018} / chrono::April));
  BOOST_TEST((plan.histories.first == chrono::year{2019} / chrono::April));
  BOOST_TEST(plan.technicians.counts.size() == 64U);
  BOOST_TEST(plan.companies.counts.size() == 64U);
  BOOST_TEST(plan.sole_proprietors.counts.size() == 64U);
  BOOST_TEST(plan.sites.counts.size() == 52U);
  BOOST_TEST(plan.histories.counts.size() == 52U);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plan)

BOOST_AUTO_TEST_CASE(whole_nation_is_as_published) {
  const auto published = published_2023_07();
  check_plan(published);
  const Plan plan = make_plan(published);
  // Derived from the report by subtraction.
  BOOST_TEST(plan.sites.in(month_of_2023(4)) == 5'452U);
  BOOST_TEST(plan.sites.until(month_of_2023(3)) == 109'008U);
  BOOST_TEST(plan.histories.in(month_of_2023(4)) + plan.histories.in(month_of_2023(5)) == 7'982'230U);
  BOOST_TEST(plan.histories.until(month_of_2023(3)) == 79'827'572U);
  BOOST_TEST(plan.sole_proprietors.total() == 76'669U);
}

BOOST_AUTO_TEST_CASE(one_in_one_changes_nothing) {
  BOOST_TEST((scaled(published_2023_07(), 1) == published_2023_07()));
}

BOOST_AUTO_TEST_CASE(every_scale_keeps_the_identities) {
  for (const std::uint64_t one_in : {2, 7, 100, 1'000, 3'333, 5'000, 20'000}) {
    BOOST_TEST_CONTEXT("one in " << one_in) {
      check_plan(scaled(published_2023_07(), one_in));
    }
  }
}

BOOST_AUTO_TEST_CASE(scaled_stocks_are_rounded_quotients) {
  const auto small = scaled(published_2023_07(), 1'000);
  BOOST_TEST(small.technicians.at_month_end == 1'242U);
  BOOST_TEST(small.technicians.at_last_fiscal_year_end == 1'141U);
  BOOST_TEST(small.technicians.in_fiscal_year == 101U);
  BOOST_TEST(small.technicians.in_month == 24U);
  BOOST_TEST(small.companies_without_sole_proprietors.at_month_end == 158U);
  BOOST_TEST(small.companies.at_month_end == 158U + 77U);
  BOOST_TEST(small.sites.cumulative == 128U);
  BOOST_TEST(small.histories.cumulative == 96'994U);
  BOOST_TEST(small.histories.in_month == 96'994U - 92'360U);
}

BOOST_AUTO_TEST_CASE(prefectures_match_the_annexes, *boost::unit_test::precondition(mission_is_there)) {
  const auto published = published_2023_07();
  const auto technicians = rows_of("technicians_by_prefecture_2023-07-31.csv");
  const auto companies = rows_of("companies_by_prefecture_2023-07-31.csv");
  BOOST_REQUIRE(technicians.size() == prefecture_count);
  BOOST_REQUIRE(companies.size() == prefecture_count);
  for (std::size_t i = 0; i < prefecture_count; ++i) {
    BOOST_TEST(published.technicians_by_prefecture[i] == technicians[i].at(0));
    BOOST_TEST(published.companies_by_prefecture[i] == companies[i].at(0));
    BOOST_TEST(published.companies_without_sole_proprietors_by_prefecture[i] == companies[i].at(1));
  }
}

BOOST_AUTO_TEST_CASE(unpublished_months_rise_smoothly) {
  const Plan plan = make_plan(published_2023_07());
  for (const auto* series :
       {&plan.technicians, &plan.companies, &plan.sole_proprietors, &plan.sites, &plan.histories})
    for (std::size_t i = 1; i + 4 < series->counts.size(); ++i) {
      BOOST_TEST(series->counts[i] + 1 >= series->counts[i - 1]);
      BOOST_TEST(series->counts[i] > 0U);
    }
}

BOOST_AUTO_TEST_CASE(curve_sums_exactly_even_when_flat_or_empty) {
  const auto sum_of = [](const std::vector<std::uint64_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  };
  BOOST_TEST(sum_of(rising_counts(1'000'003, 48, 30'000)) == 1'000'003U);
  BOOST_TEST(sum_of(rising_counts(1'000'003, 48, 10)) == 1'000'003U);
  BOOST_TEST(sum_of(rising_counts(0, 48, 10)) == 0U);
  BOOST_TEST(sum_of(rising_counts(1, 48, 10)) == 1U);
}

BOOST_AUTO_TEST_CASE(largest_remainder_gives_to_the_largest_then_the_first) {
  PrefectureCounts weights{};
  weights[0] = 1;
  weights[1] = 1;
  weights[46] = 2;
  // Quotas of 3: 0.75, 0.75 and 1.5, so two are left for the two largest remainders.
  const auto three = by_largest_remainder(weights, 3);
  BOOST_TEST(three[0] == 1U);
  BOOST_TEST(three[1] == 1U);
  BOOST_TEST(three[46] == 1U);
  // Quotas of 1: 0.25, 0.25, 0.5.
  BOOST_TEST(by_largest_remainder(weights, 1)[46] == 1U);
  // Quotas of 5: 1.25, 1.25, 2.5; of 7: 1.75, 1.75, 3.5.
  BOOST_TEST(by_largest_remainder(weights, 5)[46] == 3U);
  BOOST_TEST(by_largest_remainder(weights, 7)[1] == 2U);
  weights[46] = 1;  // quotas of 1: a third each, the first wins
  BOOST_TEST(by_largest_remainder(weights, 1)[0] == 1U);
  weights[46] = 2;
  BOOST_TEST(sum(by_largest_remainder(weights, 7)) == 7U);
  BOOST_TEST(three[20] == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
