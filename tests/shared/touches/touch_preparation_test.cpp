// A file's touches made ready: corrected, bound to a place, each with an identity; what cannot be is said.
#include "shared/touches/touch_preparation.hpp"

#include "shared/touches/touch_report.hpp"
#include "tests/shared/touches/touches_fixture.hpp"

namespace sitegate::touches {

namespace {

struct World {
  PreparationOptions options;
  Deployments deployments = Deployments::parse(as_bytes("reader_id,site_id,gate,direction,from,until\n"
                                                        "R-1,00000000000001,north,,2023-07-01,2023-07-30\n"
                                                        "R-1,00000000000002,south,exit,2023-07-31,\n"))
                                .value();
  World() {
    options.place = {{}, "gate", std::nullopt};
    options.now = at("2023-08-01 12:00:00");
  }
  Preparation prepared(std::string_view rows) {
    auto file =
        parse_touch_file(as_bytes("number,card_uid,reader_clock,reader_id,direction\n" + std::string(rows)));
    if (!file) BOOST_FAIL(file.error().text());
    return prepare(file.value(), options);
  }
};

/// "number time" of each touch that is good.
std::vector<std::string> good(const Preparation& made) {
  std::vector<std::string> texts;
  for (const auto& touch : made.good)
    texts.push_back(std::to_string(touch.touch.number) + " " + sitegate::to_text(touch.time));
  return texts;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(touch_preparation, World)

BOOST_AUTO_TEST_CASE(corrected_sorted_and_marked) {
  const auto made = prepared(
      "#clock,R-1,2023-07-31 18:00:10,2023-07-31 18:00:00\n"
      "2,02,2023-07-31 08:00:10,R-1,\n"
      "1,01,2023-07-31 07:00:10,R-1,\n"
      "1,03,2023-07-31 07:30:00,R-2,entry\n");
  BOOST_TEST(
      good(made) == (std::vector<std::string>{"1 2023-07-30T22:00:00.000Z", "1 2023-07-30T22:30:00.000Z",
                                              "2 2023-07-30T23:00:00.000Z"}),
      boost::test_tools::per_element());
  BOOST_TEST((made.good[0].clock_state == ClockState::synchronised));
  BOOST_TEST((made.good[1].clock_state == ClockState::unsynchronised));
  BOOST_TEST((made.good[1].direction == Direction::entry));
  BOOST_TEST(made.good[0].place.gate == "gate");
  BOOST_REQUIRE(made.clocks.size() == 1U);
  BOOST_TEST((made.clocks[0].offset == std::chrono::seconds{10}));
  BOOST_TEST(made.unmeasured == std::vector<std::string>{"R-2"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(measurements_of_earlier_imports_give_the_drift) {
  options.measurements = {measured("2023-07-24 18:00:00", "2023-07-24 18:00:00")};
  const auto made = prepared(
      "#clock,R-1,2023-07-31 18:00:07,2023-07-31 18:00:00\n"
      "1,01,2023-07-28 06:00:00,R-1,\n");
  BOOST_REQUIRE(made.clocks.size() == 1U);
  BOOST_TEST(*made.clocks[0].drift_s_per_day == 1.0, boost::test_tools::tolerance(0.001));
  BOOST_TEST(good(made) == std::vector<std::string>{"1 2023-07-27T20:59:56.500Z"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bound_to_the_site_by_date) {
  options.deployments = &deployments;
  const auto made = prepared(
      "1,01,2023-06-30 23:59:59,R-1,\n2,01,2023-07-30 08:00:00,R-1,\n3,01,2023-07-31 08:00:00,R-1,\n"
      "4,01,2023-07-31 09:00:00,R-1,entry\n1,01,2023-07-31 08:00:00,R-9,\n");
  BOOST_TEST(places(made.bad) == (std::vector<std::string>{"2 reader_id", "6 reader_id"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(made.good.size() == 3U);
  BOOST_TEST(made.good[0].place.site.text() == "00000000000001");
  BOOST_TEST(made.good[1].place.site.text() == "00000000000002");
  BOOST_TEST(made.good[1].place.gate == "south");
  BOOST_TEST((made.good[1].direction == Direction::exit));
  BOOST_TEST((made.good[2].direction == Direction::entry));
}

BOOST_AUTO_TEST_CASE(touches_of_another_site_are_left_to_it) {
  options.deployments = &deployments;
  options.only_site = SiteId::parse("00000000000002");
  const auto made = prepared("1,01,2023-07-30 08:00:00,R-1,\n2,01,2023-07-31 08:00:00,R-1,\n");
  BOOST_REQUIRE(made.bad.size() == 1U);
  BOOST_TEST(made.bad[0].reason == "R-1 stood at site 00000000000001 on 2023-07-30: import it there");
  BOOST_TEST(made.good.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_corrected_time_decides_the_date_of_the_binding) {
  options.deployments = &deployments;
  const auto made =
      prepared("#clock,R-1,2023-07-31 18:10:00,2023-07-31 18:00:00\n1,01,2023-07-31 00:05:00,R-1,\n");
  BOOST_REQUIRE(made.good.size() == 1U);
  BOOST_TEST(made.good[0].place.gate == "north");
}

BOOST_AUTO_TEST_CASE(nothing_comes_from_the_future) {
  const auto made = prepared("1,01,2023-08-01 12:00:59,R-1,\n2,01,2023-08-02 12:00:00,R-1,\n");
  BOOST_REQUIRE(made.bad.size() == 1U);
  BOOST_TEST(made.bad[0].reason ==
             "lies +1 d 00 h 00 min 00 s ahead of now; measure the reader's clock (#clock)");
}

BOOST_AUTO_TEST_CASE(before_a_step_back_of_the_clock_the_time_is_not_known) {
  const auto made = prepared(
      "#clock,R-1,2023-07-31 18:00:00,2023-07-31 18:00:00\n"
      "1,01,2023-07-31 12:00:00,R-1,\n2,02,2023-07-31 12:30:00,R-1,\n"
      "3,01,2023-07-31 08:00:00,R-1,\n4,02,2023-07-31 07:59:30,R-1,\n");
  BOOST_TEST(places(made.bad) == (std::vector<std::string>{"3 reader_clock", "4 reader_clock"}),
             boost::test_tools::per_element());
  BOOST_TEST(made.bad[0].reason.find("behind number 2") != std::string::npos);
  BOOST_TEST(made.good.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_step_that_a_measurement_explains_is_none) {
  const auto made = prepared(
      "#clock,R-1,2023-07-31 10:05:00,2023-07-31 10:00:00,set\n"
      "1,01,2023-07-31 10:04:30,R-1,\n2,02,2023-07-31 10:06:00,R-1,\n");
  BOOST_TEST(made.bad.empty());
  BOOST_TEST(
      good(made) == (std::vector<std::string>{"1 2023-07-31T00:59:30.000Z", "2 2023-07-31T01:06:00.000Z"}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_touch_that_stands_twice_is_taken_once) {
  const auto made = prepared(
      "1,01,2023-07-31 08:00:00,R-1,\n1,01,2023-07-31 08:00:00,R-1,\n1,02,2023-07-31 08:00:00,R-1,\n"
      "1,01,2023-07-31 08:00:00,R-2,\n");
  BOOST_TEST(places(made.bad) == (std::vector<std::string>{"3 number", "4 number"}),
             boost::test_tools::per_element());
  BOOST_TEST(made.bad[1].reason.find("another card") != std::string::npos);
  BOOST_TEST(made.good.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_reader_that_counts_from_one_again_loses_nothing) {
  const auto made = prepared(
      "1,01,2023-07-30 08:00:00,R-1,\n2,02,2023-07-30 08:01:00,R-1,\n"
      "1,01,2023-07-31 08:00:00,R-1,\n2,02,2023-07-31 08:01:00,R-1,\n");
  BOOST_TEST(made.bad.empty());
  BOOST_REQUIRE(made.good.size() == 4U);
  BOOST_TEST(made.good[0].key == "logger/R-1/1/20230729T230000");
  BOOST_TEST(made.good[2].key == "logger/R-1/1/20230730T230000");
}

BOOST_AUTO_TEST_CASE(keys_stay_within_their_limit) {
  Touch longest;
  longest.number = ~std::uint64_t{0};
  longest.reader_id = std::string(reader_id_size_max, 'R');
  BOOST_TEST(event_key(longest).size() <= 96U);
}

BOOST_AUTO_TEST_CASE(the_report_says_it_all) {
  TouchReport report;
  report.file = "monday.csv";
  report.imported_at = at("2023-08-01T03:00:00Z");
  report.rows = 4;
  report.taken = 3;
  report.outcomes = {{"admitted", 2}, {"repeat", 1}};
  report.bad = {{5, "card_uid", "is empty"}};
  report.clocks = {{"R-1", 1, std::chrono::seconds{5}, std::nullopt, false}};
  report.unmeasured = {"R-2"};
  BOOST_TEST(
      to_text(report) ==
      "monday.csv: imported 2023-08-01T03:00:00.000Z\n4 rows, 3 taken, 1 refused\n  admitted: 2\n  repeat: "
      "1\n"
      "R-1: clock +5.000 s against ours, drift not known: one measurement\n"
      "R-2: clock not measured, its times are taken as they are\nrefused:\n  line 5: card_uid: is empty\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::touches
