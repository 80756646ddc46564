// Numbers, months and dates in words.
#include "cloud/report/number_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace sitegate;
using namespace sitegate::cloud;

BOOST_AUTO_TEST_SUITE(number_text)

BOOST_AUTO_TEST_CASE(thousands) {
  BOOST_TEST(grouped(0) == "0");
  BOOST_TEST(grouped(999) == "999");
  BOOST_TEST(grouped(1'000) == "1,000");
  BOOST_TEST(grouped(96'993'947) == "96,993,947");
  BOOST_TEST(grouped(18'446'744'073'709'551'615ULL) == "18,446,744,073,709,551,615");
}

BOOST_AUTO_TEST_CASE(shares) {
  BOOST_TEST(percent(1, 3) == "33.3%");
  BOOST_TEST(percent(5, 5) == "100.0%");
  BOOST_TEST(percent(0, 0) == "–");
}

BOOST_AUTO_TEST_CASE(months_and_dates) {
  const Month july = std::chrono::year(2023) / std::chrono::July;
  BOOST_TEST(month_text(words_ja(), july) == "2023年7月");
  BOOST_TEST(month_text(words_en(), july) == "July 2023");
  BOOST_TEST(month_end_text(words_ja(), july) == "2023年7月末");
  BOOST_TEST(fiscal_year_text(words_en(), 2023) == "FY2023");
  // 15:00 UTC is midnight in Japan.
  BOOST_TEST(date_text(words_ja(), *parse_utc("2023-12-31T14:59:59.999Z")) == "2023年12月31日");
  BOOST_TEST(date_text(words_ja(), *parse_utc("2023-12-31T15:00:00.000Z")) == "2024年1月1日");
  BOOST_TEST(date_text(words_en(), *parse_utc("2023-12-31T15:00:00.000Z")) == "1 January 2024");
}

BOOST_AUTO_TEST_CASE(ticks_are_round_and_reach_the_largest) {
  const auto expect = [](std::uint64_t largest, int count, std::vector<std::uint64_t> ticks) {
    BOOST_TEST(axis_ticks(largest, count) == ticks, boost::test_tools::per_element());
  };
  expect(0, 5, {0, 1});
  expect(1, 5, {0, 1});
  expect(5, 5, {0, 1, 2, 3, 4, 5});
  expect(6, 5, {0, 2, 4, 6});
  expect(23'708, 3, {0, 10'000, 20'000, 30'000});
  expect(1'241'884, 5, {0, 500'000, 1'000'000, 1'500'000});
  for (std::uint64_t largest = 1; largest < 1'000'000'000'000; largest = largest * 3 + 1) {
    BOOST_TEST(axis_ticks(largest, 5).back() >= largest);
    BOOST_TEST(axis_ticks(largest, 5).size() <= 6U);
  }
}

BOOST_AUTO_TEST_CASE(axis_labels_use_each_languages_units) {
  BOOST_TEST(axis_text(words_ja(), 500'000, 500'000) == "50万");
  BOOST_TEST(axis_text(words_ja(), 4'000, 2'000) == "4,000");
  BOOST_TEST(axis_text(words_ja(), 80'000'000, 20'000'000) == "8,000万");
  BOOST_TEST(axis_text(words_ja(), 100'000'000, 20'000'000) == "1億");
  BOOST_TEST(axis_text(words_ja(), 150'000'000, 50'000'000) == "1億5,000万");
  BOOST_TEST(axis_text(words_en(), 500'000, 500'000) == "500,000");
  BOOST_TEST(axis_text(words_en(), 80'000'000, 20'000'000) == "80 M");
  BOOST_TEST(axis_text(words_en(), 0, 20'000'000) == "0");
}

BOOST_AUTO_TEST_CASE(japanese_characters_are_two_columns_wide) {
  BOOST_TEST(display_width("abc") == 3U);
  BOOST_TEST(display_width("登録数") == 6U);
  BOOST_TEST(display_width("QRコード（a）") == 13U);
  BOOST_TEST(display_width("–") == 1U);
  BOOST_TEST(display_width("") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
