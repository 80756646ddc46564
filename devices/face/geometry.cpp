#include "devices/face/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sitegate::devices::face {
namespace {

Point middle_of(const Landmarks& points) {
  Point middle;
  for (const auto& point : points) {
    middle.x += point.x / static_cast<float>(points.size());
    middle.y += point.y / static_cast<float>(points.size());
  }
  return middle;
}

Point between(const Point& one, const Point& other) {
  return {(one.x + other.x) / 2, (one.y + other.y) / 2};
}

}  // namespace

Similarity fit_similarity(const Landmarks& from, const Landmarks& to) {
  const Point source = middle_of(from);
  const Point target = middle_of(to);
  float along = 0;
  float across = 0;
  float size = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const Point p{from[i].x - source.x, from[i].y - source.y};
    const Point q{to[i].x - target.x, to[i].y - target.y};
    along += p.x * q.x + p.y * q.y;
    across += p.x * q.y - p.y * q.x;
    size += p.x * p.x + p.y * p.y;
  }
  if (size <= 0) return {};
  Similarity fit{along / size, across / size, 0, 0};
  const Point moved = fit(source);
  fit.dx = target.x - moved.x;
  fit.dy = target.y - moved.y;
  return fit;
}

float distance(const Point& one, const Point& other) {
  return std::hypot(one.x - other.x, one.y - other.y);
}

float eye_distance(const Landmarks& points) {
  return distance(points[0], points[1]);
}

Pose pose_of(const Landmarks& points) {
  const Point eyes = between(points[0], points[1]);
  const Point mouth = between(points[3], points[4]);
  const float apart = std::max(eye_distance(points), 1e-3F);
  const Point along{(points[1].x - points[0].x) / apart, (points[1].y - points[0].y) / apart};
  const Point nose{points[2].x - eyes.x, points[2].y - eyes.y};
  const Point chin{mouth.x - eyes.x, mouth.y - eyes.y};
  const float nose_down = nose.y * along.x - nose.x * along.y;
  const float mouth_down = chin.y * along.x - chin.x * along.y;
  Pose pose;
  pose.yaw = (nose.x * along.x + nose.y * along.y) / apart;
  pose.pitch = nose_down / std::max(mouth_down, 1e-3F);
  pose.roll_degrees = std::atan2(along.y, along.x) * 180 / std::numbers::pi_v<float>;
  return pose;
}

float overlap(const Box& one, const Box& other) {
  const float width = std::min(one.x + one.width, other.x + other.width) - std::max(one.x, other.x);
  const float height = std::min(one.y + one.height, other.y + other.height) - std::max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const float common = width * height;
  return common / (one.width * one.height + other.width * other.height - common);
}

}  // namespace sitegate::devices::face
