// Markers in pictures: all of them, no other, and with the quiet zones that labels have.
#include "devices/marker/marker_decoder.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/devices/marker/marker_scene.hpp"

namespace sitegate::devices::marker {

using testing::crowd;
using testing::stick;
using testing::yard;

namespace {

using Marker = std::pair<std::string, std::uint32_t>;

std::set<Marker> markers_in(const cv::Mat& scene) {
  const auto decoders = decoders_of({"apriltag-36h11", "aruco-6x6-1000"}).value();
  cv::Mat grey;
  cv::cvtColor(scene, grey, cv::COLOR_BGR2GRAY);
  std::set<Marker> markers;
  for (const auto& decoder : decoders)
    for (const auto& found : decoder->find(scene, grey)) markers.emplace(found.family, found.id);
  return markers;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(marker_decoder)

BOOST_AUTO_TEST_CASE(thirty_helmets_in_one_view_are_all_read) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    std::set<Marker> expected;
    for (std::uint32_t i = 0; i < 30; ++i) expected.emplace(marker_families[i % 2], i);
    const auto found = markers_in(crowd({1280, 720}, 30, seed));
    BOOST_TEST((found == expected), "seed " << seed << ": " << found.size() << " of 30");
  }
}

BOOST_AUTO_TEST_CASE(where_the_marker_is) {
  cv::Mat scene = yard({640, 480});
  stick(scene, {.id = 5, .side = 80}, {200, 300});
  cv::Mat grey;
  cv::cvtColor(scene, grey, cv::COLOR_BGR2GRAY);
  const auto found = decoders_of({"aruco-6x6-1000"}).value().front()->find(scene, grey);
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found.front().id == 5u);
  BOOST_TEST(cv::norm(found.front().centre() - cv::Point2f(200, 300)) < 2.0);
}

BOOST_AUTO_TEST_CASE(narrow_quiet_zones_on_dark_ground_are_read) {
  for (const double quiet : {0.08, 0.12, 0.14, 0.2, 0.25, 0.4})
    for (const auto family : marker_families) {
      cv::Mat scene(480, 640, CV_8UC3, cv::Scalar(40, 40, 40));
      stick(scene, {.family = family, .id = 17, .side = 90, .quiet = quiet, .turned = 10}, {320, 240});
      BOOST_TEST((markers_in(scene) == std::set<Marker>{{std::string(family), 17}}), family << ", " << quiet);
    }
}

BOOST_AUTO_TEST_CASE(small_turned_and_from_the_side) {
  for (const double side : {20.0, 30.0, 60.0, 200.0})
    for (const double turned : {0.0, 33.0, 90.0, 180.0})
      for (const double tilted : {1.0, 0.6}) {
        cv::Mat scene = yard({640, 480});
        stick(scene, {.id = 123, .side = side, .turned = turned, .tilted = side < 30 ? 1 : tilted},
              {320, 240});
        BOOST_TEST((markers_in(scene) == std::set<Marker>{{"aruco-6x6-1000", 123}}),
                   side << " pixels, " << turned << " degrees, " << tilted);
      }
}

BOOST_AUTO_TEST_CASE(nothing_is_read_where_nothing_is) {
  cv::Mat noise(480, 640, CV_8UC3);
  cv::RNG chance(9);
  for (int i = 0; i < 20; ++i) {
    chance.fill(noise, cv::RNG::UNIFORM, 0, 256);
    for (int box = 0; box < 40; ++box)
      cv::rectangle(noise, {chance.uniform(0, 640), chance.uniform(0, 480)},
                    {chance.uniform(0, 640), chance.uniform(0, 480)},
                    cv::Scalar(chance.uniform(0, 256), chance.uniform(0, 256), chance.uniform(0, 256)),
                    cv::FILLED);
    BOOST_TEST(markers_in(noise).empty());
  }
}

BOOST_AUTO_TEST_CASE(families_that_are_known) {
  BOOST_TEST(marker_count("apriltag-36h11") == 587u);
  BOOST_TEST(marker_count("aruco-6x6-1000") == 1000u);
  BOOST_TEST(marker_count("aruco-4x4-50") == 0u);
  BOOST_TEST(decoders_of({"aruco-4x4-50"}).has_error());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::marker
