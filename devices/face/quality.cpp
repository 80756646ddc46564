#include "devices/face/quality.hpp"

#include <cmath>

namespace sitegate::devices::face {

std::optional<AdviceKind> geometry_problem(const FaceQuality& quality, const QualityRules& rules) {
  if (!quality.whole || quality.eye_distance_px < rules.eye_distance_px_min) return AdviceKind::come_closer;
  const Pose& pose = quality.pose;
  const bool turned = std::abs(pose.yaw) > rules.yaw_max || pose.pitch < rules.pitch_min ||
                      pose.pitch > rules.pitch_max || std::abs(pose.roll_degrees) > rules.roll_degrees_max;
  return turned ? std::optional(AdviceKind::look_here) : std::nullopt;
}

std::optional<AdviceKind> pixel_problem(const FaceQuality& quality, const QualityRules& rules) {
  if (quality.brightness < rules.brightness_min || quality.brightness > rules.brightness_max ||
      quality.contrast < rules.contrast_min)
    return AdviceKind::more_light;
  if (quality.sharpness < rules.sharpness_min) return AdviceKind::hold_still;
  return std::nullopt;
}

}  // namespace sitegate::devices::face
