// What a camera reader's URL says of its source: "qr+rtsp://10.0.0.9/stream1" is an RTSP camera.
#pragma once
#include <string>

#include "shared/base/error.hpp"
#include "shared/base/url.hpp"

namespace sitegate::devices::camera {

enum class SourceKind {
  v4l2,    ///< v4l2:///dev/video0
  rtsp,    ///< rtsp://host:554/path, over TCP
  http,    ///< http(s)://host/path: MJPEG (multipart/x-mixed-replace)
  file,    ///< file:///recording.mp4
  folder,  ///< dir:///frames: pictures in the order of their names
};

struct SourceSettings {
  SourceKind kind = SourceKind::folder;
  std::string address;  ///< as the library wants it: a path or a URL, with the camera's user and password
  std::string name;     ///< for people and logs: never a user or a password
  double frames_per_second = 0;  ///< recordings, V4L2; 0: the source's own (folders: 10)
  bool loop = false;             ///< recordings: from the start again
  /// Recordings: the next picture comes when every reader has looked at the one before, so that none is
  /// skipped, and not at the recording's pace.
  bool every_frame = false;
  int width = 0;  ///< V4L2: wanted, with height; 0: the camera's own
  int height = 0;
  auto operator<=>(const SourceSettings&) const = default;

  /// A recording ends, repeats pictures, and may be black by intention; a live camera does none of these.
  [[nodiscard]] bool live() const { return kind != SourceKind::file && kind != SourceKind::folder; }
};

/// Frames a second that may be asked for.
inline constexpr double frames_per_second_max = 120;

/// CameraErrc::bad_setting.
Result<SourceSettings> source_settings(const Url& url);

}  // namespace sitegate::devices::camera
