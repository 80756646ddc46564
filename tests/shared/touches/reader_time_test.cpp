// Times as readers and spreadsheets write them.
#include "tests/shared/touches/touches_fixture.hpp"

namespace sitegate::touches {

BOOST_AUTO_TEST_SUITE(reader_time)

BOOST_AUTO_TEST_CASE(local_times_take_the_offset_given) {
  const auto expected = parse_utc("2023-07-30T22:52:10.000Z");
  for (const auto* text :
       {"2023-07-31T07:52:10", "2023-07-31 07:52:10", "2023/7/31 7:52:10", "20230731 07:52:10"})
    BOOST_TEST((parse_reader_time(text, std::chrono::minutes{540}) == expected), text);
  BOOST_TEST((parse_reader_time("2023-07-31 07:52", std::chrono::minutes{540}) ==
              parse_utc("2023-07-30T22:52:00.000Z")));
  BOOST_TEST((parse_reader_time("2023-07-31 07:52:10.5", std::chrono::minutes{0}) ==
              parse_utc("2023-07-31T07:52:10.500Z")));
}

BOOST_AUTO_TEST_CASE(a_zone_is_stronger_than_the_offset) {
  const auto expected = parse_utc("2023-07-30T22:52:10.000Z");
  for (const auto* text : {"2023-07-31T07:52:10+09:00", "2023-07-31 07:52:10+0900", "2023-07-30T22:52:10Z",
                           "2023-07-30T19:22:10-03:30"})
    BOOST_TEST((parse_reader_time(text, std::chrono::minutes{60}) == expected), text);
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_none) {
  for (const auto* text :
       {"", "2023-07-31", "07:52:10", "2023-02-29 07:52:10", "2023-07-31 24:00:00", "2023-07-31 07:60:10",
        "2023-07-31 07:52:60", "2023-07-31 7:5:1", "2023-07-31 07:52:10 x", "2023-07-31 07:52:10+9",
        "2023-07-31 07:52:10+15:00", "2023-07-31 07:52:10.", "2023-07-31 07:52:10.1234567890",
        "1899-12-31 00:00:00", "2023-07-31T07:52:10ZZ"})
    BOOST_TEST(!parse_reader_time(text, std::chrono::minutes{540}), text);
}

BOOST_AUTO_TEST_CASE(durations_are_said_in_words) {
  using std::chrono::milliseconds;
  BOOST_TEST(duration_text(milliseconds{5000}) == "+5.000 s");
  BOOST_TEST(duration_text(milliseconds{-250}) == "-0.250 s");
  BOOST_TEST(duration_text(milliseconds{3'723'000}) == "+01 h 02 min 03 s");
  BOOST_TEST(duration_text(milliseconds{-90'061'000}) == "-1 d 01 h 01 min 01 s");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::touches
