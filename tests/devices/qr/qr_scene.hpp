// What a camera sees of a QR code, drawn for tests and measurements.
#pragma once
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "devices/qr/qr_picture.hpp"

namespace sitegate::devices::qr::testing {

/// A grey wall with a white card; the code `module_pixels` a module, its middle in the picture's.
inline cv::Mat qr_scene(std::string_view text, double module_pixels = 5, cv::Size size = {640, 480}) {
  cv::Mat scene(size, CV_8UC1);
  for (int y = 0; y < scene.rows; ++y)
    for (int x = 0; x < scene.cols; ++x)
      scene.at<std::uint8_t>(y, x) =
          static_cast<std::uint8_t>(90 + 40 * x / scene.cols + 20 * ((x / 40 + y / 40) % 2));
  const cv::Mat modules = qr_modules(text);
  cv::Mat code;
  cv::resize(qr_picture(text, 16), code, {}, module_pixels / 16, module_pixels / 16, cv::INTER_AREA);
  const cv::Point corner((size.width - code.cols) / 2, (size.height - code.rows) / 2);
  code.copyTo(scene(cv::Rect(corner, code.size())));
  cv::Mat bgr;
  cv::cvtColor(scene, bgr, cv::COLOR_GRAY2BGR);
  return bgr;
}

}  // namespace sitegate::devices::qr::testing
