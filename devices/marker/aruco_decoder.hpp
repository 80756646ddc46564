// OpenCV 4.6's aruco module (the old API): detection, and the markers' own bits for printing.
#pragma once
#include "devices/marker/marker_decoder.hpp"

namespace sitegate::devices::marker {

/// `family` is one of marker_families (asserted).
std::unique_ptr<MarkerDecoder> make_aruco_decoder(std::string_view family);

/// The marker with its black border: 8 × 8 modules, 0 black and 255 white, no quiet zone. `id` is below
/// marker_count() (asserted).
cv::Mat marker_modules(std::string_view family, std::uint32_t id);

}  // namespace sitegate::devices::marker
