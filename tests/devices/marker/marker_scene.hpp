// What a camera sees of markers on helmets, drawn for tests and measurements.
#pragma once
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <vector>

#include "devices/marker/aruco_decoder.hpp"

namespace sitegate::devices::marker::testing {

/// A yard in daylight: shades, edges and the noise of a sensor.
inline cv::Mat yard(cv::Size size, std::uint64_t seed = 1) {
  cv::Mat scene(size, CV_8UC3);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const auto shade = static_cast<std::uint8_t>(70 + 60 * y / size.height + ((x / 90 + y / 70) % 2) * 18);
      scene.at<cv::Vec3b>(y, x) = cv::Vec3b(shade, shade, static_cast<std::uint8_t>(shade + 10));
    }
  cv::Mat noise(size, CV_8UC3);
  cv::RNG(seed).fill(noise, cv::RNG::NORMAL, 0, 4);
  return scene + noise;
}

struct Label {
  std::string_view family = "aruco-6x6-1000";
  std::uint32_t id = 0;
  double side = 40;     ///< pixels, of the black square
  double quiet = 0.25;  ///< white around it, as a part of the side
  double turned = 0;    ///< degrees
  double tilted = 1;    ///< how much narrower, as seen from the side
};

/// Sticks a white label with a marker into the scene, its middle at `at`.
inline void stick(cv::Mat& scene, const Label& label, cv::Point2f at) {
  constexpr int module_pixels = 16;
  const cv::Mat modules = marker_modules(label.family, label.id);
  const auto border = static_cast<int>(label.quiet * modules.cols * module_pixels);
  cv::Mat paper;
  cv::resize(modules, paper, {}, module_pixels, module_pixels, cv::INTER_NEAREST);
  cv::copyMakeBorder(paper, paper, border, border, border, border, cv::BORDER_CONSTANT, cv::Scalar(235));
  cv::max(paper, 25, paper);  // ink and paper outdoors
  const double scale = label.side / (modules.cols * module_pixels);
  const cv::Point2f middle(static_cast<float>(paper.cols) / 2, static_cast<float>(paper.rows) / 2);
  cv::Mat turn = cv::getRotationMatrix2D(middle, label.turned, scale);
  turn.row(0) *= label.tilted;
  turn.at<double>(0, 2) += at.x - static_cast<float>(label.tilted) * middle.x;
  turn.at<double>(1, 2) += at.y - middle.y;
  cv::Mat seen;
  cv::Mat where;
  cv::cvtColor(paper, paper, cv::COLOR_GRAY2BGR);
  // Shrunk in two steps, as a lens does: else single pixels of the paper would stand for many.
  cv::warpAffine(paper, seen, turn, scene.size(), cv::INTER_AREA);
  cv::Mat soft;
  cv::GaussianBlur(paper, soft, {}, std::max(0.3, 0.4 / scale));
  cv::warpAffine(soft, seen, turn, scene.size(), cv::INTER_LINEAR);
  cv::warpAffine(cv::Mat(paper.size(), CV_8UC1, cv::Scalar(255)), where, turn, scene.size());
  seen.copyTo(scene, where);
}

/// `count` helmets in a view, in rows as a crowd comes through a gate; IDs from 0 on, both families in turn.
inline cv::Mat crowd(cv::Size size, int count, std::uint64_t seed = 1) {
  cv::Mat scene = yard(size, seed);
  cv::RNG chance(seed);
  const int columns = 8;
  const int rows = (count + columns - 1) / columns;
  for (int i = 0; i < count; ++i) {
    const cv::Point2f at(static_cast<float>(size.width) * (static_cast<float>(i % columns) + 0.5F) / columns,
                         static_cast<float>(size.height) * (static_cast<float>(i / columns) + 0.5F) /
                             static_cast<float>(rows));
    cv::circle(scene, at, size.height / rows / 2 - 8, cv::Scalar(40, 190, 230),
               cv::FILLED);  // a yellow helmet
    stick(scene,
          {.family = marker_families[static_cast<std::size_t>(i) % 2],
           .id = static_cast<std::uint32_t>(i),
           .side = chance.uniform(36.0, 52.0),
           .turned = chance.uniform(-30.0, 30.0),
           .tilted = chance.uniform(0.75, 1.0)},
          at);
  }
  return scene;
}

}  // namespace sitegate::devices::marker::testing
