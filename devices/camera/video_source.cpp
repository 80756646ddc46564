// cv::VideoCapture of OpenCV 4.6: the FFmpeg backend for files and networks (its time-outs work there only),
// V4L2 for cameras on this machine.
#include <opencv2/videoio.hpp>
#include <vector>

#include "devices/camera/camera.hpp"
#include "devices/camera/frame_source.hpp"
#include "devices/camera/picture.hpp"

namespace sitegate::devices::camera {
namespace {

constexpr double rate_unless_said = 25;

class VideoSource final : public FrameSource {
 public:
  explicit VideoSource(SourceSettings settings) : settings_(std::move(settings)) {}

  Result<void> open() override {
    close();
    began_ = false;
    if (!opened()) return fail(CameraErrc::cannot_open, settings_.name + hint());
    const double said = capture_.get(cv::CAP_PROP_FPS);
    rate_ = settings_.frames_per_second > 0 ? settings_.frames_per_second : said;
    if (!(rate_ >= 0.1 && rate_ <= frames_per_second_max)) rate_ = rate_unless_said;
    return success();
  }

  Result<cv::Mat> next() override {
    cv::Mat image = grabbed();
    if (image.empty() && settings_.kind == SourceKind::file && began_) {
      if (!settings_.loop) return fail(CameraErrc::ended, settings_.name);
      SITEGATE_TRYV(open());
      image = grabbed();
    }
    if (image.empty()) return fail(CameraErrc::gone, settings_.name + ": no more pictures");
    began_ = true;
    return checked_picture(image);
  }

  void close() override { capture_.release(); }
  [[nodiscard]] double frames_per_second() const override { return settings_.live() ? 0 : rate_; }

 private:
  /// OpenCV throws for some addresses and damaged streams: that is no opening, no picture.
  bool opened() {
    try {
      if (settings_.kind == SourceKind::v4l2) return open_v4l2();
      const std::vector<int> times{cv::CAP_PROP_OPEN_TIMEOUT_MSEC, open_timeout_ms,
                                   cv::CAP_PROP_READ_TIMEOUT_MSEC, read_timeout_ms};
      return capture_.open(settings_.address, cv::CAP_FFMPEG, times);
    } catch (const cv::Exception&) {
      return false;
    }
  }

  bool open_v4l2() {
    if (!capture_.open(settings_.address, cv::CAP_V4L2)) return false;
    // What the camera cannot do it leaves as it is.
    if (settings_.width > 0) capture_.set(cv::CAP_PROP_FRAME_WIDTH, settings_.width);
    if (settings_.height > 0) capture_.set(cv::CAP_PROP_FRAME_HEIGHT, settings_.height);
    if (settings_.frames_per_second > 0) capture_.set(cv::CAP_PROP_FPS, settings_.frames_per_second);
    capture_.set(cv::CAP_PROP_BUFFERSIZE, 1);
    return true;
  }

  cv::Mat grabbed() {
    cv::Mat image;  // a new one each time: readers still hold the pictures before
    try {
      if (!capture_.read(image)) return {};
    } catch (const cv::Exception&) {
      return {};
    }
    return image;
  }

  [[nodiscard]] std::string hint() const {
    switch (settings_.kind) {
      case SourceKind::v4l2:
        return ": no such camera, no permission (group video), or another program has it";
      case SourceKind::file:
        return ": no such file, or no video";
      default:
        return ": no answer, refused, or no video";
    }
  }

  const SourceSettings settings_;
  cv::VideoCapture capture_;
  double rate_ = rate_unless_said;
  bool began_ = false;
};

}  // namespace

std::unique_ptr<FrameSource> make_video_source(const SourceSettings& settings) {
  return std::make_unique<VideoSource>(settings);
}

}  // namespace sitegate::devices::camera
