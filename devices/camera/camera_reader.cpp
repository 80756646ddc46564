#include <fmt/format.h>

#include <array>

#include "devices/camera/camera.hpp"
#include "devices/camera/frame_watch.hpp"
#include "shared/base/guarded.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::camera {
namespace {

constexpr std::chrono::milliseconds idle_after{1'000};
constexpr std::array<std::string_view, 5> source_keys{"fps", "loop", "pace", "width", "height"};

/// "640x480 24.9/s", after what is wrong: "dark; 640x480 24.9/s".
std::string text_of(const CameraHealth& health) {
  std::string text = health.trouble.empty() ? "" : health.trouble + "; ";
  if (health.size) text += fmt::format("{}x{} ", health.size->width, health.size->height);
  return text + fmt::format("{:.1f} pictures/s", health.frames_per_second);
}

class CameraReader final : public Reader {
 public:
  CameraReader(Url url, CameraHub* cameras, const Clock& clock, std::unique_ptr<FrameAnalyser> analyser)
      : url_(std::move(url)), cameras_(cameras), clock_(clock), analyser_(std::move(analyser)) {}

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override {
    if (cameras_ == nullptr)
      return fail(ReaderErrc::bad_setting, url_.scheme + ": this gateway was started without cameras");
    SITEGATE_TRY(camera, cameras_->open(url_));
    watch(camera);
    const auto ran = look_through(*camera, stop, sink);
    watch(nullptr);
    return ran;
  }

  [[nodiscard]] std::string state() const override {
    const auto camera = camera_.with([](const auto& held) { return held; });
    if (!camera) return "no camera; " + analyser_->state();
    return text_of(camera->health()) + "; " + analyser_->state();
  }

  [[nodiscard]] std::string trouble() const override {
    const auto camera = camera_.with([](const auto& held) { return held; });
    return camera ? without_seconds(camera->health().trouble) : std::string();
  }

  [[nodiscard]] std::uint64_t failed_reads() const override { return analyser_->failed_reads(); }

 private:
  void watch(std::shared_ptr<Camera> camera) {
    camera_.with([&](auto& held) { std::swap(held, camera); });
  }

  Result<void> look_through(Camera& camera, const std::stop_token& stop, const ReadSink& sink) {
    std::uint64_t last = 0;
    while (!stop.stop_requested()) {
      const auto frame = camera.newer_than(last, idle_after, stop);
      if (!frame)
        return is(frame.error(), CameraErrc::ended) ? at_the_end(sink) : Result<void>(frame.error());
      if (stop.stop_requested()) break;
      SITEGATE_TRYV(guarded([&] {
        return frame.value() ? analyser_->look(*frame.value(), sink)
                             : analyser_->idle(clock_.monotonic(), sink);
      }));
      if (frame.value()) last = frame.value()->number;
    }
    return success();
  }

  /// A recording's last tracks end, too.
  Result<void> at_the_end(const ReadSink& sink) {
    return guarded([&] { return analyser_->idle(clock_.monotonic() + std::chrono::hours(1), sink); });
  }

  /// OpenCV speaks by exceptions: here they become the reader's error.
  template <typename Work>
  static Result<void> guarded(Work&& work) {
    try {
      return work();
    } catch (const cv::Exception& error) {
      return fail(ReaderErrc::device_failed, std::string("OpenCV: ") + error.what());
    }
  }

  // Constant after construction.
  const Url url_;
  CameraHub* const cameras_;
  const Clock& clock_;
  const std::unique_ptr<FrameAnalyser> analyser_;

  Guarded<std::shared_ptr<Camera>> camera_;
};

}  // namespace

const char* errc_category(CameraErrc) {
  return "camera";
}

std::string_view errc_text(CameraErrc what) {
  switch (what) {
    case CameraErrc::cannot_open:
      return "the camera cannot be opened";
    case CameraErrc::bad_setting:
      return "the camera's URL has a setting that cannot be used";
    case CameraErrc::gone:
      return "the camera gives no pictures any more";
    case CameraErrc::ended:
      return "the recording has ended";
  }
  return "unknown";
}

Result<void> check_camera_keys(const Url& url, std::initializer_list<std::string_view> also) {
  Url readers = url;
  for (const auto key : source_keys) readers.query.erase(std::string(key));
  const auto checked = check_keys(readers, also);
  if (checked) return checked;
  return Error{checked.error().code, checked.error().detail + " fps loop pace width height"};
}

std::unique_ptr<Reader> make_camera_reader(const Url& url, const ReaderSurroundings& surroundings,
                                           std::unique_ptr<FrameAnalyser> analyser) {
  return std::make_unique<CameraReader>(url, surroundings.cameras, surroundings.clock, std::move(analyser));
}

}  // namespace sitegate::devices::camera
