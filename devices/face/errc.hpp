// What can go wrong with faces.
#pragma once
#include <string_view>

#include "shared/base/error.hpp"

namespace sitegate::devices::face {

enum class FaceErrc {
  no_cameras = 1,  ///< this build has no OpenCV
  bad_network,  ///< OpenCV cannot load a file of the pack, or its output is not of the form that the manifest
                ///< says
  network_failed,  ///< OpenCV failed at a picture
  no_templates,    ///< the gateway has no source of templates
  bad_setting,
  too_few_pictures  ///< calibration: not enough people or pictures
};
const char* errc_category(FaceErrc);
std::string_view errc_text(FaceErrc);

}  // namespace sitegate::devices::face

template <>
struct std::is_error_code_enum<sitegate::devices::face::FaceErrc> : std::true_type {};
