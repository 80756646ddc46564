// Whether a face can be looked at as it is, and if not, what the person is to do.
#pragma once
#include <optional>

#include "devices/face/geometry.hpp"
#include "shared/model/advice.hpp"

namespace sitegate::devices::face {

/// Of one face in one picture. Sharpness and light are measured on the aligned face, so that they mean the
/// same at every size.
struct FaceQuality {
  float eye_distance_px = 0;
  Pose pose;
  bool whole = true;     ///< its box lies inside the picture
  float sharpness = 0;   ///< standard deviation of the Laplacian of the luma
  float brightness = 0;  ///< mean luma, 0 to 255
  float contrast = 0;    ///< standard deviation of the luma
};

/// Found on Labeled Faces in the Wild: they pass 99 of 100 press pictures (sharpness 2.9 to 23, brightness 65
/// to 182, contrast 20 to 90, yaw below .38 in 98 of 100). They refuse only what cannot be recognised at all;
/// what is not recognised stays below the threshold.
struct QualityRules {
  float eye_distance_px_min = 18;
  float yaw_max = 0.60F;
  float pitch_min = 0.20F;
  float pitch_max = 0.90F;
  float roll_degrees_max = 40;
  float sharpness_min = 2.5F;
  float brightness_min = 22;
  float brightness_max = 242;
  float contrast_min = 6;
};
/// For pictures that will be compared with for months.
inline constexpr QualityRules enrolment_rules{.eye_distance_px_min = 30,
                                              .yaw_max = 0.40F,
                                              .pitch_min = 0.22F,
                                              .pitch_max = 0.85F,
                                              .roll_degrees_max = 35,
                                              .sharpness_min = 4,
                                              .brightness_min = 35,
                                              .brightness_max = 235,
                                              .contrast_min = 10};

/// Size and pose, known before the pixels are touched: come_closer, look_here.
std::optional<AdviceKind> geometry_problem(const FaceQuality& quality, const QualityRules& rules);
/// Light and sharpness: more_light, hold_still.
std::optional<AdviceKind> pixel_problem(const FaceQuality& quality, const QualityRules& rules);

}  // namespace sitegate::devices::face
