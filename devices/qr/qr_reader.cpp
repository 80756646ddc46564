#include "devices/qr/qr_reader.hpp"

#include <algorithm>
#include <charconv>

#include "shared/base/log.hpp"
#include "shared/codes/technician_code.hpp"

namespace sitegate::devices::qr {
namespace {

constexpr const char* model_files[] = {"detect.prototxt", "detect.caffemodel", "sr.prototxt",
                                       "sr.caffemodel"};

bool names_somebody(std::string_view text) {
  if (codes::is_technician_code(text)) return true;
  return !text.empty() && text.size() <= credential_value_size_max &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// Blanks at either end are no part of a code.
std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Named in the URL, else the pack "wechat" if there is one; empty: none.
Result<std::filesystem::path> models_folder(const Url& url, const ReaderSurroundings& around) {
  std::filesystem::path folder = url.get("wechat");
  if (folder.empty() && !around.model_packs.empty() &&
      std::filesystem::exists(around.model_packs / "wechat" / model_files[0]))
    folder = around.model_packs / "wechat";
  if (folder.empty() || folder == "none") return std::filesystem::path{};
  for (const auto* name : model_files)
    if (!std::filesystem::exists(folder / name))
      return fail(ReaderErrc::bad_setting, "wechat=" + folder.string() + ": " + name + " is missing there");
  return folder;
}

Result<QrSettings> qr_settings(const Url& url) {
  QrSettings settings;
  SITEGATE_TRY(place, reader_place(url));
  settings.place = std::move(place);
  const auto kinds = url.get("codes", "qr");
  if (kinds != "qr" && kinds != "all") return fail(ReaderErrc::bad_setting, "codes=" + kinds + ": qr or all");
  settings.finder.all_codes = kinds == "all";
  const auto text = url.get("again_ms", "3000");
  int again = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), again);
  if (error != std::errc{} || end != text.data() + text.size() || again < 1'000 || again > 600'000)
    return fail(ReaderErrc::bad_setting, "again_ms=" + text + ": 1000 to 600000 milliseconds");
  settings.again_after = std::chrono::milliseconds(again);
  return settings;
}

}  // namespace

bool RecentCodes::is_news(const std::string& text, MonotonicTime now) {
  std::erase_if(seen_, [&](const auto& one) { return now - one.second >= again_after_; });
  if (seen_.size() >= count_max && !seen_.contains(text))
    seen_.erase(std::ranges::min_element(seen_, {}, [](const auto& one) { return one.second; }));
  return seen_.insert_or_assign(text, now).second;
}

QrAnalyser::QrAnalyser(QrSettings settings, std::unique_ptr<SecondDecoder> second)
    : settings_(std::move(settings)),
      finder_(settings_.finder, std::move(second)),
      recent_(settings_.again_after) {}

Result<void> QrAnalyser::look(const camera::Frame& frame, const ReadSink& sink) {
  for (auto& text : finder_.look(frame.image, frame.monotonic))
    if (recent_.is_news(text, frame.monotonic)) hand_on(trimmed(text), frame, sink);
  trouble_.with([&](std::string& trouble) { trouble = finder_.trouble(); });
  return success();
}

Result<void> QrAnalyser::idle(MonotonicTime, const ReadSink&) {
  return success();
}

void QrAnalyser::hand_on(std::string text, const camera::Frame& frame, const ReadSink& sink) {
  if (!names_somebody(text)) {
    ++failed_reads_;
    log::warn("reader={} no read: a code of {} bytes, 1 to {} printable characters can name a person",
              settings_.place.id, text.size(), credential_value_size_max);
    return;
  }
  ++codes_;
  CredentialRead read;
  read.reader_id = settings_.place.id;
  read.event_time = frame.taken;
  read.monotonic = frame.monotonic;
  read.credential = CodeCredential{std::move(text)};
  read.method = Method::qr;
  log::debug("reader={} {}", settings_.place.id, masked_text(read.credential));
  sink(std::move(read));
}

std::string QrAnalyser::state() const {
  std::string text = std::to_string(codes_) + " codes";
  if (!finder_.has_second()) return text + ", zxing alone";
  const auto trouble = trouble_.with([](const std::string& held) { return held; });
  return text + (trouble.empty() ? ", zxing and wechat" : ", wechat: " + trouble);
}

Result<std::unique_ptr<Reader>> open_qr_reader(const Url& url, const ReaderSurroundings& around) {
  SITEGATE_TRYV(camera::check_camera_keys(url, {"codes", "again_ms", "wechat"}));
  SITEGATE_TRY(settings, qr_settings(url));
  SITEGATE_TRY(models, models_folder(url, around));
  auto second = models.empty() ? nullptr : make_wechat_decoder(worker_program(), models);
  return camera::make_camera_reader(url, around,
                                    std::make_unique<QrAnalyser>(std::move(settings), std::move(second)));
}

}  // namespace sitegate::devices::qr
