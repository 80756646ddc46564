// What people wear on their faces at a site, and pictures of faces held before the camera: drawn by the test.
#pragma once
#include <boost/test/unit_test.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "devices/face/pictures.hpp"

namespace sitegate::devices::face {

enum class Worn : std::uint8_t {
  helmet,
  goggles,
  sunglasses,
  mask,
  helmet_and_goggles,
  helmet_and_mask,
  low_light
};
inline constexpr std::array worn_words{
    "helmet", "goggles", "sunglasses", "mask", "helmet and goggles", "helmet and mask", "low light"};

namespace drawn {

inline cv::Point at(const Point& eyes, float unit, const Point& along, float x, float y) {
  return {cvRound(eyes.x + unit * (x * along.x - y * along.y)),
          cvRound(eyes.y + unit * (x * along.y + y * along.x))};
}

/// In eye distances from the eyes' middle: x along the eyes, y down the face.
class Sketch {
 public:
  Sketch(cv::Mat& picture, const Landmarks& points)
      : picture_(picture),
        eyes_{(points[0].x + points[1].x) / 2, (points[0].y + points[1].y) / 2},
        unit_(eye_distance(points)),
        along_{(points[1].x - points[0].x) / unit_, (points[1].y - points[0].y) / unit_} {}

  void polygon(const std::vector<Point>& corners, const cv::Scalar& colour, double opacity = 1) {
    std::vector<cv::Point> drawn;
    for (const auto& corner : corners) drawn.push_back(at(eyes_, unit_, along_, corner.x, corner.y));
    cv::Mat layer = picture_.clone();
    cv::fillPoly(layer, std::vector{drawn}, colour, cv::LINE_AA);
    cv::addWeighted(layer, opacity, picture_, 1 - opacity, 0, picture_);
  }
  void ellipse(float x, float y, float width, float height, const cv::Scalar& colour, double opacity = 1) {
    cv::Mat layer = picture_.clone();
    cv::ellipse(layer, at(eyes_, unit_, along_, x, y), {cvRound(width * unit_), cvRound(height * unit_)},
                std::atan2(along_.y, along_.x) * 180 / CV_PI, 0, 360, colour, cv::FILLED, cv::LINE_AA);
    cv::addWeighted(layer, opacity, picture_, 1 - opacity, 0, picture_);
  }

 private:
  cv::Mat& picture_;
  Point eyes_;
  float unit_;
  Point along_;
};

inline void helmet(Sketch& sketch) {
  sketch.ellipse(0, -1.15F, 1.35F, 0.95F, {40, 200, 245});
  sketch.polygon({{-1.5F, -0.62F}, {1.5F, -0.62F}, {1.35F, -0.42F}, {-1.35F, -0.42F}}, {30, 160, 200});
}
inline void goggles(Sketch& sketch) {
  sketch.polygon({{-1.05F, -0.36F}, {1.05F, -0.36F}, {1.0F, 0.36F}, {-1.0F, 0.36F}}, {60, 60, 60});
  sketch.polygon({{-0.9F, -0.26F}, {0.9F, -0.26F}, {0.86F, 0.27F}, {-0.86F, 0.27F}}, {190, 170, 150}, 0.55);
}
inline void sunglasses(Sketch& sketch) {
  sketch.ellipse(-0.5F, 0.02F, 0.40F, 0.30F, {18, 16, 16});
  sketch.ellipse(0.5F, 0.02F, 0.40F, 0.30F, {18, 16, 16});
  sketch.polygon({{-0.2F, -0.1F}, {0.2F, -0.1F}, {0.2F, -0.02F}, {-0.2F, -0.02F}}, {18, 16, 16});
}
inline void mask(Sketch& sketch) {
  sketch.polygon({{-0.95F, 0.45F}, {0, 0.32F}, {0.95F, 0.45F}, {0.8F, 1.5F}, {0, 1.95F}, {-0.8F, 1.5F}},
                 {235, 230, 225});
}

inline cv::Mat low_light(const cv::Mat& picture, unsigned seed) {
  cv::Mat dark;
  picture.convertTo(dark, CV_32F, 0.22);
  cv::Mat noise(picture.size(), CV_32FC3);
  cv::RNG generator(seed);
  generator.fill(noise, cv::RNG::NORMAL, 0, 4);
  dark += noise;
  cv::Mat result;
  dark.convertTo(result, CV_8U);
  return result;
}

}  // namespace drawn

inline cv::Mat with(const cv::Mat& picture, const DetectedFace& face, Worn worn) {
  if (worn == Worn::low_light) return drawn::low_light(picture, 7);
  cv::Mat result = picture.clone();
  drawn::Sketch sketch(result, face.points);
  if (worn == Worn::goggles || worn == Worn::helmet_and_goggles) drawn::goggles(sketch);
  if (worn == Worn::sunglasses) drawn::sunglasses(sketch);
  if (worn == Worn::mask || worn == Worn::helmet_and_mask) drawn::mask(sketch);
  if (worn == Worn::helmet || worn == Worn::helmet_and_goggles || worn == Worn::helmet_and_mask)
    drawn::helmet(sketch);
  return result;
}

/// The largest face; the test fails if there is none.
inline DetectedFace face_in(FaceFinder& finder, const cv::Mat& picture) {
  auto faces = finder.find(picture).value();
  BOOST_REQUIRE(!faces.empty());
  return *std::max_element(faces.begin(), faces.end(), [](const auto& one, const auto& other) {
    return one.box.width < other.box.width;
  });
}

// ---- pictures of faces ----

/// A room: soft light and noise, no two seeds the same.
inline cv::Mat room(unsigned seed) {
  cv::RNG generator(seed);
  cv::Mat coarse(6, 8, CV_8UC3);
  generator.fill(coarse, cv::RNG::UNIFORM, 60, 170);
  cv::Mat scene;
  cv::resize(coarse, scene, {640, 480}, 0, 0, cv::INTER_CUBIC);
  cv::Mat noise(scene.size(), CV_16SC3);
  generator.fill(noise, cv::RNG::NORMAL, 0, 3);
  cv::add(scene, noise, scene, cv::noArray(), CV_8U);
  return scene;
}

/// Puts `print` into the room as a sheet held by hand: turned and slightly in perspective.
inline void hold(cv::Mat& scene, const cv::Mat& print, unsigned seed) {
  cv::RNG generator(seed * 31 + 1);
  const auto w = static_cast<float>(print.cols);
  const auto h = static_cast<float>(print.rows);
  const auto jitter = [&] { return generator.uniform(-14.0F, 14.0F); };
  const cv::Point2f from[4] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
  const float left = (640 - w) / 2;
  const float top = (480 - h) / 2;
  const cv::Point2f to[4] = {{left + jitter(), top + jitter()},
                             {left + w + jitter(), top + jitter()},
                             {left + w + jitter(), top + h + jitter()},
                             {left + jitter(), top + h + jitter()}};
  cv::warpPerspective(print, scene, cv::getPerspectiveTransform(from, to), scene.size(), cv::INTER_LINEAR,
                      cv::BORDER_TRANSPARENT);
}

/// Printed on paper: fewer colours and less contrast than the face, a white edge, held before the camera.
inline cv::Mat printed_photo(const cv::Mat& picture, unsigned seed) {
  cv::Mat print;
  cv::resize(picture, print, {300, 300}, 0, 0, cv::INTER_AREA);
  print.convertTo(print, CV_8U, 0.72, 38);
  cv::GaussianBlur(print, print, {}, 0.9);
  cv::copyMakeBorder(print, print, 22, 22, 22, 22, cv::BORDER_CONSTANT, {236, 238, 236});
  cv::Mat scene = room(seed);
  hold(scene, print, seed);
  return scene;
}

/// Played on a screen: its gamma and blue light, its lines beating with the camera's (moire), a dark frame.
inline cv::Mat screen_replay(const cv::Mat& picture, unsigned seed) {
  cv::Mat screen;
  cv::resize(picture, screen, {320, 320}, 0, 0, cv::INTER_AREA);
  screen.convertTo(screen, CV_32F, 1 / 255.0);
  cv::pow(screen, 0.8, screen);
  const double period = 3.1 + 0.4 * (seed % 5);
  for (int y = 0; y < screen.rows; ++y)
    for (int x = 0; x < screen.cols; ++x) {
      const double beat = 0.5 + 0.25 * std::sin(2 * CV_PI * (x + 0.31 * y) / period) +
                          0.25 * std::sin(2 * CV_PI * y / (period * 0.9));
      auto& pixel = screen.at<cv::Vec3f>(y, x);
      const auto light = static_cast<float>(0.78 + 0.3 * beat);
      pixel = {std::min(pixel[0] * light * 1.12F, 1.0F), std::min(pixel[1] * light, 1.0F),
               std::min(pixel[2] * light * 0.94F, 1.0F)};
    }
  screen.convertTo(screen, CV_8U, 255);
  cv::copyMakeBorder(screen, screen, 18, 18, 18, 18, cv::BORDER_CONSTANT, {14, 14, 16});
  cv::Mat scene = room(seed + 1'000);
  hold(scene, screen, seed);
  return scene;
}

}  // namespace sitegate::devices::face
