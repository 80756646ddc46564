#include "devices/marker/marker_reader.hpp"

#include <algorithm>
#include <charconv>
#include <opencv2/imgproc.hpp>
#include <set>
#include <utility>

#include "shared/base/log.hpp"

namespace sitegate::devices::marker {
namespace {

constexpr std::array<std::pair<std::string_view, EntryMoves>, 4> ways{{{"right", EntryMoves::right},
                                                                       {"left", EntryMoves::left},
                                                                       {"down", EntryMoves::down},
                                                                       {"up", EntryMoves::up}}};

template <typename Number>
Result<Number> number(const Url& url, const std::string& key, Number otherwise, Number low, Number high) {
  if (!url.query.contains(key)) return otherwise;
  const auto text = url.get(key);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= low && value <= high) return value;
  return fail(ReaderErrc::bad_setting, key + "=" + text + ": a number from " + std::to_string(low) + " to " +
                                           std::to_string(high) + " is expected");
}

Result<EntryMoves> parse_entry(const std::string& word) {
  if (word.empty()) return EntryMoves::unsaid;
  for (const auto& [known, way] : ways)
    if (known == word) return way;
  return fail(ReaderErrc::bad_setting,
              "entry=" + word + ": right, left, down or up, as people move when they come in");
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

}  // namespace

Result<MarkerSettings> marker_settings(const Url& url) {
  MarkerSettings settings;
  SITEGATE_TRY(place, reader_place(url));
  SITEGATE_TRY(entry, parse_entry(url.get("entry")));
  SITEGATE_TRY(line, number<float>(url, "line", settings.rule.line, 0.1F, 0.9F));
  SITEGATE_TRY(beyond, number<float>(url, "beyond", settings.rule.beyond, 0, 0.4F));
  SITEGATE_TRY(pictures, number<int>(url, "pictures", settings.rule.pictures_min, 1, 20));
  SITEGATE_TRY(gone, number<int>(url, "gone_ms", 2'000, 200, 600'000));
  settings.place = std::move(place);
  settings.rule = {entry, line, beyond, pictures, std::chrono::milliseconds(gone)};
  settings.families = split(url.get("families", "apriltag-36h11,aruco-6x6-1000"));
  if (entry == EntryMoves::unsaid && (url.query.contains("line") || url.query.contains("beyond")))
    return fail(ReaderErrc::bad_setting,
                "line and beyond need entry: which way people move when they come in");
  return settings;
}

MarkerAnalyser::MarkerAnalyser(MarkerSettings settings, std::vector<std::unique_ptr<MarkerDecoder>> decoders)
    : settings_(std::move(settings)), decoders_(std::move(decoders)), crossings_(settings_.rule) {}

Result<void> MarkerAnalyser::look(const camera::Frame& frame, const ReadSink& sink) {
  cv::Mat grey;
  cv::cvtColor(frame.image, grey, cv::COLOR_BGR2GRAY);
  std::set<MarkerCredential> seen;  // one marker twice in a picture (a mirror, a copy) is one sight
  for (const auto& decoder : decoders_)
    for (const auto& found : decoder->find(frame.image, grey)) {
      const MarkerCredential marker{found.family, found.id};
      if (!seen.insert(marker).second) continue;
      const cv::Point2f centre = found.centre();
      const cv::Point2f place(centre.x / static_cast<float>(grey.cols),
                              centre.y / static_cast<float>(grey.rows));
      if (const auto crossing = crossings_.see(marker, place, frame.monotonic))
        hand_on(*crossing, frame, sink);
    }
  in_view_ = seen.size();
  return success();
}

Result<void> MarkerAnalyser::idle(MonotonicTime now, const ReadSink&) {
  crossings_.expire(now);
  in_view_ = 0;
  return success();
}

void MarkerAnalyser::hand_on(const Crossing& crossing, const camera::Frame& frame, const ReadSink& sink) {
  ++passed_;
  CredentialRead read;
  read.reader_id = settings_.place.id;
  read.event_time = frame.taken;
  read.monotonic = frame.monotonic;
  read.credential = crossing.marker;
  read.method = Method::marker;
  read.direction = crossing.direction;
  log::debug("reader={} {}", settings_.place.id, masked_text(read.credential));
  sink(std::move(read));
}

std::string MarkerAnalyser::state() const {
  return std::to_string(passed_) + " markers passed, " + std::to_string(in_view_) + " in view";
}

Result<std::unique_ptr<Reader>> open_marker_reader(const Url& url, const ReaderSurroundings& around) {
  SITEGATE_TRYV(
      camera::check_camera_keys(url, {"families", "entry", "line", "beyond", "pictures", "gone_ms"}));
  SITEGATE_TRY(settings, marker_settings(url));
  SITEGATE_TRY(decoders, decoders_of(settings.families));
  return camera::make_camera_reader(
      url, around, std::make_unique<MarkerAnalyser>(std::move(settings), std::move(decoders)));
}

}  // namespace sitegate::devices::marker
