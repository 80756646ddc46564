// 100,000 pictures of a folder through the camera and the QR and marker readers at once: does the process
// grow? The first argument is the number of pictures. Prints JSON; fails if it grew by more than 10 MB after
// the first tenth.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <thread>

#include "devices/camera/camera.hpp"
#include "devices/marker/marker_reader.hpp"
#include "devices/qr/qr_reader.hpp"
#include "shared/base/log.hpp"
#include "tests/bench/measure.hpp"
#include "tests/devices/marker/marker_scene.hpp"
#include "tests/devices/qr/qr_scene.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::devices;
using namespace std::chrono_literals;

namespace {

constexpr double growth_max_mib = 10;

double resident_mib() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  file >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1'048'576;
}

void make_pictures(const std::filesystem::path& folder) {
  for (int i = 0; i < 50; ++i) {
    cv::Mat scene = marker::testing::yard({320, 240}, static_cast<std::uint64_t>(i));
    marker::testing::stick(scene, {.id = static_cast<std::uint32_t>(i), .side = 40}, {60, 120});
    const cv::Mat code = qr::qr_picture("CODE-" + std::to_string(i), 3);
    cv::Mat colour;
    cv::cvtColor(code, colour, cv::COLOR_GRAY2BGR);
    colour.copyTo(scene(cv::Rect(160, 60, colour.cols, colour.rows)));
    SITEGATE_ASSERT(cv::imwrite((folder / fmt::format("{:03}.jpg", i)).string(), scene));
  }
}

}  // namespace

int main(int argc, char** argv) {
  log::set_up("camera_memory_bench", "error");
  const std::uint64_t wanted = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const tests::TemporaryFolder folder;
  make_pictures(folder.path());
  const SystemClock clock;
  const auto hub = camera::make_camera_hub(clock);
  ReaderSurroundings around{clock, {}};
  around.cameras = hub.get();
  const auto source = "dir://" + folder.path().string() + "?pace=all&loop=yes";
  const auto codes = qr::open_qr_reader(parse_url("qr+" + source).value(), around).value();
  const auto markers = marker::open_marker_reader(parse_url("marker+" + source).value(), around).value();
  const auto watcher = hub->open(parse_url("qr+" + source).value()).value();
  std::atomic<std::uint64_t> reads{0};
  const ReadSink sink = [&](const CredentialRead&) { ++reads; };
  std::uint64_t last = 0;
  double after_a_tenth = 0;
  const double seconds = tests::seconds_of([&] {
    std::jthread first([&](const std::stop_token& stop) { SITEGATE_ASSERT(codes->run(stop, sink)); });
    std::jthread second([&](const std::stop_token& stop) { SITEGATE_ASSERT(markers->run(stop, sink)); });
    while (last < wanted) {
      const auto frame = watcher->newer_than(last, 10s, {});
      SITEGATE_ASSERT(frame && frame.value());
      last = frame.value()->number;
      if (after_a_tenth == 0 && last >= wanted / 10) after_a_tenth = resident_mib();
    }
  });
  const double growth = resident_mib() - after_a_tenth;
  fmt::print(
      "{{\"bench\":\"camera_memory\",\"pictures\":{},\"reads\":{},\"seconds\":{:.0f},\"pictures_per_s\":{:."
      "0f},"
      "\"resident_mib_after_a_tenth\":{:.1f},\"growth_mib\":{:.1f}}}\n",
      last, reads.load(), seconds, static_cast<double>(last) / seconds, after_a_tenth, growth);
  return growth <= growth_max_mib && reads > 0 ? 0 : 1;
}
