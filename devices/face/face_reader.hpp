// The reader of faces: face+rtsp://…, face+v4l2:///dev/video0, face+dir:///pictures, …
#pragma once
#include "devices/reader.hpp"

namespace sitegate::devices::face {

/// Keys: see README.md. Errors: bad settings, no source of templates. A missing model pack is none: the
/// reader says so in its state and its run() fails until the pack is there.
Result<std::unique_ptr<Reader>> open_face_reader(const Url& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::face
