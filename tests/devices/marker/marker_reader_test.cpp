// From markers in pictures to reads with a direction.
#include "devices/marker/marker_reader.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/devices/marker/marker_scene.hpp"

namespace sitegate::devices::marker {

using namespace std::chrono_literals;
using testing::stick;
using testing::yard;

namespace {

struct Gate {
  explicit Gate(const std::string& query)
      : analyser(settings(query), decoders_of(settings(query).families).value()) {}
  static MarkerSettings settings(const std::string& query) {
    return marker_settings(parse_url("marker+dir:///frames?id=helmets&" + query).value()).value();
  }
  void show(const cv::Mat& picture) {
    now += 100ms;
    BOOST_TEST(analyser
                   .look({picture, ++number, UtcTime(std::chrono::milliseconds(5)), now},
                         [this](CredentialRead read) { reads.push_back(std::move(read)); })
                   .has_value());
  }
  MarkerAnalyser analyser;
  std::vector<CredentialRead> reads;
  std::uint64_t number = 0;
  MonotonicTime now{0};
};

std::string refusal(const std::string& query) {
  const auto settings = marker_settings(parse_url("marker+dir:///f?" + query).value());
  return settings ? "" : settings.error().text();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(marker_reader)

BOOST_AUTO_TEST_CASE(two_people_pass_in_opposite_directions) {
  Gate gate("entry=right");
  for (float x = 60; x < 600; x += 60) {
    cv::Mat scene = yard({640, 480}, static_cast<std::uint64_t>(x));
    stick(scene, {.id = 1, .side = 50}, {x, 150});
    stick(scene, {.family = "apriltag-36h11", .id = 2, .side = 50}, {640 - x, 330});
    gate.show(scene);
  }
  BOOST_REQUIRE(gate.reads.size() == 2u);
  for (const auto& read : gate.reads) {
    const auto marker = std::get<MarkerCredential>(read.credential);
    BOOST_TEST((marker == (marker.id == 1 ? MarkerCredential{"aruco-6x6-1000", 1}
                                          : MarkerCredential{"apriltag-36h11", 2})));
    BOOST_TEST((read.direction == (marker.id == 1 ? Direction::entry : Direction::exit)));
    BOOST_TEST((read.method == Method::marker));
    BOOST_TEST(read.reader_id == "helmets");
    BOOST_TEST((read.event_time == UtcTime(std::chrono::milliseconds(5))));
  }
  BOOST_TEST(gate.analyser.state() == "2 markers passed, 2 in view");
  BOOST_TEST(gate.analyser.idle(gate.now + 5s, {}).has_value());
  BOOST_TEST(gate.analyser.state() == "2 markers passed, 0 in view");
}

BOOST_AUTO_TEST_CASE(a_card_held_up_needs_no_movement) {
  Gate gate("families=apriltag-36h11");
  cv::Mat scene = yard({640, 480});
  stick(scene, {.family = "apriltag-36h11", .id = 2, .side = 90}, {320, 240});
  stick(scene, {.family = "aruco-6x6-1000", .id = 3, .side = 60}, {100, 100});
  for (int i = 0; i < 5; ++i) gate.show(scene);
  BOOST_REQUIRE(gate.reads.size() == 1u);
  BOOST_TEST((gate.reads.front().credential == Credential{MarkerCredential{"apriltag-36h11", 2}}));
  BOOST_TEST(!gate.reads.front().direction);
}

BOOST_AUTO_TEST_CASE(what_the_url_may_say) {
  const auto settings =
      Gate::settings("entry=up&line=0.4&beyond=0.1&pictures=3&gone_ms=1500&families=apriltag-36h11");
  BOOST_TEST((settings.rule.entry == EntryMoves::up));
  BOOST_TEST(settings.rule.line == 0.4F);
  BOOST_TEST(settings.rule.beyond == 0.1F);
  BOOST_TEST(settings.rule.pictures_min == 3);
  BOOST_TEST((settings.rule.gone_after == 1500ms));
  BOOST_TEST((settings.families == std::vector<std::string>{"apriltag-36h11"}));
  BOOST_TEST(Gate::settings("gate=1").families.size() == 2u);
  BOOST_TEST(refusal("entry=north").find("right, left, down or up") != std::string::npos);
  BOOST_TEST(refusal("entry=up&line=1").find("line=1") != std::string::npos);
  BOOST_TEST(refusal("line=0.5").find("need entry") != std::string::npos);
  const SystemClock clock;
  const auto wrong =
      open_marker_reader(parse_url("marker+dir:///f?families=aruco-4x4-50").value(), {clock, {}});
  BOOST_REQUIRE(!wrong);
  BOOST_TEST(wrong.error().text().find("apriltag-36h11") != std::string::npos);
  BOOST_TEST(open_marker_reader(parse_url("marker+rtsp://cam/x?line=0.4").value(), {clock, {}}).has_error());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::marker
