#include "devices/face/face_reader.hpp"

#include "devices/face/errc.hpp"
#include "devices/face/face_analyser.hpp"

namespace sitegate::devices::face {

Result<std::unique_ptr<Reader>> open_face_reader(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRYV(camera::check_camera_keys(
      url, {"pack", "liveness", "several", "eyes_px", "one_to_one", "one_to_many", "votes", "detection_px"}));
  SITEGATE_TRY(settings, parse_face_settings(url));
  SITEGATE_TRY(place, reader_place(url));
  if (surroundings.templates == nullptr)
    return fail(FaceErrc::no_templates, "this gateway has no face templates: see edge/templates");
  return camera::make_camera_reader(url, surroundings, make_face_analyser(settings, place, surroundings));
}

}  // namespace sitegate::devices::face
