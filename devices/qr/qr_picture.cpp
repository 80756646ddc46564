#include "devices/qr/qr_picture.hpp"

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgcodecs.hpp>

namespace sitegate::devices::qr {
namespace {

constexpr std::size_t text_size_max = 1'000;
/// zxing counts levels from 1 to 8 for all kinds of codes: 1 and 2 are L, 3 and 4 M.
constexpr int level_m = 4;

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '&')
      safe += "&amp;";
    else
      safe += c;
  }
  return safe;
}

}  // namespace

cv::Mat qr_modules(std::string_view text) {
  SITEGATE_ASSERT(!text.empty() && text.size() <= text_size_max);
  ZXing::MultiFormatWriter writer(ZXing::BarcodeFormat::QRCode);
  writer.setMargin(quiet_modules).setEccLevel(level_m);
  const auto bits = writer.encode(std::string(text), 0, 0);
  cv::Mat modules(bits.height(), bits.width(), CV_8UC1);
  for (int y = 0; y < bits.height(); ++y)
    for (int x = 0; x < bits.width(); ++x) modules.at<std::uint8_t>(y, x) = bits.get(x, y) ? 0 : 255;
  return modules;
}

cv::Mat qr_picture(std::string_view text, int module_pixels) {
  const cv::Mat modules = qr_modules(text);
  cv::Mat picture(modules.rows * module_pixels, modules.cols * module_pixels, CV_8UC1);
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x)
      picture.at<std::uint8_t>(y, x) = modules.at<std::uint8_t>(y / module_pixels, x / module_pixels);
  return picture;
}

Result<Bytes> qr_png(std::string_view text, int module_pixels) {
  Bytes bytes;
  try {
    if (cv::imencode(".png", qr_picture(text, module_pixels), bytes)) return bytes;
  } catch (const cv::Exception&) {
    bytes.clear();
  }
  return fail_errno(ENOMEM, "PNG");
}

std::string qr_svg(std::string_view text, double side_mm, std::string_view caption) {
  const cv::Mat modules = qr_modules(text);
  const double module_mm = side_mm / modules.cols;
  const double caption_mm = caption.empty() ? 0 : 6;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}mm\" height=\"{1}mm\" viewBox=\"0 0 {0} {1}\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\"",
      side_mm, side_mm + caption_mm);
  for (int y = 0; y < modules.rows; ++y)
    for (int x = 0; x < modules.cols; ++x)
      if (modules.at<std::uint8_t>(y, x) == 0)
        svg += fmt::format("M{:.4f} {:.4f}h{:.4f}v{:.4f}h-{:.4f}z", x * module_mm, y * module_mm, module_mm,
                           module_mm, module_mm);
  svg += "\"/>\n";
  if (!caption.empty())
    svg += fmt::format(
        "<text x=\"{}\" y=\"{}\" font-family=\"sans-serif\" font-size=\"3.2\" "
        "text-anchor=\"middle\">{}</text>\n",
        side_mm / 2, side_mm + 3, escaped(caption));
  return svg + "</svg>\n";
}

std::string qr_terminal(std::string_view text) {
  const cv::Mat modules = qr_modules(text);
  const auto black = [&](int y, int x) { return y < modules.rows && modules.at<std::uint8_t>(y, x) == 0; };
  std::string lines;
  for (int y = 0; y < modules.rows; y += 2) {
    lines += "\x1b[30;107m";  // black on bright white, whatever the terminal's own
    for (int x = 0; x < modules.cols; ++x) {
      const bool upper = black(y, x);
      const bool lower = black(y + 1, x);
      lines += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    lines += "\x1b[0m\n";
  }
  return lines;
}

}  // namespace sitegate::devices::qr
