// Cameras on the network that nobody here wrote: ffmpeg as an MJPEG camera, GStreamer's RTSP server.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

/// `ffmpeg … -f mpjpeg -listen 1`: serves one client on a port of its own, which stays the same; ends when
/// that client goes.
class MjpegCamera {
 public:
  static bool is_installed();
  /// What ffmpeg takes in: {"-f", "lavfi", "-i", "testsrc=size=320x240:rate=10"}.
  explicit MjpegCamera(std::vector<std::string> input);

  /// Returns when it listens. The constructor has done so already.
  void start(const std::vector<std::string>& input);
  /// SIGKILL: the plug is pulled.
  void kill() { process_.reset(); }
  /// SIGSTOP: connected, and not a byte more.
  void pause() const;
  [[nodiscard]] std::string address() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  TemporaryFolder folder_;
  const std::uint16_t port_;
  std::unique_ptr<ChildProcess> process_;
};

/// gst-rtsp-server by tests/support/rtsp_server.py: H.264 at rtsp://127.0.0.1:port/gate.
class RtspCamera {
 public:
  static bool is_installed();
  /// `source`: GStreamer elements that give raw video: "videotestsrc is-live=true ! video/x-raw,…".
  explicit RtspCamera(const std::string& source);
  void start();
  void kill() { process_.reset(); }
  [[nodiscard]] std::string address() const { return "rtsp://127.0.0.1:" + std::to_string(port_) + "/gate"; }

 private:
  TemporaryFolder folder_;
  const std::uint16_t port_;
  const std::string source_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace sitegate::tests
