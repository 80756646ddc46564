// QR codes to look at: for `sitegate qr`, and for tests that draw what a camera sees.
#pragma once
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate::devices::qr {

/// The quiet zone of ISO/IEC 18004, section 6.3.8: four modules on all sides.
inline constexpr int quiet_modules = 4;

/// One pixel for each module, 0 black and 255 white, quiet zone included. Level M. 1 to 1,000 printable ASCII
/// characters (asserted).
cv::Mat qr_modules(std::string_view text);

/// Grey, `module_pixels` a module.
cv::Mat qr_picture(std::string_view text, int module_pixels);
Result<Bytes> qr_png(std::string_view text, int module_pixels);
/// `side_mm` with the quiet zone; `caption` below it, may be empty.
std::string qr_svg(std::string_view text, double side_mm, std::string_view caption);
/// Half blocks for a terminal, black on white by colours of its own.
std::string qr_terminal(std::string_view text);

}  // namespace sitegate::devices::qr
