// One source with its thread, and the readers that look through it.
#pragma once
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "devices/camera/frame_source.hpp"
#include "devices/camera/frame_watch.hpp"
#include "shared/base/retry_delay.hpp"

namespace sitegate::devices::camera {

/// The thread opens the source, keeps the newest picture, and opens it again (0.2 to 5 s later, exponential,
/// full jitter) when it fails. Its destruction waits until the source lets go: at most open_timeout_ms.
class SharedCamera {
 public:
  static constexpr std::chrono::milliseconds retry_base{200};
  static constexpr std::chrono::milliseconds retry_cap{5'000};

  SharedCamera(const SourceSettings& settings, std::unique_ptr<FrameSource> source, const Clock& clock);
  SharedCamera(const SharedCamera&) = delete;
  SharedCamera& operator=(const SharedCamera&) = delete;
  ~SharedCamera();

  using Viewer = std::uint64_t;
  Viewer enter();
  void leave(Viewer viewer);
  Result<std::optional<Frame>> newer_than(Viewer viewer, std::uint64_t after,
                                          std::chrono::milliseconds timeout, const std::stop_token& stop);
  [[nodiscard]] CameraHealth health() const;

 private:
  void work(const std::stop_token& stop);
  /// Until the source fails or ends; true: ended.
  bool read_until_it_fails(const std::stop_token& stop);
  void publish(const cv::Mat& image);
  void pace(const std::stop_token& stop);
  void lost(const Error& error);
  void finish();
  void rest(std::chrono::milliseconds how_long, const std::stop_token& stop);
  void log_change();
  [[nodiscard]] bool everybody_looked() const;  // with mutex_ held

  // Constant after construction.
  const SourceSettings settings_;
  const Clock& clock_;

  // Of the thread.
  const std::unique_ptr<FrameSource> source_;
  RetryDelay delay_;
  std::chrono::steady_clock::time_point due_{};
  std::string said_;  // the trouble that was logged last

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Frame newest_;                            // guarded by mutex_; number 0: none yet
  bool ended_ = false;                      // guarded by mutex_
  FrameWatch watch_;                        // guarded by mutex_
  std::map<Viewer, std::uint64_t> viewed_;  // guarded by mutex_: what each has looked at
  Viewer last_viewer_ = 0;                  // guarded by mutex_

  std::jthread thread_;  // last: starts when everything else is there
};

}  // namespace sitegate::devices::camera
