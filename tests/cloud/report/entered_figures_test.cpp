// Figures that an operator enters: what is accepted, and what each mistake is called.
#include "cloud/report/entered_figures.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

using namespace sitegate;
using namespace sitegate::cloud;

namespace {

void refused(std::string_view toml, EnteredFiguresErrc why, std::string_view where) {
  const auto result = parse_entered_figures(toml, "figures.toml");
  BOOST_REQUIRE_MESSAGE(!result.has_value(), toml);
  BOOST_TEST(is(result.error(), why), result.error().text());
  BOOST_TEST((result.error().detail.find(where) != std::string::npos), result.error().text());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(entered_figures)

BOOST_AUTO_TEST_CASE(a_known_key_needs_only_a_value) {
  const auto figures = parse_entered_figures("[[figure]]\nkey = 'videos'\nvalue = 48\n", "f");
  BOOST_REQUIRE(figures.has_value());
  BOOST_REQUIRE(figures.value().figures.size() == 1U);
  const EnteredFigure& figure = figures.value().figures[0];
  BOOST_TEST(figure.value == 48U);
  BOOST_TEST(figure.label_ja == "CCUSチャンネルの動画");
  BOOST_TEST(figure.unit_en == "videos");
  BOOST_TEST(!figures.value().month);
}

BOOST_AUTO_TEST_CASE(words_given_win_over_known_ones) {
  const auto figures = parse_entered_figures(
      "[[figure]]\nkey = 'videos'\nvalue = 48\nlabel_en = 'Films'\nnote_ja = '注'\n", "f");
  BOOST_REQUIRE(figures.has_value());
  BOOST_TEST(figures.value().figures[0].label_en == "Films");
  BOOST_TEST(figures.value().figures[0].label_ja == "CCUSチャンネルの動画");
  BOOST_TEST(figures.value().figures[0].note_ja == "注");
}

BOOST_AUTO_TEST_CASE(the_example_holds_the_figures_of_july_2023) {
  const char* root = std::getenv("SITEGATE_SOURCE");
  const auto figures = read_entered_figures(std::filesystem::path(root == nullptr ? "." : root) /
                                            "cloud/report/entered_2023-07.toml");
  BOOST_REQUIRE(figures.has_value());
  BOOST_TEST((figures.value().month == std::chrono::year(2023) / std::chrono::July));
  std::vector<std::uint64_t> values;
  for (const auto& figure : figures.value().figures) values.push_back(figure.value);
  BOOST_TEST(values == (std::vector<std::uint64_t>{238, 330, 922, 9650, 48, 4, 13}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_figures_is_an_answer_too) {
  const auto figures = parse_entered_figures("", "f");
  BOOST_REQUIRE(figures.has_value());
  BOOST_TEST(figures.value().figures.empty());
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_with_their_place) {
  using enum EnteredFiguresErrc;
  refused("month = 2023\n[[figure", not_toml, "figures.toml:2");
  refused("month = \"July\"", bad_figure, "month");
  refused("months = \"2023-07\"", bad_figure, "\"months\"");
  refused("figure = 3", bad_figure, "\"figure\"");
  refused("figure = [1]", bad_figure, "[[figure]]");
  refused("\n[[figure]]\nvalue = 4", bad_figure, "figures.toml:2: key");
  refused("[[figure]]\nkey = \"a,b\"\nvalue = 4", bad_figure, "key");
  refused("[[figure]]\nkey = \"videos\"", bad_figure, "value");
  refused("[[figure]]\nkey = \"videos\"\nvalue = -1", bad_figure, "value");
  refused("[[figure]]\nkey = \"videos\"\nvalue = 4.5", bad_figure, "value");
  refused("[[figure]]\nkey = \"other\"\nvalue = 4", bad_figure, "label_ja");
  refused("[[figure]]\nkey = \"videos\"\nvalue = 4\nlable_ja = \"x\"", bad_figure, "lable_ja");
  refused("[[figure]]\nkey = \"videos\"\nvalue = 4\nnote_ja = \"a\\u0007\"", bad_figure, "note_ja");
  refused("[[figure]]\nkey = \"videos\"\nvalue = 4\nnote_ja = \"" + std::string(241, 'x') + "\"", bad_figure,
          "240");
  refused("[[figure]]\nkey = \"videos\"\nvalue = 4\n[[figure]]\nkey = \"videos\"\nvalue = 5", duplicate_key,
          "figures.toml:4: videos");
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_named) {
  const auto result = read_entered_figures("/nonexistent/figures.toml");
  BOOST_REQUIRE(!result.has_value());
  BOOST_TEST(is(result.error(), EnteredFiguresErrc::unreadable));
  BOOST_TEST(result.error().detail == "/nonexistent/figures.toml");
}

BOOST_AUTO_TEST_SUITE_END()
