// What a face reader is told by its URL.
#pragma once
#include <optional>
#include <string>

#include "devices/face/quality.hpp"
#include "devices/face/votes.hpp"
#include "shared/base/url.hpp"

namespace sitegate::devices::face {

/// Several people before the camera at once.
enum class SeveralRule : std::uint8_t {
  refuse,  ///< nobody is identified until one stands there alone
  each,    ///< everybody is looked at: a wide way in, no barrier
};

struct FaceSettings {
  std::string pack;  ///< name of the model pack; empty: the only one installed
  LivenessRule liveness = LivenessRule::alone;
  SeveralRule several = SeveralRule::refuse;
  float eye_distance_px_min = QualityRules{}.eye_distance_px_min;
  std::optional<float> one_to_one;   ///< cosine instead of the pack's: the site's own calibration
  std::optional<float> one_to_many;  ///< the same; for any number of people
  int votes = 2;
  int detection_px = 320;  ///< longer side of the picture that faces are searched in
};

/// ?pack=retail-0095&liveness=alone|always|off&several=refuse|each&eyes_px=18&one_to_one=.43&one_to_many=.49
/// &votes=2&detection_px=320. bad_setting with key, value and what is expected. Other keys are not looked at.
Result<FaceSettings> parse_face_settings(const Url& url);

}  // namespace sitegate::devices::face
