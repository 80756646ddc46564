// Enrolment in a build without cameras: it says so.
#include "devices/face/enrolment.hpp"
#include "devices/face/errc.hpp"

namespace sitegate::devices::face {

Result<std::unique_ptr<FaceEnroller>> FaceEnroller::open(const ModelPack& pack) {
  return fail(FaceErrc::no_cameras, "faces of the pack " + pack.name + " cannot be enrolled here");
}

}  // namespace sitegate::devices::face
