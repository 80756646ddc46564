// The graphs: where things are drawn follows from the numbers.
#include "cloud/report/chart.hpp"

#include <boost/test/unit_test.hpp>
#include <regex>

using namespace sitegate;
using namespace sitegate::cloud;

namespace {

Chart chart_of(Month first, std::vector<ChartBand> bands) {
  Chart chart{.key = "k",
              .title = "a < b",
              .description = "d",
              .cumulative_axis = "c",
              .new_axis = "n",
              .note = "",
              .months = {},
              .bands = std::move(bands),
              .words = &words_en()};
  for (std::size_t i = 0; i < chart.bands[0].cumulative.size(); ++i)
    chart.months.push_back(month_from_number(month_number(first) + static_cast<int>(i)));
  return chart;
}

std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), expression), end; it != end; ++it)
    found.push_back((*it)[1]);
  return found;
}

std::vector<double> numbers(const std::vector<std::string>& texts) {
  std::vector<double> values;
  for (const auto& text : texts) values.push_back(std::stod(text));
  return values;
}

constexpr Month february = std::chrono::year(2023) / std::chrono::February;

}  // namespace

BOOST_AUTO_TEST_SUITE(chart)

BOOST_AUTO_TEST_CASE(bars_are_as_high_as_their_numbers) {
  const auto svg = render_svg(chart_of(february, {{"", {10, 30, 70, 80}, {10, 20, 40, 10}}}));
  const auto heights = numbers(matches(svg, "<rect[^>]* height=\"([0-9.]+)\""));
  BOOST_REQUIRE(heights.size() == 4U);
  BOOST_TEST(heights[1] == 2 * heights[0], boost::test_tools::tolerance(0.02));
  BOOST_TEST(heights[2] == 4 * heights[0], boost::test_tools::tolerance(0.02));
  BOOST_TEST(heights[3] == heights[0]);
}

BOOST_AUTO_TEST_CASE(bands_are_stacked) {
  const auto svg =
      render_svg(chart_of(february, {{"lower", {10, 20}, {10, 10}}, {"upper", {5, 15}, {5, 10}}}));
  const auto tops = numbers(matches(svg, "<rect[^>]* y=\"([0-9.]+)\""));
  const auto heights = numbers(matches(svg, "<rect[^>]* height=\"([0-9.]+)\""));
  BOOST_REQUIRE(tops.size() == 4U);  // lower month 1, 2, then upper month 1, 2
  BOOST_TEST(tops[2] + heights[2] == tops[0], boost::test_tools::tolerance(0.01));
  BOOST_TEST(tops[3] + heights[3] == tops[1], boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(the_last_numbers_are_written_beside_the_graph) {
  const auto svg =
      render_svg(chart_of(february, {{"lower", {100, 2'000}, {7, 8}}, {"upper", {5, 1'500}, {5, 10}}}));
  const auto values = matches(svg, "class=\"(?:value|band-value)\"[^>]*>([^<]*)<");
  BOOST_TEST(values == (std::vector<std::string>{"2,000", "1,500", "3,500", "18"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(labels_never_overlap) {
  const auto svg = render_svg(chart_of(february, {{"lower", {1'000}, {1}}, {"upper", {1}, {1}}}));
  auto at = numbers(matches(svg, "class=\"(?:value|band-value)\" x=\"[0-9.]+\" y=\"([0-9.]+)\""));
  at.pop_back();  // the lower panel's
  BOOST_REQUIRE(at.size() == 3U);
  BOOST_TEST(at[0] - at[1] >= 28);
  BOOST_TEST(at[1] - at[2] >= 28);
}

BOOST_AUTO_TEST_CASE(fiscal_years_change_on_1_april) {
  const auto svg = render_svg(chart_of(february, {{"", {1, 2, 3, 4}, {1, 1, 1, 1}}}));
  BOOST_TEST(matches(svg, "class=\"(year)\"").size() == 1U);
  BOOST_TEST(matches(svg, ">(FY[0-9]+)<") == (std::vector<std::string>{"FY2022", "FY2023"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_long_time_leaves_out_years_evenly_but_names_the_last) {
  std::vector<std::uint64_t> values(12 * 30);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i;
  const auto years =
      matches(render_svg(chart_of(std::chrono::year(2000) / std::chrono::April, {{"", values, values}})),
              ">FY([0-9]+)<");
  BOOST_TEST((years.size() >= 5U && years.size() <= 10U));
  BOOST_TEST(years.back() == "2029");
}

BOOST_AUTO_TEST_CASE(nothing_counted_is_still_a_graph) {
  const auto svg = render_svg(chart_of(february, {{"", {0}, {0}}}));
  BOOST_TEST(svg.find("nan") == std::string::npos);
  BOOST_TEST(svg.find("inf") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(titles_are_escaped) {
  BOOST_TEST(
      (render_svg(chart_of(february, {{"", {1}, {1}}})).find(">a &lt; b</title>") != std::string::npos));
}

BOOST_AUTO_TEST_SUITE_END()
