// The gateway's cameras, for whoever wires it: the same in a build with and without OpenCV.
#pragma once
#include <memory>

#include "devices/reader.hpp"

namespace sitegate::devices {

/// To be called before other threads are started. Null in a build without cameras (SITEGATE_CAMERAS=OFF). The
/// clock must outlive it.
std::shared_ptr<camera::CameraHub> open_cameras(const Clock& clock);

}  // namespace sitegate::devices
