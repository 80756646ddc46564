#include "devices/camera/source_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "devices/camera/camera.hpp"

namespace sitegate::devices::camera {
namespace {

struct Scheme {
  std::string_view word;
  SourceKind kind;
};
constexpr std::array schemes{Scheme{"v4l2", SourceKind::v4l2}, Scheme{"rtsp", SourceKind::rtsp},
                             Scheme{"http", SourceKind::http}, Scheme{"https", SourceKind::http},
                             Scheme{"file", SourceKind::file}, Scheme{"dir", SourceKind::folder}};
constexpr double folder_frames_per_second = 10;
constexpr int side_max = 4096;

Result<double> number(const Url& url, const std::string& key, double low, double high) {
  const auto text = url.get(key);
  double value = 0;
  if (text.empty() && !url.query.contains(key)) return value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= low && value <= high))
    return fail(CameraErrc::bad_setting, key + "=" + text + ": a number from " + std::to_string(int(low)) +
                                             " to " + std::to_string(int(high)) + " is expected");
  return value;
}

Result<bool> one_of_two(const Url& url, const std::string& key, std::string_view no, std::string_view yes) {
  const auto word = url.get(key, no);
  if (word == no) return false;
  if (word == yes) return true;
  return fail(CameraErrc::bad_setting, key + "=" + word + ": " + std::string(no) + " or " + std::string(yes));
}

/// "qr+rtsp" → "rtsp"
std::string_view source_scheme(const Url& url) {
  const std::string_view scheme = url.scheme;
  return scheme.substr(scheme.find('+') + 1);  // npos + 1 = 0
}

/// The path was decoded when the URL was read; a blank would end the address.
std::string address_path(const std::string& path) {
  std::string text;
  for (const char letter : path) text += letter == ' ' ? std::string("%20") : std::string(1, letter);
  return text;
}

Result<void> check_address(const SourceSettings& settings, const Url& url) {
  const bool network = settings.kind == SourceKind::rtsp || settings.kind == SourceKind::http;
  if (network && url.authority.empty())
    return fail(CameraErrc::bad_setting,
                url.scheme + ": a host is missing, as in " + url.scheme + "://192.0.2.10/stream");
  if (!network && (!url.authority.empty() || !url.path.starts_with('/')))
    return fail(CameraErrc::bad_setting,
                url.scheme + ": an absolute path is expected, as in " + url.scheme + ":///path");
  const bool control = std::ranges::any_of(
      settings.address, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return control ? Result<void>(fail(CameraErrc::bad_setting, settings.name + ": a control character"))
                 : success();
}

void take_address(SourceSettings& settings, const Url& url) {
  if (settings.kind != SourceKind::rtsp && settings.kind != SourceKind::http) {
    settings.address = url.path;
    settings.name = url.path;
    return;
  }
  const std::string scheme(source_scheme(url));
  const auto host = url.authority.substr(url.authority.rfind('@') + 1);
  settings.address = scheme + "://" + url.authority + address_path(url.path);
  settings.name = scheme + "://" + host + url.path.substr(0, url.path.find('?'));
}

}  // namespace

Result<SourceSettings> source_settings(const Url& url) {
  SourceSettings settings;
  const auto* const scheme =
      std::ranges::find_if(schemes, [&](const Scheme& one) { return one.word == source_scheme(url); });
  if (scheme == schemes.end())
    return fail(CameraErrc::bad_setting,
                url.scheme + ": cameras are named by v4l2, rtsp, http, https, file or dir after the plus");
  settings.kind = scheme->kind;
  take_address(settings, url);
  SITEGATE_TRYV(check_address(settings, url));
  SITEGATE_TRY(rate, number(url, "fps", 0.1, frames_per_second_max));
  SITEGATE_TRY(width, number(url, "width", 16, side_max));
  SITEGATE_TRY(height, number(url, "height", 16, side_max));
  SITEGATE_TRY(loop, one_of_two(url, "loop", "no", "yes"));
  SITEGATE_TRY(every_frame, one_of_two(url, "pace", "rate", "all"));
  if ((loop || every_frame) && settings.live())
    return fail(CameraErrc::bad_setting, url.scheme + ": loop and pace are for file and dir");
  settings.frames_per_second =
      rate == 0 && settings.kind == SourceKind::folder ? folder_frames_per_second : rate;
  settings.width = static_cast<int>(width);
  settings.height = static_cast<int>(height);
  settings.loop = loop;
  settings.every_frame = every_frame;
  return settings;
}

}  // namespace sitegate::devices::camera
