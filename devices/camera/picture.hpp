// Pictures from outside: files of unknown content become pixels only within limits.
#pragma once
#include <filesystem>
#include <opencv2/core.hpp>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate::devices::camera {

inline constexpr int picture_side_min = 16;
inline constexpr int picture_side_max = 4096;
inline constexpr std::size_t picture_bytes_max = std::size_t{32} << 20;

enum class PictureErrc {
  unreadable = 1,  ///< no such file, or it cannot be read
  no_picture,      ///< neither JPEG, PNG nor BMP, or damaged
  wrong_size,      ///< too many bytes, or not 16 to 4096 pixels a side
};
const char* errc_category(PictureErrc);
std::string_view errc_text(PictureErrc);

/// Width and height as the file's head says them: JPEG (ITU-T T.81 annex B, SOFn), PNG (RFC 2083, IHDR), BMP
/// (BITMAPINFOHEADER). Nothing is decoded. PictureErrc::no_picture.
Result<cv::Size> size_in_head(ByteView file);

/// BGR, 8 bit, 3 channels, continuous; turned as EXIF says. The size is looked at before anything is decoded.
Result<cv::Mat> decode_picture(ByteView file);
Result<cv::Mat> read_picture(const std::filesystem::path& file);

/// What a source gave, as BGR, 8 bit, 3 channels. PictureErrc::wrong_size, no_picture (other pixels).
Result<cv::Mat> checked_picture(const cv::Mat& image);

}  // namespace sitegate::devices::camera

template <>
struct std::is_error_code_enum<sitegate::devices::camera::PictureErrc> : std::true_type {};
