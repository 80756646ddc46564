#include "devices/camera/picture.hpp"

#include <fmt/format.h>

#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>

namespace sitegate::devices::camera {
namespace {

constexpr std::string_view png_magic("\x89PNG\r\n\x1a\n", 8);
constexpr std::size_t png_ihdr_end = 24;
constexpr std::size_t bmp_sizes_end = 26;

unsigned big_16(ByteView bytes, std::size_t at) {
  return static_cast<unsigned>(bytes[at]) << 8 | bytes[at + 1];
}
int big_32(ByteView bytes, std::size_t at) {
  return static_cast<int>(big_16(bytes, at) << 16 | big_16(bytes, at + 2));
}
int little_32(ByteView bytes, std::size_t at) {
  return static_cast<int>(static_cast<unsigned>(bytes[at + 3]) << 24 |
                          static_cast<unsigned>(bytes[at + 2]) << 16 |
                          static_cast<unsigned>(bytes[at + 1]) << 8 | bytes[at]);
}

/// C0 to CF begin a frame, but for C4 (Huffman tables), C8 (reserved) and CC (arithmetic conditioning).
bool begins_frame(unsigned marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// Segments follow each other up to the first frame: FF, marker, length of what follows.
std::optional<cv::Size> jpeg_size(ByteView file) {
  std::size_t at = 2;
  while (at + 9 < file.size()) {
    if (file[at] != 0xFF) return std::nullopt;
    const unsigned marker = file[at + 1];
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (begins_frame(marker))
      return cv::Size(static_cast<int>(big_16(file, at + 7)), static_cast<int>(big_16(file, at + 5)));
    at += 2 + big_16(file, at + 2);
  }
  return std::nullopt;
}

bool within_limits(cv::Size size) {
  return std::min(size.width, size.height) >= picture_side_min &&
         std::max(size.width, size.height) <= picture_side_max;
}

Error wrong_size(cv::Size size) {
  return fail(PictureErrc::wrong_size, fmt::format("{}x{} pixels, {} to {} a side are taken", size.width,
                                                   size.height, picture_side_min, picture_side_max));
}

/// OpenCV throws for some damaged files: it ends here.
cv::Mat decoded(ByteView file) {
  try {
    const cv::Mat bytes(1, static_cast<int>(file.size()), CV_8UC1, const_cast<std::uint8_t*>(file.data()));
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
  } catch (const cv::Exception&) {
    return {};
  }
}

}  // namespace

const char* errc_category(PictureErrc) {
  return "picture";
}

std::string_view errc_text(PictureErrc what) {
  switch (what) {
    case PictureErrc::unreadable:
      return "the picture's file cannot be read";
    case PictureErrc::no_picture:
      return "this is no picture (JPEG, PNG or BMP), or it is damaged";
    case PictureErrc::wrong_size:
      return "the picture is too small or too large";
  }
  return "unknown";
}

Result<cv::Size> size_in_head(ByteView file) {
  const auto text = as_text(file);
  if (text.starts_with(png_magic) && file.size() >= png_ihdr_end)
    return cv::Size(big_32(file, 16), big_32(file, 20));
  if (text.starts_with("BM") && file.size() >= bmp_sizes_end) {
    const int height = little_32(file, 22);  // negative: from the top down
    return cv::Size(little_32(file, 18), height < 0 && height > -picture_side_max * 16 ? -height : height);
  }
  if (text.starts_with("\xFF\xD8"))
    if (const auto size = jpeg_size(file)) return *size;
  return fail(PictureErrc::no_picture, fmt::format("{} bytes", file.size()));
}

Result<cv::Mat> decode_picture(ByteView file) {
  if (file.size() > picture_bytes_max)
    return fail(PictureErrc::wrong_size,
                fmt::format("{} bytes, at most {} are taken", file.size(), picture_bytes_max));
  SITEGATE_TRY(size, size_in_head(file));
  if (!within_limits(size)) return wrong_size(size);
  const cv::Mat image = decoded(file);
  if (image.empty()) return fail(PictureErrc::no_picture, fmt::format("{} bytes", file.size()));
  return checked_picture(image);
}

Result<cv::Mat> read_picture(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fail(PictureErrc::unreadable, file.string() + ": " + error.message());
  if (size > picture_bytes_max)
    return fail(PictureErrc::wrong_size, file.string() + fmt::format(": {} bytes", size));
  Bytes bytes(size);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in) return fail(PictureErrc::unreadable, file.string());
  auto image = decode_picture(bytes);
  if (!image) return Error{image.error().code, file.string() + ": " + image.error().detail};
  return image;
}

Result<cv::Mat> checked_picture(const cv::Mat& image) {
  if (!within_limits(image.size())) return wrong_size(image.size());
  cv::Mat bgr = image;
  if (image.type() == CV_8UC1)
    cv::cvtColor(image, bgr, cv::COLOR_GRAY2BGR);
  else if (image.type() == CV_8UC4)
    cv::cvtColor(image, bgr, cv::COLOR_BGRA2BGR);
  if (bgr.type() != CV_8UC3)
    return fail(PictureErrc::no_picture, fmt::format("pixels of OpenCV's type {}", image.type()));
  return bgr.isContinuous() ? bgr : bgr.clone();
}

}  // namespace sitegate::devices::camera
