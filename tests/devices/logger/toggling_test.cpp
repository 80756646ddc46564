// In and out by turns, where nothing else says which.
#include "devices/logger/toggling.hpp"

#include <boost/test/unit_test.hpp>

#include "shared/touches/reader_time.hpp"

namespace sitegate::devices::logger {

namespace {

constexpr std::chrono::hours shift{16};

UtcTime at(std::string_view text) {
  return touches::parse_reader_time(text, std::chrono::minutes{540}).value();
}

Direction after(Direction last, std::string_view time) {
  return toggled(LastTouch{at("2023-07-31 08:00:00"), last}, at(time), shift);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(toggling)

BOOST_AUTO_TEST_CASE(the_first_touch_is_an_entry) {
  BOOST_TEST((toggled(std::nullopt, at("2023-07-31 08:00:00"), shift) == Direction::entry));
}

BOOST_AUTO_TEST_CASE(in_and_out_by_turns_within_a_shift) {
  BOOST_TEST((after(Direction::entry, "2023-07-31 08:01:00") == Direction::exit));
  BOOST_TEST((after(Direction::exit, "2023-07-31 08:01:00") == Direction::entry));
  BOOST_TEST((after(Direction::entry, "2023-08-01 00:00:00") == Direction::exit));
  BOOST_TEST((after(Direction::entry, "2023-08-01 00:00:01") == Direction::entry));
}

BOOST_AUTO_TEST_CASE(a_second_touch_within_a_minute_goes_the_same_way) {
  BOOST_TEST((after(Direction::entry, "2023-07-31 08:00:59") == Direction::entry));
  BOOST_TEST((after(Direction::exit, "2023-07-31 08:00:59") == Direction::exit));
}

BOOST_AUTO_TEST_CASE(a_touch_before_the_last_one_is_an_entry) {
  BOOST_TEST((after(Direction::entry, "2023-07-31 07:00:00") == Direction::entry));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::logger
