// Where pictures come from: the two kinds of sources, behind one face. The camera's own thread owns them.
#pragma once
#include <memory>
#include <opencv2/core.hpp>

#include "devices/camera/source_settings.hpp"

namespace sitegate::devices::camera {

/// Network cameras that say nothing are given up after these times: health has said so before.
inline constexpr int open_timeout_ms = 5'000;
inline constexpr int read_timeout_ms = 4'000;

/// Not thread-safe. open() and next() may block for the times above.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  /// Opens it, or opens it again. CameraErrc::cannot_open.
  virtual Result<void> open() = 0;
  /// The next picture as checked_picture() gives it, in a buffer of its own. CameraErrc::gone; ended: a
  /// recording that does not loop.
  virtual Result<cv::Mat> next() = 0;
  virtual void close() = 0;
  /// Of a recording; 0: the source paces by itself.
  [[nodiscard]] virtual double frames_per_second() const = 0;
};

std::unique_ptr<FrameSource> make_frame_source(const SourceSettings& settings);
std::unique_ptr<FrameSource> make_video_source(const SourceSettings& settings);
std::unique_ptr<FrameSource> make_folder_source(const SourceSettings& settings);

}  // namespace sitegate::devices::camera
