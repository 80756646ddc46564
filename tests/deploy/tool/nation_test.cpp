// A simulated nation at a small scale: its report is the published one, scaled,
// number by number.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "cloud/simulation/published_2023_07.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

constexpr std::uint64_t one_in = 2'000;

struct Nation {
  Nation() {
    made = run_tool(0, {"simulate", "nation", "--as-of", "2023-07-31", "--scale", std::to_string(one_in),
                        "--store", store(), "--json"})
               .last_line();
  }
  [[nodiscard]] std::string store() const { return "lmdb:" + (folder / "nation").string(); }
  [[nodiscard]] nlohmann::json tables() const {
    return run_tool(0, {"report", "--month", "2023-07", "--store", store(), "--format", "json"})
        .json()["tables"];
  }
  const TemporaryFolder folder;
  nlohmann::json made;
};

void check_registered(const nlohmann::json& row, const cloud::RegisteredCounts& expected) {
  BOOST_TEST(row["new_2023-07"] == expected.in_month);
  BOOST_TEST(row["stock_2023-07"] == expected.at_month_end);
  BOOST_TEST(row["stock_2023-03"] == expected.at_last_fiscal_year_end);
  BOOST_TEST(row["fiscal_year_2023"] == expected.in_fiscal_year);
}

BOOST_FIXTURE_TEST_CASE(its_report_is_the_published_one_scaled, Nation) {
  const auto expected = cloud::scaled(cloud::published_2023_07(), one_in);
  const auto report = tables();
  check_registered(report["registered"]["technicians"], expected.technicians);
  check_registered(report["registered"]["companies"], expected.companies);
  check_registered(report["registered"]["companies_excluding_sole_proprietors"],
                   expected.companies_without_sole_proprietors);
  const auto& sites = report["new_sites"]["sites"];
  BOOST_TEST(sites["2023-07"] == expected.sites.in_month);
  BOOST_TEST(sites["2023-06"] == expected.sites.in_previous_month);
  BOOST_TEST(sites["2023-05"] == expected.sites.two_months_before);
  BOOST_TEST(sites["fiscal_year_2023"] == expected.sites.in_fiscal_year);
  BOOST_TEST(sites["cumulative"] == expected.sites.cumulative);
  const auto& histories = report["work_histories"]["histories"];
  BOOST_TEST(histories["2023-07"] == expected.histories.in_month);
  BOOST_TEST(histories["2023-06"] == expected.histories.in_previous_month);
  BOOST_TEST(histories["fiscal_year_2023"] == expected.histories.in_fiscal_year);
  BOOST_TEST(histories["cumulative"] == expected.histories.cumulative);
  for (std::size_t i = 0; i < prefecture_count; ++i) {
    const auto row = fmt::format("{:02}", i + 1);
    BOOST_TEST(report["technicians_by_prefecture"][row]["technicians"] ==
               expected.technicians_by_prefecture[i]);
    const auto& companies = report["companies_by_prefecture"][row];
    BOOST_TEST(companies["companies"] == expected.companies_by_prefecture[i]);
    BOOST_TEST(companies["companies_excluding_sole_proprietors"] ==
               expected.companies_without_sole_proprietors_by_prefecture[i]);
  }
  BOOST_TEST(made["work_histories"] == expected.histories.cumulative);
}

BOOST_FIXTURE_TEST_CASE(its_numbers_are_proven, Nation) {
  const auto check =
      run_tool(0, {"report", "--month", "2023-07", "--store", store(), "--check", "--format", "json"}).json();
  BOOST_TEST(check["ok"] == true);
  BOOST_TEST(check["violations"].empty());
  BOOST_TEST(run_tool(0, {"verify", "store", store(), "--json"}).json()["ok"] == true);
  for (const char* key : {"seconds", "peak_memory_bytes", "store_bytes_per_history"})
    BOOST_TEST(made[key].get<double>() > 0, key);
}

BOOST_FIXTURE_TEST_CASE(a_store_that_holds_something_is_not_filled, Nation) {
  const auto again =
      run_tool(1, {"simulate", "nation", "--scale", std::to_string(one_in), "--store", store()});
  BOOST_TEST(!again.errors.empty());
}

}  // namespace sitegate::tests
