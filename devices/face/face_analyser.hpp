// A face before the camera becomes a read of a known person, or a word to the person: the pipeline of one
// reader.
#pragma once
#include <memory>

#include "devices/camera/camera.hpp"
#include "devices/face/face_settings.hpp"

namespace sitegate::devices::face {

/// Opens the model pack at once, and again at each look() as long as it is not there: state() says what is
/// missing, look() fails with the same words. Concurrency as FrameAnalyser. What `surroundings` names
/// outlives it; its templates must be there.
std::unique_ptr<camera::FrameAnalyser> make_face_analyser(const FaceSettings& settings,
                                                          const ReaderPlace& place,
                                                          const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::face
