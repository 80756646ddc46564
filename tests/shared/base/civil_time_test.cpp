// Dates, months and instants: ISO 8601 texts, the Japanese fiscal year, and the site's own day boundary.
#include "shared/base/civil_time.hpp"

#include <boost/test/unit_test.hpp>

using namespace sitegate;
using namespace std::chrono_literals;

namespace {

constexpr auto japan = 540min;

Date date(std::string_view text) {
  return parse_date(text).value();
}
Month month(std::string_view text) {
  return parse_month(text).value();
}
UtcTime utc(std::string_view text) {
  return parse_utc(text).value();
}
std::string work_date(std::string_view time, std::chrono::minutes boundary) {
  return to_text(work_date_of(utc(time), japan, boundary));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(civil_time)

BOOST_AUTO_TEST_CASE(every_date_of_300_years_survives_its_text) {
  const Date last = date("2199-12-31");
  int days = 0;
  for (Date day = date("1900-01-01"); day <= last; day += std::chrono::days{1}, ++days)
    BOOST_REQUIRE(parse_date(to_text(day)) == day);
  BOOST_TEST(days == 109573);  // 300 × 365 + 73 leap days: 1900 and 2100 have none, 2000 has
}

BOOST_AUTO_TEST_CASE(leap_days_are_those_of_the_gregorian_calendar) {
  for (const char* there : {"2000-02-29", "2020-02-29", "2024-02-29", "2096-02-29"})
    BOOST_TEST(parse_date(there).has_value(), there);
  for (const char* absent : {"1900-02-29", "2023-02-29", "2100-02-29", "2024-02-30"})
    BOOST_TEST(!parse_date(absent), absent);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_date_is_refused) {
  for (const char* wrong : {"", "2023", "2023-07", "2023-7-31", "2023-07-31 ", " 2023-07-31", "2023/07/31",
                            "2023-00-10", "2023-13-01", "2023-07-00", "2023-07-32", "1899-12-31",
                            "2200-01-01", "+023-07-31", "-023-07-31", "20230731", "2023-07--1"})
    BOOST_TEST(!parse_date(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(months_survive_their_text_and_their_number) {
  for (int number = month_number(month("1900-01")); number <= month_number(month("2199-12")); ++number) {
    const Month each = month_from_number(number);
    BOOST_REQUIRE_EQUAL(month_number(each), number);
    BOOST_REQUIRE(parse_month(to_text(each)) == each);
  }
  BOOST_TEST(month_number(month("2024-01")) - month_number(month("2023-12")) == 1);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_month_is_refused) {
  for (const char* wrong : {"", "2023-7", "2023-00", "2023-13", "2023-07-31", "2023-07x", "1899-12"})
    BOOST_TEST(!parse_month(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(a_month_knows_its_first_and_last_day) {
  BOOST_TEST(to_text(first_day(month("2024-02"))) == "2024-02-01");
  BOOST_TEST(to_text(last_day(month("2024-02"))) == "2024-02-29");
  BOOST_TEST(to_text(last_day(month("2023-02"))) == "2023-02-28");
  BOOST_TEST(to_text(last_day(month("2023-12"))) == "2023-12-31");
  BOOST_TEST((month_of(date("2024-02-29")) == month("2024-02")));
}

BOOST_AUTO_TEST_CASE(the_fiscal_year_starts_in_april) {
  BOOST_TEST(fiscal_year(month("2023-03")) == 2022);
  BOOST_TEST(fiscal_year(month("2023-04")) == 2023);
  BOOST_TEST(fiscal_year(month("2023-12")) == 2023);
  BOOST_TEST(fiscal_year(month("2024-01")) == 2023);
  BOOST_TEST(fiscal_year(month("2024-03")) == 2023);
}

BOOST_AUTO_TEST_CASE(instants_are_written_in_utc_with_milliseconds) {
  BOOST_TEST(to_text(UtcTime{}) == "1970-01-01T00:00:00.000Z");
  BOOST_TEST(to_text(UtcTime{-1ms}) == "1969-12-31T23:59:59.999Z");
  BOOST_TEST(to_text(UtcTime{1'690'789'800'123ms}) == "2023-07-31T07:50:00.123Z");
}

BOOST_AUTO_TEST_CASE(instants_go_on_after_2038) {
  const UtcTime first_beyond_32_bits{std::chrono::seconds{2'147'483'648}};
  BOOST_TEST(to_text(first_beyond_32_bits) == "2038-01-19T03:14:08.000Z");
  BOOST_TEST((utc("2038-01-19T03:14:08Z") == first_beyond_32_bits));
  BOOST_TEST((utc("2106-02-07T06:28:16Z") == UtcTime{std::chrono::seconds{4'294'967'296}}));
  BOOST_TEST(to_text(utc("2199-12-31T23:59:59.999Z")) == "2199-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_instant_is_refused) {
  for (const char* wrong :
       {"", "2023-07-31", "2023-07-31T07:50:00", "2023-07-31T07:50Z", "2023-07-31 07:50:00Z",
        "2023-07-31T24:00:00Z", "2023-07-31T07:60:00Z", "2023-07-31T07:50:60Z", "2023-07-31T07:50:00.1Z",
        "2023-07-31T07:50:00.1234Z", "2023-07-31T07:50:00+09:00", "2023-07-31T-0:50:00Z",
        "2023-07-31T07:-0:00Z", "2023-07-31T07:50:00.-00Z", "2023-02-29T00:00:00Z", "2023-07-31T07:50:00ZZ"})
    BOOST_TEST(!parse_utc(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(local_time_is_utc_and_the_offset) {
  const UtcTime time = utc("2023-07-31T15:30:00.250Z");
  BOOST_TEST((to_local(time, japan) - std::chrono::local_days{} == time - UtcTime{} + 9h));
  for (const auto offset : {0min, 540min, -570min})
    BOOST_TEST((to_utc(to_local(time, offset), offset) == time));
}

BOOST_AUTO_TEST_CASE(a_day_that_starts_at_midnight_is_the_local_date) {
  BOOST_TEST(work_date("2023-07-30T14:59:59.999Z", 0min) == "2023-07-30");
  BOOST_TEST(work_date("2023-07-30T15:00:00.000Z", 0min) == "2023-07-31");
}

BOOST_AUTO_TEST_CASE(a_night_shift_counts_to_the_date_it_began_on) {
  BOOST_TEST(work_date("2023-07-30T12:00:00Z", 300min) == "2023-07-30");      // 21:00 in Japan
  BOOST_TEST(work_date("2023-07-30T19:59:59.999Z", 300min) == "2023-07-30");  // 04:59:59.999 the next morning
  BOOST_TEST(work_date("2023-07-30T20:00:00.000Z", 300min) == "2023-07-31");  // 05:00: a new day
}

BOOST_AUTO_TEST_CASE(a_night_shift_crosses_month_year_and_leap_day) {
  BOOST_TEST(work_date("2023-12-31T18:00:00Z", 300min) == "2023-12-31");  // 03:00 on 1 January
  BOOST_TEST(work_date("2024-02-29T18:00:00Z", 300min) == "2024-02-29");  // 03:00 on 1 March
  BOOST_TEST(work_date("2024-03-31T18:00:00Z", 300min) == "2024-03-31");  // the old fiscal year
  BOOST_TEST(work_date("1969-12-31T14:00:00Z", 0min) == "1969-12-31");    // before the epoch, rounded down
}

BOOST_AUTO_TEST_SUITE_END()
