#include <cstdlib>
#include <map>
#include <opencv2/core/utils/logger.hpp>

#include "devices/camera/camera.hpp"
#include "devices/camera/shared_camera.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::camera {
namespace {

/// One reader's way to a camera that it shares with others.
class CameraView final : public Camera {
 public:
  explicit CameraView(std::shared_ptr<SharedCamera> camera)
      : camera_(std::move(camera)), viewer_(camera_->enter()) {}
  CameraView(const CameraView&) = delete;
  CameraView& operator=(const CameraView&) = delete;
  ~CameraView() override { camera_->leave(viewer_); }

  [[nodiscard]] Result<std::optional<Frame>> newer_than(std::uint64_t after,
                                                        std::chrono::milliseconds timeout,
                                                        const std::stop_token& stop) override {
    return camera_->newer_than(viewer_, after, timeout, stop);
  }
  [[nodiscard]] CameraHealth health() const override { return camera_->health(); }

 private:
  const std::shared_ptr<SharedCamera> camera_;
  const SharedCamera::Viewer viewer_;
};

class Hub final : public CameraHub {
 public:
  explicit Hub(const Clock& clock) : clock_(clock) {}

  [[nodiscard]] Result<std::shared_ptr<Camera>> open(const Url& url) override {
    SITEGATE_TRY(settings, source_settings(url));
    auto camera = cameras_.with([&](Cameras& cameras) {
      std::erase_if(cameras, [](const auto& one) { return one.second.expired(); });
      auto known = cameras[settings].lock();
      if (!known) {
        known = std::make_shared<SharedCamera>(settings, make_frame_source(settings), clock_);
        cameras[settings] = known;
      }
      return known;
    });
    return std::shared_ptr<Camera>(std::make_shared<CameraView>(std::move(camera)));
  }

 private:
  using Cameras = std::map<SourceSettings, std::weak_ptr<SharedCamera>>;
  const Clock& clock_;
  Guarded<Cameras> cameras_;
};

}  // namespace

std::unique_ptr<CameraHub> make_camera_hub(const Clock& clock) {
  // FFmpeg writes a line for every damaged picture; -8 is AV_LOG_QUIET. Whoever searches a fault sets it.
  static_cast<void>(::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0));
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  return std::make_unique<Hub>(clock);
}

}  // namespace sitegate::devices::camera
