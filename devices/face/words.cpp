#include "devices/face/enrolment.hpp"

namespace sitegate::devices::face {

std::string_view to_text(PictureProblem problem) {
  switch (problem) {
    case PictureProblem::no_picture:
      return "no_picture";
    case PictureProblem::no_face:
      return "no_face";
    case PictureProblem::several_people:
      return "several_people";
    case PictureProblem::too_small:
      return "too_small";
    case PictureProblem::turned_away:
      return "turned_away";
    case PictureProblem::blurred:
      return "blurred";
    case PictureProblem::too_dark:
      return "too_dark";
    case PictureProblem::too_bright:
      return "too_bright";
    case PictureProblem::covered:
      return "covered";
  }
  return "unknown";
}

}  // namespace sitegate::devices::face
