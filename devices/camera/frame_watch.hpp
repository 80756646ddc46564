// How a camera is doing, from its pictures and from their absence.
#pragma once
#include <deque>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "devices/camera/camera.hpp"

namespace sitegate::devices::camera {

/// What is wrong with a picture by itself; none: nothing.
enum class PictureTrouble : std::uint8_t { none, dark, covered, blurred };
std::string_view to_text(PictureTrouble trouble);

/// Mean, spread and sharpness of a picture made small (about 160 pixels wide), in grey levels.
struct PictureMeasures {
  double mean = 0;
  double deviation = 0;
  double sharpness = 0;  ///< variance of the Laplacian (3 × 3)
};
PictureMeasures measure(const cv::Mat& bgr);
PictureTrouble judge(const PictureMeasures& measures);

/// A trouble as FrameWatch says it, in words that stay the same while it lasts: without the seconds that run.
std::string without_seconds(std::string trouble);

/// Pure: pictures and times in, health out. What must be said within 5 s is said after at most 4. Not
/// thread-safe.
class FrameWatch {
 public:
  /// A picture's fault must last so long: somebody passes close by the lens, a lamp is switched.
  static constexpr std::chrono::milliseconds fault_lasts{2'000};
  /// A live sensor has noise: pictures that stay the same to the last bit are no pictures of now. Longer than
  /// the key-frame interval of most cameras.
  static constexpr std::chrono::milliseconds frozen_after{3'500};
  /// Without a picture for so long: said. (A camera set to less than one picture in 2 s is of no use here.)
  static constexpr std::chrono::milliseconds silent_after{2'500};
  static constexpr std::chrono::milliseconds rate_window{5'000};
  /// The pictures are looked at so often.
  static constexpr std::chrono::milliseconds look_every{250};

  /// `live`: dark, covered, blurred and frozen pictures are faults, too.
  FrameWatch(bool live, MonotonicTime now) : live_(live), since_(now) {}

  void see(const cv::Mat& bgr, MonotonicTime now);
  /// The source could not be opened, or has failed.
  void lost(std::string why, MonotonicTime now);
  /// The recording has come to its end: no fault.
  void ended(MonotonicTime now);
  [[nodiscard]] CameraHealth health(MonotonicTime now) const;

 private:
  void look(const cv::Mat& bgr, MonotonicTime now);
  [[nodiscard]] std::string trouble(MonotonicTime now) const;

  bool live_;
  bool open_ = false;
  bool ended_ = false;
  std::string why_;  // of the last loss, until there are pictures again
  MonotonicTime since_;
  std::optional<MonotonicTime> newest_;
  cv::Size size_;
  std::deque<MonotonicTime> times_;  // of the pictures within rate_window, at most 5 s × 120

  std::optional<MonotonicTime> looked_;
  PictureTrouble fault_ = PictureTrouble::none;
  MonotonicTime fault_since_{0};
  cv::Mat last_;  // to see whether anything moves
  MonotonicTime changed_{0};
};

}  // namespace sitegate::devices::camera
