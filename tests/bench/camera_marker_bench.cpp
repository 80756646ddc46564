// 30 helmets in one view of 1280×720: are all read in every picture, and what does a picture take? The first
// argument is the number of pictures. Prints JSON.
#include <fmt/format.h>

#include <cstdlib>
#include <set>

#include "devices/marker/marker_decoder.hpp"
#include "shared/base/log.hpp"
#include "tests/bench/measure.hpp"
#include "tests/devices/marker/marker_scene.hpp"

using namespace sitegate;
using namespace sitegate::devices::marker;

namespace {

constexpr int helmets = 30;

struct Measured {
  std::vector<double> milliseconds;
  int pictures_with_all = 0;
  std::size_t read = 0;
  std::size_t wrong = 0;
};

Measured measure(const std::vector<std::string>& families, int pictures) {
  const auto decoders = decoders_of(families).value();
  Measured measured;
  for (int i = 0; i < pictures; ++i) {
    const cv::Mat scene = testing::crowd({1280, 720}, helmets, static_cast<std::uint64_t>(i + 1));
    std::set<std::uint32_t> found;
    measured.milliseconds.push_back(1'000 * tests::seconds_of([&] {
                                      cv::Mat grey;
                                      cv::cvtColor(scene, grey, cv::COLOR_BGR2GRAY);
                                      for (const auto& decoder : decoders)
                                        for (const auto& marker : decoder->find(scene, grey)) {
                                          const bool right = marker.id < helmets &&
                                                             marker_families[marker.id % 2] == marker.family;
                                          if (right)
                                            found.insert(marker.id);
                                          else
                                            ++measured.wrong;
                                        }
                                    }));
    measured.read += found.size();
    measured.pictures_with_all += found.size() == helmets ? 1 : 0;
  }
  return measured;
}

}  // namespace

int main(int argc, char** argv) {
  log::set_up("camera_marker_bench", "error");
  const int pictures = argc > 1 ? std::atoi(argv[1]) : 100;
  const auto both = measure({"apriltag-36h11", "aruco-6x6-1000"}, pictures);
  const auto one = measure({"aruco-6x6-1000"}, pictures);
  fmt::print(
      "{{\"bench\":\"marker\",\"size\":\"1280x720\",\"helmets\":{},\"pictures\":{},\"pictures_with_all\":{},"
      "\"read\":{:.5f},\"wrong\":{},\"ms_p50\":{:.1f},\"ms_p99\":{:.1f},\"ms_p50_one_family\":{:.1f}}}\n",
      helmets, pictures, both.pictures_with_all,
      static_cast<double>(both.read) / static_cast<double>(helmets * pictures), both.wrong,
      tests::median(both.milliseconds), tests::quantile(both.milliseconds, 0.99),
      tests::median(one.milliseconds));
  return both.wrong == 0 && both.read > 0 ? 0 : 1;
}
