// The report as people see it: opened and printed by a real Chromium, in Japanese and English.
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <regex>
#include <sstream>

#include "cloud/report/report.hpp"
#include "cloud/statistics/operating_status.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::tests;

namespace {

constexpr const char* browser = "/usr/bin/chromium";

boost::test_tools::assertion_result browser_is_there(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(std::filesystem::exists(browser));
  if (!there) there.message() << browser << " is not installed";
  return there;
}

/// A small nation: every prefecture, two years of months.
cloud::Rollups counters() {
  cloud::Rollups rollups;
  for (int month = 0; month < 24; ++month)
    for (int code = 1; code <= 47; ++code) {
      const Month at =
          month_from_number(month_number(Month{std::chrono::year{2021}, std::chrono::August}) + month);
      const auto prefecture = *Prefecture::from_code(code);
      const auto count = static_cast<std::uint64_t>(code * 10 + month);
      rollups.histories.push_back({at, prefecture, Method::card, true, count * 100});
      rollups.technicians.push_back({at, prefecture, count});
      rollups.companies.push_back(
          {at, prefecture, CompanyClass::corporation, CompanyClass::corporation, count});
      rollups.companies.push_back(
          {at, prefecture, CompanyClass::sole_proprietor, CompanyClass::sole_proprietor, count});
      rollups.sites.push_back({at, prefecture, count});
    }
  return rollups;
}

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// Prints the page as a person would; gives the PDF's bytes.
std::string printed(const std::string& html, const TemporaryFolder& folder) {
  std::ofstream(folder / "report.html") << html;
  // Without the last four it looks for its maker's servers at every start.
  ChildProcess chromium({browser, "--headless", "--no-sandbox", "--disable-gpu",
                         "--user-data-dir=" + (folder / "profile").string(),
                         "--print-to-pdf=" + (folder / "report.pdf").string(), "--no-pdf-header-footer",
                         "--no-first-run", "--disable-background-networking", "--disable-component-update",
                         "--disable-sync", "file://" + (folder / "report.html").string()},
                        folder / "chromium.log");
  BOOST_TEST(chromium.wait() == 0);
  return read_all(folder / "report.pdf");
}

std::ptrdiff_t pages_of(const std::string& pdf) {
  static const std::regex page(R"(/Type\s*/Page[^s])");
  return std::distance(std::sregex_iterator(pdf.begin(), pdf.end(), page), std::sregex_iterator());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report_in_chromium, *boost::unit_test::precondition(browser_is_there))

BOOST_AUTO_TEST_CASE(prints_on_five_pages_in_both_languages) {
  const auto status = cloud::operating_status(counters(), Month{std::chrono::year{2023}, std::chrono::July});
  for (const auto language : {cloud::Language::ja, cloud::Language::en}) {
    TemporaryFolder folder;
    const std::string pdf =
        printed(cloud::render(status, {}, cloud::Format::html, language, UtcTime{}), folder);
    BOOST_TEST(pdf.starts_with("%PDF-"));
    BOOST_TEST(pages_of(pdf) == 5);
  }
}

BOOST_AUTO_TEST_SUITE_END()
