// Pictures drawn for the test, and a folder of them.
#pragma once
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "devices/camera/camera.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::camera::testing {

/// A scene with edges and some noise, as a gate looks to a sensor; `shade` tells one picture from another.
inline cv::Mat scene(int shade, std::uint64_t seed = 1) {
  cv::Mat image(120, 160, CV_8UC3, cv::Scalar(shade, shade, shade));
  cv::rectangle(image, {30, 20}, {90, 100}, cv::Scalar(255 - shade, 40, 200), cv::FILLED);
  for (int x = 4; x < 160; x += 12) cv::line(image, {x, 0}, {160 - x, 119}, cv::Scalar(240, 240, 240));
  cv::Mat noise(image.size(), CV_8UC3);
  cv::RNG chance(seed);
  chance.fill(noise, cv::RNG::UNIFORM, 0, 12);
  return image + noise;
}

class PictureFolder {
 public:
  void add(const std::string& name, const cv::Mat& image) const {
    BOOST_REQUIRE(cv::imwrite((folder_ / name).string(), image));
  }
  void add_bytes(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  [[nodiscard]] std::string url(const std::string& query) const {
    return "qr+dir://" + folder_.path().string() + "?" + query;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

 private:
  tests::TemporaryFolder folder_;
};

inline std::shared_ptr<Camera> opened(CameraHub& hub, const std::string& url) {
  auto camera = hub.open(parse_url(url).value());
  BOOST_REQUIRE(camera.has_value());
  return camera.value();
}

}  // namespace sitegate::devices::camera::testing
