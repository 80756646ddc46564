// sitegate import touches: a logging reader's file into the record of a small world, and what is said of it.
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

namespace {

/// Cells of the data rows of a file that `simulate site` made (no quotes in it).
std::vector<std::vector<std::string>> rows_of(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(content_of(path));
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

std::size_t column_of(const std::vector<std::vector<std::string>>& rows, const std::string& name) {
  const auto found = std::find(rows[0].begin(), rows[0].end(), name);
  BOOST_REQUIRE(found != rows[0].end());
  return static_cast<std::size_t>(found - rows[0].begin());
}

/// A registered world of twelve people, and two cards of people on the site's roster.
struct TouchWorld {
  TouchWorld() {
    site = run_tool(0, {"simulate", "site", "--world", folder / "world", "--technicians", "12", "--seed", "7",
                        "--as-of", "2023-07-31"})
               .last_line()["site"]
               .get<std::string>();
    for (const std::string kind :
         {"companies", "technicians", "sites", "contract-structures", "rosters", "credentials"})
      run_tool(0, {"import", kind, folder / "world" / (kind + ".csv"), "--store", store()});
    const auto credentials = rows_of(folder / "world/credentials.csv");
    const auto rosters = rows_of(folder / "world/rosters.csv");
    for (std::size_t i = 1; i < credentials.size() && cards.size() < 2; ++i)
      for (std::size_t j = 1; j < rosters.size(); ++j)
        if (credentials[i][column_of(credentials, "technician_id")] ==
            rosters[j][column_of(rosters, "technician_id")])
          cards.push_back(credentials[i][column_of(credentials, "uid")]);
    BOOST_REQUIRE(cards.size() >= 2U);
  }
  [[nodiscard]] std::string store() const { return "lmdb:" + (folder / "store").string(); }
  [[nodiscard]] std::string file(const std::string& rows) const {
    write_file(folder / "touches.csv", "number,card_uid,reader_clock,reader_id\n" + rows);
    return folder / "touches.csv";
  }
  ToolRun import(int expected, const std::string& path, std::vector<std::string> more) const {
    std::vector<std::string> arguments{"import", "touches", path, "--store", store(), "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_tool(expected, arguments);
  }
  [[nodiscard]] std::string two_people() const {
    return "1," + cards[0] + ",2023-07-31 07:50:00,R-1\n2," + cards[1] + ",2023-07-31 07:51:00,R-1\n3," +
           cards[0] + ",2023-07-31 17:05:00,R-1\n";
  }

  const TemporaryFolder folder;
  std::string site;
  std::vector<std::string> cards;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(touches_become_histories_once, TouchWorld) {
  const auto path = file(two_people());
  const auto first = import(0, path, {"--site", site}).json();
  BOOST_TEST(first["rows"] == 3);
  BOOST_TEST(first["taken"] == 3);
  BOOST_TEST(first["histories"]["added"] == 2);
  BOOST_TEST(first["clocks_not_measured"][0] == "R-1");
  const auto again = import(0, path, {"--site", site}).json();
  BOOST_TEST(again["histories"]["added"] == 0);
  BOOST_TEST(again["histories"]["changed"] == 0);
  const auto report = run_tool(0, {"report", "--month", "2023-07", "--store", store(), "--format", "csv"});
  BOOST_TEST(report.output.find("work_histories,histories,2023-07,2\n") != std::string::npos, report.output);
  BOOST_TEST(run_tool(0, {"verify", "store", store(), "--json"}).json()["ok"] == true);
}

BOOST_FIXTURE_TEST_CASE(bad_touches_are_listed_and_good_ones_kept, TouchWorld) {
  const auto run =
      import(3, file(two_people() + "4,zz,2023-07-31 18:00:00,R-1\n5,0102,2023-07-31 18:01:00,R-1\n"),
             {"--site", site, "--rejects", folder / "rejects.csv"});
  const auto result = run.json();
  BOOST_TEST(result["refused"] == 1);
  BOOST_TEST(result["bad_rows"][0]["line"] == 5);
  BOOST_TEST(result["without_history"][0]["line"] == 6);
  BOOST_TEST(result["without_history"][0]["reason"] == "unknown_credential");
  BOOST_TEST(result["histories"]["added"] == 2);
  BOOST_TEST(run.errors.find("touches.csv:5: card_uid") != std::string::npos, run.errors);
  BOOST_TEST(content_of(folder / "rejects.csv").starts_with("line,column,reason\n5,\"card_uid\""));
}

BOOST_FIXTURE_TEST_CASE(the_readers_clock_is_measured_at_the_import, TouchWorld) {
  const auto path = file(two_people());
  const auto result = import(0, path, {"--site", site, "--reader-clock-now", "2023-07-31 18:00:00"}).json();
  BOOST_TEST(result["clocks"][0]["reader"] == "R-1");
  BOOST_TEST(result["clocks"][0]["offset_ms"] < -1000);  // by our clock it is years later
  BOOST_TEST(result["clocks"][0]["drift_s_per_day"].is_null());
  BOOST_TEST(result["clocks_not_measured"].empty());
  import(1, path, {"--site", site, "--reader-clock-now", "soon"});
}

BOOST_FIXTURE_TEST_CASE(the_table_says_where_a_reader_stood, TouchWorld) {
  write_file(folder / "table.csv", "reader_id,site_id,from,until\nR-1," + site + ",2023-07-31,2023-07-31\n");
  const auto result =
      import(3,
             file("1," + cards[0] + ",2023-07-30 08:00:00,R-1\n2," + cards[0] + ",2023-07-31 08:00:00,R-1\n"),
             {"--deployment", folder / "table.csv"})
          .json();
  BOOST_TEST(result["taken"] == 1);
  BOOST_TEST(result["bad_rows"][0]["reason"] == "R-1 stood at no site on 2023-07-30");
  import(1, folder / "touches.csv", {});
  import(1, folder / "touches.csv", {"--site", site, "--deployment", folder / "table.csv"});
  import(1, folder / "touches.csv", {"--site", "12"});
}

BOOST_FIXTURE_TEST_CASE(the_touch_examples_are_good_files, TouchWorld) {
  write_file(folder / "example.csv", run_tool(0, {"import", "--example", "touches"}).output);
  write_file(folder / "table.csv", run_tool(0, {"import", "--example", "deployments"}).output);
  const auto result = import(0, folder / "example.csv", {"--deployment", folder / "table.csv"}).json();
  BOOST_TEST(result["taken"] == 2);
  BOOST_TEST(result["without_history"][0]["reason"] == "unknown_site");
}

}  // namespace sitegate::tests
