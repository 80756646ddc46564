#include "devices/face/errc.hpp"

namespace sitegate::devices::face {

const char* errc_category(FaceErrc) {
  return "face";
}

std::string_view errc_text(FaceErrc what) {
  switch (what) {
    case FaceErrc::no_cameras:
      return "this build has no cameras: build with SITEGATE_CAMERAS=ON and OpenCV 4.6";
    case FaceErrc::bad_network:
      return "a file of the model pack cannot be used";
    case FaceErrc::network_failed:
      return "a network failed at a picture";
    case FaceErrc::no_templates:
      return "no templates";
    case FaceErrc::bad_setting:
      return "a setting has a value that cannot be taken";
    case FaceErrc::too_few_pictures:
      return "too few pictures";
  }
  return "unknown";
}

}  // namespace sitegate::devices::face
