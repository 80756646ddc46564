// Where a reader stood when.
#include <algorithm>

#include "tests/shared/touches/touches_fixture.hpp"

namespace sitegate::touches {

namespace {

constexpr std::string_view header = "reader_id,site_id,gate,direction,from,until\n";

Result<Deployments> parsed(std::string_view rows) {
  return Deployments::parse(as_bytes(std::string(header) + std::string(rows)));
}
std::string stood(const Deployments& deployments, std::string_view reader, std::string_view date) {
  const auto* stay = deployments.find(std::string(reader), *parse_date(date));
  return stay == nullptr ? "nowhere" : stay->site.text() + " " + stay->gate;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deployments)

BOOST_AUTO_TEST_CASE(a_reader_moves_from_site_to_site) {
  const auto table = parsed(
                         "R-1,00000000000002,south,exit,2023-07-11,\n"
                         "R-2,00000000000003,,,2023-07-01,2023-07-31\n"
                         "R-1,00000000000001,north,entry,2023-07-01,2023-07-10\n")
                         .value();
  BOOST_TEST(stood(table, "R-1", "2023-06-30") == "nowhere");
  BOOST_TEST(stood(table, "R-1", "2023-07-01") == "00000000000001 north");
  BOOST_TEST(stood(table, "R-1", "2023-07-10") == "00000000000001 north");
  BOOST_TEST(stood(table, "R-1", "2023-07-11") == "00000000000002 south");
  BOOST_TEST(stood(table, "R-1", "2099-01-01") == "00000000000002 south");
  BOOST_TEST(stood(table, "R-2", "2023-07-31") == "00000000000003 1");
  BOOST_TEST(stood(table, "R-2", "2023-08-01") == "nowhere");
  BOOST_TEST(stood(table, "R-3", "2023-07-05") == "nowhere");
  BOOST_TEST((table.find("R-1", *parse_date("2023-07-02"))->direction == Direction::entry));
  BOOST_TEST(!table.find("R-2", *parse_date("2023-07-02"))->direction);
}

BOOST_AUTO_TEST_CASE(a_table_with_a_bad_row_is_refused_whole) {
  for (const auto* row :
       {"R 1,00000000000001,,,2023-07-01,", "R-1,1,,,2023-07-01,", "R-1,00000000000001,,up,2023-07-01,",
        "R-1,00000000000001,,,July,", "R-1,00000000000001,,,2023-07-02,2023-07-01",
        "R-1,00000000000001,,,2023-07-02,never", "R-1,00000000000001"}) {
    const auto table = parsed("R-2,00000000000003,,,2023-07-01,\n" + std::string(row) + "\n");
    BOOST_TEST_CONTEXT(row) {
      BOOST_REQUIRE(!table);
      BOOST_TEST(is(table.error(), DeploymentErrc::bad_row));
      BOOST_TEST(table.error().detail.starts_with("line 3: "), table.error().detail);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_reader_stands_at_one_gate_at_a_time) {
  BOOST_TEST(
      is(parsed("R-1,00000000000001,,,2023-07-01,2023-07-10\nR-1,00000000000002,,,2023-07-10,\n").error(),
         DeploymentErrc::overlap));
  BOOST_TEST(is(parsed("R-1,00000000000001,,,2023-07-01,\nR-1,00000000000002,,,2023-08-01,\n").error(),
                DeploymentErrc::overlap));
}

BOOST_AUTO_TEST_CASE(the_example_is_a_good_table) {
  BOOST_TEST(Deployments::parse(as_bytes(example_csv(deployment_columns()))).value().all().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::touches
