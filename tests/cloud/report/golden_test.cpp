// The machine forms and the plain text of the July 2023 report, byte by byte (tests/golden/report). A changed
// form is written anew by SITEGATE_WRITE_GOLDEN=1; the difference then belongs in the review.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cloud/report/report.hpp"
#include "tests/cloud/statistics/published_july_2023.hpp"
#include "tests/cloud/statistics/synthetic_rollups.hpp"

using namespace sitegate;
using namespace sitegate::cloud;
namespace published = sitegate::cloud::published_july_2023;

namespace {

std::filesystem::path source() {
  const char* root = std::getenv("SITEGATE_SOURCE");
  return root == nullptr ? "." : root;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

EnteredFigures entered() {
  auto figures = read_entered_figures(source() / "cloud/report/entered_2023-07.toml");
  BOOST_REQUIRE(figures.has_value());
  return figures.value();
}

std::string report(Format format, Language language) {
  const auto status = operating_status(published::rollups(), published::month);
  return render(status, entered(), format, language, *parse_utc("2023-08-15T01:30:00.000Z"));
}

void expect_golden(const std::string& name, const std::string& text) {
  const auto path = source() / "tests/golden/report" / name;
  if (std::getenv("SITEGATE_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  const std::string golden = read(path);
  BOOST_REQUIRE_MESSAGE(!golden.empty(), path.string() + " is missing");
  const auto [here, there] = std::mismatch(text.begin(), text.end(), golden.begin(), golden.end());
  BOOST_TEST((here == text.end() && there == golden.end()),
             name << " differs in line " << 1 + std::count(text.begin(), here, '\n'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_files)

BOOST_AUTO_TEST_CASE(csv) {
  expect_golden("july_2023.csv", report(Format::csv, Language::ja));
}
BOOST_AUTO_TEST_CASE(json) {
  expect_golden("july_2023.json", report(Format::json, Language::ja));
}
BOOST_AUTO_TEST_CASE(text_ja) {
  expect_golden("july_2023.ja.txt", report(Format::text, Language::ja));
}
BOOST_AUTO_TEST_CASE(text_en) {
  expect_golden("july_2023.en.txt", report(Format::text, Language::en));
}

BOOST_AUTO_TEST_CASE(machine_forms_are_the_same_in_every_language) {
  BOOST_TEST(report(Format::csv, Language::ja) == report(Format::csv, Language::en));
  BOOST_TEST(report(Format::json, Language::ja) == report(Format::json, Language::en));
}

// The lines that the mission is judged by, spelled out: a golden file written anew cannot change them unseen.
BOOST_AUTO_TEST_CASE(csv_has_the_published_numbers) {
  const std::string csv = report(Format::csv, Language::en);
  for (const char* line : {"registered,technicians,new_2023-07,23708",
                           "registered,technicians,stock_2023-07,1241884",
                           "registered,technicians,stock_2023-03,1140762",
                           "registered,technicians,fiscal_year_2023,101122",
                           "registered,companies,new_2023-07,3644",
                           "registered,companies,stock_2023-07,234642",
                           "registered,companies,stock_2023-03,217537",
                           "registered,companies,fiscal_year_2023,17105",
                           "registered,companies_excluding_sole_proprietors,new_2023-07,2143",
                           "registered,companies_excluding_sole_proprietors,stock_2023-07,157973",
                           "registered,companies_excluding_sole_proprietors,stock_2023-03,147850",
                           "registered,companies_excluding_sole_proprietors,fiscal_year_2023,10123",
                           "new_sites,sites,2023-07,4646",
                           "new_sites,sites,2023-06,4691",
                           "new_sites,sites,2023-05,4001",
                           "new_sites,sites,fiscal_year_2023,18790",
                           "new_sites,sites,cumulative,127798",
                           "work_histories,histories,2023-07,4633589",
                           "work_histories,histories,2023-06,4550556",
                           "work_histories,histories,cumulative,96993947",
                           "work_histories,histories,fiscal_year_2023,17166375",
                           "technicians_by_prefecture,01,technicians,64317",
                           "technicians_by_prefecture,47,technicians,17494",
                           "companies_by_prefecture,13,companies,27778",
                           "companies_by_prefecture,13,companies_excluding_sole_proprietors,17940",
                           "companies_by_month,2023-07,cumulative_sole_proprietors,76669",
                           "entered,videos,value,48"})
    BOOST_TEST((csv.find("\n" + std::string(line) + "\n") != std::string::npos), line);
}

BOOST_AUTO_TEST_CASE(csv_and_json_say_the_same) {
  const auto status = operating_status(synthetic_rollups(), published::month);
  const auto json = nlohmann::json::parse(render(status, {}, Format::json, Language::en, UtcTime{}));
  std::istringstream csv(render(status, {}, Format::csv, Language::en, UtcTime{}));
  std::string line;
  std::getline(csv, line);
  BOOST_TEST(line == "table,row,column,value");
  std::size_t count = 0;
  for (std::string table, row, column; std::getline(csv, table, ','); ++count) {
    std::getline(csv, row, ',');
    std::getline(csv, column, ',');
    std::getline(csv, line);
    BOOST_TEST(json["tables"][table][row][column].get<std::uint64_t>() == std::stoull(line));
  }
  BOOST_TEST(count == 12U + 5 + 4 + 18 + 48 + 96 + 18 * (2 + 6 + 2 + 2));
}

BOOST_AUTO_TEST_CASE(broken_identities_are_shown_in_json_and_text) {
  auto status = operating_status(synthetic_rollups(), published::month);
  ++status.prefectures[12].technicians;
  const auto json = nlohmann::json::parse(render(status, {}, Format::json, Language::en, UtcTime{}));
  BOOST_TEST(json["identity_violations"].size() == 1U);
  const std::string text = render(status, {}, Format::text, Language::en, UtcTime{});
  BOOST_TEST((text.find("technicians: sum of the 47 prefectures = total") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(names_of_formats_and_languages) {
  BOOST_TEST((parse_format("html") == Format::html));
  BOOST_TEST((parse_format("text") == Format::text));
  BOOST_TEST(!parse_format("pdf"));
  BOOST_TEST((parse_language("en") == Language::en));
  BOOST_TEST(!parse_language("fr"));
}

BOOST_AUTO_TEST_SUITE_END()
