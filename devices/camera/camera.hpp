// One camera, however many readers look through it: the newest picture, and how the camera is doing.
#pragma once
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "devices/reader.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/error.hpp"
#include "shared/base/url.hpp"

namespace sitegate::devices::camera {

/// One picture. The pixels are shared and never written to: whoever draws makes a copy.
struct Frame {
  cv::Mat image;             ///< BGR, 8 bit, 3 channels, continuous, 16×16 to 4096×4096
  std::uint64_t number = 0;  ///< counts from 1 since the camera was opened; what nobody took is skipped
  UtcTime taken{};           ///< when it came out of the camera's driver
  MonotonicTime monotonic{0};
};

enum class CameraErrc {
  cannot_open = 1,  ///< nothing there, refused, no such device
  bad_setting,      ///< an unknown scheme or key
  gone,             ///< it was there and gives no pictures any more
  ended,            ///< a recording has come to its end: no fault
};
const char* errc_category(CameraErrc);
std::string_view errc_text(CameraErrc);

struct CameraHealth {
  bool open = false;
  double frames_per_second = 0;                  ///< over the last 5 s
  std::optional<std::chrono::milliseconds> age;  ///< of the newest frame
  std::optional<cv::Size> size;
  std::string
      trouble;  ///< "dark", "covered", "blurred", "frozen", "no pictures for 6 s", an error; empty: none
};

/// Opened by CameraHub; its own thread reads, keeps the newest frame only, reconnects with back-off by
/// itself. Any thread.
class Camera {
 public:
  virtual ~Camera() = default;
  /// Waits for a frame with a number above `after` (0: any). nullopt: `timeout` has passed or `stop` is
  /// requested. Errors: `ended`, once every frame of a recording has been taken or skipped. A live camera
  /// that fails is no error here: there are no frames until it is back, and health() says why.
  [[nodiscard]] virtual Result<std::optional<Frame>> newer_than(std::uint64_t after,
                                                                std::chrono::milliseconds timeout,
                                                                const std::stop_token& stop) = 0;
  [[nodiscard]] virtual CameraHealth health() const = 0;
};

/// The cameras of one gateway by their source: two readers that name one source look through one camera. Any
/// thread.
class CameraHub {
 public:
  virtual ~CameraHub() = default;
  /// `url` is a reader's ("face+rtsp://…", "qr+dir:///frames?fps=10"): what is before the plus and the
  /// readers' own keys do not belong to the source. The camera is closed when the last reader lets it go.
  [[nodiscard]] virtual Result<std::shared_ptr<Camera>> open(const Url& url) = 0;
};
/// To be called before other threads are started: it tells FFmpeg, by the environment, to leave standard
/// error alone (health() says what is wrong). The clock must outlive the hub and its cameras.
std::unique_ptr<CameraHub> make_camera_hub(const Clock& clock);

/// Success if the query has no key but those of readers, those of camera sources and `also`. Every camera
/// reader's opener asks this.
Result<void> check_camera_keys(const Url& url, std::initializer_list<std::string_view> also = {});

/// Looks at frames, one after the other, on the reader's thread.
class FrameAnalyser {
 public:
  virtual ~FrameAnalyser() = default;
  /// `sink` may be called any number of times. An error ends run(): the reader loop backs off and begins
  /// again.
  virtual Result<void> look(const Frame& frame, const ReadSink& sink) = 0;
  /// No frame came for a second or so: tracks end here.
  virtual Result<void> idle(MonotonicTime now, const ReadSink& sink) = 0;
  /// For people: "312 people enrolled, 2 in view".
  [[nodiscard]] virtual std::string state() const = 0;                    // any thread
  [[nodiscard]] virtual std::uint64_t failed_reads() const { return 0; }  // any thread
};

/// The reader that every camera kind is: opens the camera by the hub, hands each new frame to the analyser,
/// and joins the camera's health with the analyser's state.
std::unique_ptr<Reader> make_camera_reader(const Url& url, const ReaderSurroundings& surroundings,
                                           std::unique_ptr<FrameAnalyser> analyser);

}  // namespace sitegate::devices::camera

template <>
struct std::is_error_code_enum<sitegate::devices::camera::CameraErrc> : std::true_type {};
