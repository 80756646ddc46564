// Alignment, pose, quality and tracks: all that follows from five points.
#include "devices/face/geometry.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "devices/face/quality.hpp"
#include "devices/face/tracks.hpp"

namespace sitegate::devices::face {
namespace {

using namespace std::chrono_literals;

const Landmarks frontal{{{40, 59}, {87, 59}, {64, 82}, {45, 105}, {84, 105}}};

Landmarks moved(const Landmarks& points, float degrees, float scale, float dx, float dy) {
  const float angle = degrees * std::numbers::pi_v<float> / 180;
  const Similarity by{scale * std::cos(angle), scale * std::sin(angle), dx, dy};
  Landmarks result;
  for (std::size_t i = 0; i < points.size(); ++i) result[i] = by(points[i]);
  return result;
}

DetectedFace face_at(float x, float y, float size) {
  return {.box = {x, y, size, size}, .points = moved(frontal, 0, size / 128, x, y), .score = 0.9F};
}

FaceQuality good() {
  return {.eye_distance_px = 60,
          .pose = pose_of(frontal),
          .whole = true,
          .sharpness = 20,
          .brightness = 120,
          .contrast = 50};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(geometry)

BOOST_AUTO_TEST_CASE(the_fitted_similarity_undoes_turn_scale_and_shift) {
  for (const float degrees : {-50.0F, 0.0F, 12.0F, 95.0F}) {
    const auto seen = moved(frontal, degrees, 3.5F, 210, -40);
    const auto back = fit_similarity(seen, frontal);
    for (std::size_t i = 0; i < seen.size(); ++i) BOOST_TEST(distance(back(seen[i]), frontal[i]) < 0.01F);
  }
}

BOOST_AUTO_TEST_CASE(the_fit_is_the_best_one_where_none_is_exact) {
  Landmarks seen = moved(frontal, 20, 2, 5, 5);
  seen[2].x += 9;  // a nose that points aside
  const auto fit = fit_similarity(seen, frontal);
  const auto error = [&](const Similarity& by) {
    float sum = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) sum += std::pow(distance(by(seen[i]), frontal[i]), 2.0F);
    return sum;
  };
  for (const float step : {-0.01F, 0.01F}) {
    BOOST_TEST(error(fit) <= error({fit.a + step, fit.b, fit.dx, fit.dy}));
    BOOST_TEST(error(fit) <= error({fit.a, fit.b + step, fit.dx, fit.dy}));
    BOOST_TEST(error(fit) <= error({fit.a, fit.b, fit.dx + step, fit.dy}));
    BOOST_TEST(error(fit) <= error({fit.a, fit.b, fit.dx, fit.dy + step}));
  }
  BOOST_TEST(fit_similarity({}, frontal).a == 1.0F);  // five times the same point
}

BOOST_AUTO_TEST_CASE(pose_is_that_of_the_head_not_of_the_picture) {
  for (const float degrees : {0.0F, 30.0F, -30.0F}) {
    const auto pose = pose_of(moved(frontal, degrees, 2, 0, 0));
    BOOST_TEST(std::abs(pose.yaw) < 0.02F);
    BOOST_TEST(pose.pitch == 0.5F, boost::test_tools::tolerance(0.05F));
    BOOST_TEST(std::abs(pose.roll_degrees - degrees) < 0.5F);
  }
  Landmarks turned = frontal;
  turned[2].x += 0.6F * eye_distance(frontal);
  BOOST_TEST(pose_of(turned).yaw > 0.5F);
}

BOOST_AUTO_TEST_CASE(every_fault_has_its_word) {
  const QualityRules rules;
  BOOST_TEST(!geometry_problem(good(), rules));
  BOOST_TEST(!pixel_problem(good(), rules));
  auto quality = good();
  quality.eye_distance_px = rules.eye_distance_px_min - 1;
  BOOST_TEST((geometry_problem(quality, rules) == AdviceKind::come_closer));
  quality = good();
  quality.whole = false;
  BOOST_TEST((geometry_problem(quality, rules) == AdviceKind::come_closer));
  quality = good();
  quality.pose.yaw = -0.8F;
  BOOST_TEST((geometry_problem(quality, rules) == AdviceKind::look_here));
  quality = good();
  quality.pose.roll_degrees = 70;
  BOOST_TEST((geometry_problem(quality, rules) == AdviceKind::look_here));
  quality = good();
  quality.brightness = 5;
  BOOST_TEST((pixel_problem(quality, rules) == AdviceKind::more_light));
  quality = good();
  quality.contrast = 1;
  BOOST_TEST((pixel_problem(quality, rules) == AdviceKind::more_light));
  quality = good();
  quality.sharpness = 1;
  BOOST_TEST((pixel_problem(quality, rules) == AdviceKind::hold_still));
}

BOOST_AUTO_TEST_CASE(a_face_keeps_its_track_while_it_moves) {
  Tracks tracks;
  const auto first = tracks.see({face_at(100, 100, 80)}, 0ms);
  BOOST_REQUIRE_EQUAL(first.size(), 1u);
  TrackId id = first[0].id;
  for (int i = 1; i <= 20; ++i) {
    const auto seen = tracks.see({face_at(100 + 20.0F * static_cast<float>(i), 100, 80)}, i * 40ms);
    BOOST_TEST(seen[0].id == id);
  }
  const auto jumped = tracks.see({face_at(100, 300, 80)}, 21 * 40ms);
  BOOST_TEST(jumped[0].id != id);
}

BOOST_AUTO_TEST_CASE(two_faces_keep_their_own_tracks_and_the_largest_is_first) {
  Tracks tracks;
  const auto first = tracks.see({face_at(0, 0, 60), face_at(300, 0, 90)}, 0ms);
  BOOST_REQUIRE_EQUAL(first.size(), 2u);
  BOOST_TEST(first[0].face.box.x == 300);
  const auto next = tracks.see({face_at(290, 5, 92), face_at(5, 0, 61)}, 40ms);
  BOOST_TEST(next[0].id == first[0].id);
  BOOST_TEST(next[1].id == first[1].id);
}

BOOST_AUTO_TEST_CASE(a_track_ends_when_its_face_stays_away) {
  Tracks tracks(500ms);
  const auto id = tracks.see({face_at(0, 0, 60)}, 0ms)[0].id;
  BOOST_TEST(tracks.see({}, 400ms).empty());
  BOOST_TEST(tracks.take_ended().empty());
  BOOST_TEST(tracks.see({face_at(0, 0, 60)}, 450ms)[0].id == id);
  static_cast<void>(tracks.see({}, 1'000ms));
  const auto ended = tracks.take_ended();
  BOOST_REQUIRE_EQUAL(ended.size(), 1u);
  BOOST_TEST(ended[0] == id);
  BOOST_TEST(tracks.size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::face
