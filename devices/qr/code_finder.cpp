#define ZX_USE_UTF8 1
#include "devices/qr/code_finder.hpp"

#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace sitegate::devices::qr {
namespace {

constexpr int side_max_enlarged = 1'600;
constexpr int side_min_shrunk = 320;

/// Faint print, veils of light, screens in the sun: local contrast is spread.
cv::Mat spread(const cv::Mat& grey) {
  static thread_local const cv::Ptr<cv::CLAHE> clahe = cv::createCLAHE(6.0, cv::Size(8, 8));
  cv::Mat result;
  clahe->apply(grey, result);
  return result;
}

/// Small codes: modules of less than two pixels.
cv::Mat enlarged(const cv::Mat& grey) {
  if (std::max(grey.cols, grey.rows) * 2 > side_max_enlarged) return {};
  cv::Mat result;
  cv::resize(grey, result, {}, 2, 2, cv::INTER_CUBIC);
  return result;
}

/// Noise of dark pictures, and blur: what remains after averaging is the code.
cv::Mat smoothed(const cv::Mat& grey) {
  cv::Mat result;
  cv::medianBlur(grey, result, 3);
  cv::GaussianBlur(result, result, {}, 1.0);
  return result;
}

/// Out of focus: edges are steepened.
cv::Mat sharpened(const cv::Mat& grey) {
  cv::Mat soft;
  cv::GaussianBlur(grey, soft, {}, 4.0);
  cv::Mat result;
  cv::addWeighted(grey, 3.5, soft, -2.5, 0, result);
  return result;
}

/// Large blurred codes.
cv::Mat shrunk(const cv::Mat& grey) {
  if (std::min(grey.cols, grey.rows) / 2 < side_min_shrunk / 2) return {};
  cv::Mat result;
  cv::resize(grey, result, {}, 0.5, 0.5, cv::INTER_AREA);
  return spread(result);
}

void add_new(std::vector<std::string>& texts, std::vector<std::string>&& more) {
  for (auto& text : more)
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
}

}  // namespace

CodeFinder::CodeFinder(FinderSettings settings, std::unique_ptr<SecondDecoder> second)
    : settings_(settings), second_(std::move(second)) {
  for (auto* const prepare : {spread, sharpened, enlarged, smoothed, shrunk})
    attempts_.push_back({prepare, std::chrono::nanoseconds{0}});
}

std::vector<std::string> CodeFinder::decode(const cv::Mat& grey) const {
  ZXing::DecodeHints hints;
  hints.setFormats(settings_.all_codes ? ZXing::BarcodeFormat::Any : ZXing::BarcodeFormat::QRCode);
  const ZXing::ImageView view(grey.data, grey.cols, grey.rows, ZXing::ImageFormat::Lum,
                              static_cast<int>(grey.step));
  std::vector<std::string> texts;
  for (const auto& result : ZXing::ReadBarcodes(view, hints)) {
    if (!result.isValid()) continue;
    const auto& bytes = result.bytes();
    add_new(texts, {std::string(bytes.begin(), bytes.end())});
  }
  return texts;
}

std::vector<std::string> CodeFinder::look(const cv::Mat& bgr, MonotonicTime now) {
  const auto began = std::chrono::steady_clock::now();
  cv::Mat grey;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  auto texts = decode(grey);
  const bool found = !texts.empty();
  if (!found) try_more(grey, began, texts);
  ask_second(grey, now, found, texts);
  return texts;
}

/// One more attempt for each picture, in turn: a code held before the camera stays for many pictures. What
/// would not fit into the budget waits for a picture that leaves more time.
void CodeFinder::try_more(const cv::Mat& grey, std::chrono::steady_clock::time_point began,
                          std::vector<std::string>& texts) {
  for (std::size_t tried = 0; tried < attempts_.size(); ++tried) {
    Attempt& attempt = attempts_[next_attempt_];
    next_attempt_ = (next_attempt_ + 1) % attempts_.size();
    const auto start = std::chrono::steady_clock::now();
    if (start - began + attempt.cost > settings_.budget) {
      attempt.cost = attempt.cost * 9 / 10;  // a slow moment is forgotten
      continue;
    }
    const cv::Mat prepared = attempt.prepare(grey);
    if (prepared.empty()) continue;
    add_new(texts, decode(prepared));
    attempt.cost =
        std::max(attempt.cost * 9 / 10, std::chrono::nanoseconds(std::chrono::steady_clock::now() - start));
    return;
  }
}

void CodeFinder::ask_second(const cv::Mat& grey, MonotonicTime now, bool found,
                            std::vector<std::string>& texts) {
  if (!second_) return;
  if (auto answer = second_->take(now)) add_new(texts, std::move(*answer));
  const bool due = !second_asked_ || now - *second_asked_ >= settings_.second_look;
  if ((found && !due) || !second_->idle(now)) return;
  second_->give(grey, now);
  second_asked_ = now;
}

}  // namespace sitegate::devices::qr
