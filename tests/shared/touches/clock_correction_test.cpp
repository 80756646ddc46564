// The reader's clock against ours: constant offsets, drift, clocks that were set.
#include <cmath>

#include "tests/shared/touches/touches_fixture.hpp"

namespace sitegate::touches {

namespace {

UtcTime corrected(const std::vector<ClockMeasurement>& measurements, std::string_view reader_time) {
  const auto made = ReaderClocks(measurements).correct("R-1", at(reader_time));
  BOOST_TEST(made.measured);
  return made.time;
}

void check(const std::vector<ClockMeasurement>& measurements, std::string_view reader_time,
           std::string_view expected) {
  BOOST_TEST(sitegate::to_text(corrected(measurements, reader_time)) == sitegate::to_text(at(expected)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clock_correction)

BOOST_AUTO_TEST_CASE(a_clock_that_nobody_measured_is_taken_as_it_is) {
  const auto made = ReaderClocks({measured("2023-07-31 18:00:05", "2023-07-31 18:00:00")})
                        .correct("R-2", at("2023-07-31 07:00:00"));
  BOOST_TEST(!made.measured);
  BOOST_TEST((made.time == at("2023-07-31 07:00:00")));
  BOOST_TEST(!ReaderClocks().summary("R-1"));
}

BOOST_AUTO_TEST_CASE(one_measurement_holds_before_and_after_it) {
  const std::vector ahead{measured("2023-07-31 18:05:00", "2023-07-31 18:00:00")};
  check(ahead, "2023-07-31 07:05:00", "2023-07-31 07:00:00");
  check(ahead, "2023-08-01 07:05:00", "2023-08-01 07:00:00");
  const std::vector behind{measured("2023-07-31 09:00:00", "2023-07-31 18:00:00")};
  check(behind, "2023-07-30 22:00:00", "2023-07-31 07:00:00");
}

BOOST_AUTO_TEST_CASE(a_clock_reset_to_2000_is_put_right_by_one_measurement) {
  check({measured("2000-01-03 18:00:00", "2023-07-31 18:00:00")}, "2000-01-01 08:00:00",
        "2023-07-29 08:00:00");
}

BOOST_AUTO_TEST_CASE(between_two_measurements_the_drift_is_linear) {
  // 8 s in 8 days on the reader's clock
  const std::vector drifting{measured("2023-07-01 12:00:00", "2023-07-01 12:00:00"),
                             measured("2023-07-09 12:00:00", "2023-07-09 11:59:52")};
  check(drifting, "2023-07-05 12:00:00", "2023-07-05 11:59:56");
  check(drifting, "2023-07-03 12:00:00", "2023-07-03 11:59:58");
  check(drifting, "2023-06-30 12:00:00", "2023-06-30 12:00:00");
  check(drifting, "2023-07-10 12:00:00", "2023-07-10 11:59:52");
  const auto summary = ReaderClocks(drifting).summary("R-1");
  BOOST_REQUIRE(summary);
  BOOST_TEST((summary->offset == std::chrono::seconds{8}));
  BOOST_REQUIRE(summary->drift_s_per_day);
  BOOST_TEST(*summary->drift_s_per_day == 1.0, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(to_text(*summary) == "R-1: clock +8.000 s against ours, drift +1.00 s a day");
}

BOOST_AUTO_TEST_CASE(order_of_the_measurements_does_not_matter) {
  const auto first = measured("2023-07-01 12:00:00", "2023-07-01 12:00:00");
  const auto second = measured("2023-07-09 12:00:00", "2023-07-09 11:59:52");
  BOOST_TEST((corrected({first, second}, "2023-07-05 12:00:00") ==
              corrected({second, first}, "2023-07-05 12:00:00")));
}

BOOST_AUTO_TEST_CASE(a_clock_set_at_a_measurement_begins_anew) {
  const std::vector set{measured("2023-07-01 12:05:00", "2023-07-01 12:00:00", true),
                        measured("2023-07-09 12:00:08", "2023-07-09 12:00:00")};
  check(set, "2023-07-01 11:05:00", "2023-07-01 11:00:00");
  check(set, "2023-07-05 12:00:04", "2023-07-05 12:00:00");
  BOOST_TEST(std::abs(*ReaderClocks(set).summary("R-1")->drift_s_per_day - 1) < 0.001);
  check({measured("2023-07-01 12:05:00", "2023-07-01 12:00:00", true)}, "2023-07-02 12:00:00",
        "2023-07-02 12:00:00");
}

BOOST_AUTO_TEST_CASE(a_clock_set_unsaid_is_not_taken_for_drift) {
  const std::vector jumped{measured("2023-07-01 12:00:00", "2023-07-01 12:00:00"),
                           measured("2023-07-09 13:00:00", "2023-07-09 12:00:00")};
  check(jumped, "2023-07-05 13:00:00", "2023-07-05 12:00:00");
  const auto summary = ReaderClocks(jumped).summary("R-1");
  BOOST_TEST(summary->set_in_between);
  BOOST_TEST(!summary->drift_s_per_day);
  BOOST_TEST(to_text(*summary).find("set since") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::touches
