// Faces as boxes and five points, and what follows from them alone: pose, alignment, overlap. No pixels here.
#pragma once
#include <array>

namespace sitegate::devices::face {

struct Point {
  float x = 0;
  float y = 0;
};

/// Pixels; x to the right, y down.
struct Box {
  float x = 0;
  float y = 0;
  float width = 0;
  float height = 0;
};

/// Eye, eye, nose tip, mouth corner, mouth corner; of each pair the one on the picture's left first.
using Landmarks = std::array<Point, 5>;

struct DetectedFace {
  Box box;
  Landmarks points{};
  float score = 0;  ///< the detector's, 0 to 1
};

/// x' = a x - b y + dx, y' = b x + a y + dy: turned, scaled and moved, nothing else.
struct Similarity {
  float a = 1;
  float b = 0;
  float dx = 0;
  float dy = 0;
  [[nodiscard]] Point operator()(const Point& point) const {
    return {a * point.x - b * point.y + dx, b * point.x + a * point.y + dy};
  }
};

/// The one that brings `from` nearest to `to` by least squares (Umeyama 1991, two dimensions, without
/// reflection). The identity where all points of `from` are one.
Similarity fit_similarity(const Landmarks& from, const Landmarks& to);

float distance(const Point& one, const Point& other);
float eye_distance(const Landmarks& points);

/// From the landmarks alone, so rough: enough to tell "from the front" from "turned away".
struct Pose {
  float yaw = 0;           ///< nose aside of the eyes' middle, in eye distances; 0: from the front
  float pitch = 0;         ///< nose between eyes (0) and mouth (1); about .55 from the front
  float roll_degrees = 0;  ///< of the line through the eyes
};
Pose pose_of(const Landmarks& points);

/// Intersection over union, 0 to 1.
float overlap(const Box& one, const Box& other);

}  // namespace sitegate::devices::face
