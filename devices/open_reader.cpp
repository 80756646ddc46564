// The one place that knows every kind of reader: a new kind is one line in `kinds`, or in `camera_kinds` if it
// looks through a camera.
#include <algorithm>
#include <array>
#include <span>

#include "devices/cameras.hpp"
#include "devices/card/card_reader.hpp"
#include "devices/phone/phone_reader.hpp"
#include "devices/logger/logger_reader.hpp"
#include "devices/reader.hpp"
#include "devices/replay/replay_reader.hpp"
#include "devices/scanner/scanner_reader.hpp"
#include "devices/tag/tag_reader.hpp"
#include "devices/terminal/hikvision_reader.hpp"
#include "devices/terminal/zkteco_reader.hpp"
#include "devices/uhf/uhf_reader.hpp"
#if SITEGATE_CAMERAS
#include "devices/camera/camera.hpp"
#include "devices/face/face_reader.hpp"
#include "devices/marker/marker_reader.hpp"
#include "devices/qr/qr_reader.hpp"
#endif

namespace sitegate::devices {
namespace {

using Opener = Result<std::unique_ptr<Reader>> (*)(const Url&, const ReaderSurroundings&);
struct Kind {
  std::string_view scheme;
  Opener open;
};

constexpr std::array kinds{
    Kind{"card+pcsc", card::open_card_reader},
    Kind{"replay", replay::open_replay_reader},
    Kind{"tag+http", tag::open_tag_reader},
    Kind{"terminal+zkteco", terminal::open_zkteco_reader},
    Kind{"terminal+hikvision", terminal::open_hikvision_reader},
    Kind{"uhf+llrp", uhf::open_uhf_reader},
    Kind{"phone+sip", phone::open_phone_reader},
    Kind{"scanner+serial", scanner::open_serial_scanner},
    Kind{"scanner+hid", scanner::open_keyboard_scanner},
    Kind{"logger+file", logger::open_logger_reader},
};

// What stands before the plus of a reader that looks through a camera, and after it: every kind takes every
// source.
constexpr std::array<std::string_view, 4> camera_words{"face", "qr", "marker", "vein"};
constexpr std::array<std::string_view, 6> source_words{"v4l2", "rtsp", "http", "https", "file", "dir"};
#if SITEGATE_CAMERAS
constexpr std::array camera_kinds{
    Kind{"face", face::open_face_reader},
    Kind{"qr", qr::open_qr_reader},
    Kind{"marker", marker::open_marker_reader},
};
#else
constexpr std::array<Kind, 0> camera_kinds{};
#endif

bool is_among(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool names_camera(std::string_view scheme) {
  const auto plus = scheme.find('+');
  return plus != std::string_view::npos && is_among(camera_words, scheme.substr(0, plus)) &&
         is_among(source_words, scheme.substr(plus + 1));
}

Result<std::unique_ptr<Reader>> open_camera_kind(const Url& url, const ReaderSurroundings& surroundings) {
  const auto word = std::string_view(url.scheme).substr(0, url.scheme.find('+'));
  const auto kind = std::ranges::find_if(camera_kinds, [&](const Kind& one) { return one.scheme == word; });
  if (kind == camera_kinds.end())
    return fail(ReaderErrc::unknown_scheme,
                url.scheme + ": this build has no cameras; run deploy/install-dependencies cameras and build "
                             "with -DSITEGATE_CAMERAS=ON");
  return kind->open(url, surroundings);
}

std::string known_schemes() {
  std::string text;
  for (const auto& kind : kinds) text += (text.empty() ? "" : ", ") + std::string(kind.scheme) + ":";
  for (const auto word : camera_words) text += ", " + std::string(word) + "+<camera>:";
  return text;
}

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const std::string& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRY(parsed, parse_url(url));
  if (names_camera(parsed.scheme)) return open_camera_kind(parsed, surroundings);
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.scheme == parsed.scheme; });
  if (kind == kinds.end())
    return fail(ReaderErrc::unknown_scheme, parsed.scheme + ": in " + url + "; known are " + known_schemes());
  return kind->open(parsed, surroundings);
}

#if SITEGATE_CAMERAS
std::shared_ptr<camera::CameraHub> open_cameras(const Clock& clock) {
  return camera::make_camera_hub(clock);
}
#else
std::shared_ptr<camera::CameraHub> open_cameras(const Clock&) {
  return nullptr;
}
#endif

}  // namespace sitegate::devices
