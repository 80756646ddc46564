// QR codes that are hard to read: pictures spoiled by blur, faint print, slant, noise, rotation, glare and
// distance are given to zxing-cpp alone, to cv::wechat_qrcode alone, and to ours as a camera would (the same
// view for some pictures). Who reads how many, and what does a picture take? wechat's models:
// $SITEGATE_TEST_DATA/models/wechat; without them its part is left out. The first argument is the number of
// codes for each degree. Prints JSON, one line a degradation.
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <opencv2/wechat_qrcode.hpp>

#include "devices/qr/code_finder.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/codes/technician_code.hpp"
#include "tests/bench/measure.hpp"
#include "tests/devices/qr/qr_scene.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::devices::qr;
using namespace std::chrono_literals;

namespace {

constexpr int pictures_shown =
    8;  // a third of a second at 25 a second: somebody holds a code before the lens

// ---- what spoils a picture; `degree` from 0 (hardly) to 1 (badly) ----

using Spoil = cv::Mat (*)(const std::string& text, double degree, cv::RNG& chance);

cv::Mat slanted(const cv::Mat& scene, double degree, cv::RNG& chance) {
  const auto width = static_cast<float>(scene.cols);
  const auto height = static_cast<float>(scene.rows);
  const auto by = static_cast<float>(degree) * 0.32F;
  const bool left = chance.uniform(0, 2) == 0;
  std::vector<cv::Point2f> from{{0, 0}, {width, 0}, {width, height}, {0, height}};
  std::vector<cv::Point2f> to = from;
  to[left ? 0U : 1U].y += by * height;
  to[left ? 3U : 2U].y -= by * height;
  to[left ? 0U : 1U].x += (left ? 1.0F : -1.0F) * by * width * 0.5F;
  to[left ? 3U : 2U].x += (left ? 1.0F : -1.0F) * by * width * 0.5F;
  cv::Mat result;
  cv::warpPerspective(scene, result, cv::getPerspectiveTransform(from, to), scene.size(), cv::INTER_LINEAR,
                      cv::BORDER_REPLICATE);
  return result;
}

cv::Mat noisy(const cv::Mat& scene, double sigma, cv::RNG& chance) {
  cv::Mat noise(scene.size(), CV_16SC3);
  chance.fill(noise, cv::RNG::NORMAL, 0, sigma);
  cv::Mat result;
  cv::add(scene, noise, result, cv::noArray(), CV_8UC3);
  return result;
}

cv::Mat by_blur(const std::string& text, double degree, cv::RNG& chance) {
  cv::Mat result;
  cv::GaussianBlur(testing::qr_scene(text, 5), result, {}, 1.0 + 3.0 * degree);
  return noisy(result, 2, chance);
}
cv::Mat by_motion(const std::string& text, double degree, cv::RNG& chance) {
  const int length = 3 + static_cast<int>(10 * degree);
  const cv::Mat kernel(1, length, CV_32F, cv::Scalar(1.0 / length));
  cv::Mat result;
  cv::filter2D(testing::qr_scene(text, 5), result, -1, kernel);
  return noisy(result, 2, chance);
}
cv::Mat by_contrast(const std::string& text, double degree, cv::RNG& chance) {
  cv::Mat result;
  const double kept = 0.25 - 0.22 * degree;
  testing::qr_scene(text, 5).convertTo(result, CV_8UC3, kept, 120 - 120 * kept);
  return noisy(result, 1.0, chance);
}
cv::Mat by_slant(const std::string& text, double degree, cv::RNG& chance) {
  return noisy(slanted(testing::qr_scene(text, 7), degree, chance), 2, chance);
}
cv::Mat by_noise(const std::string& text, double degree, cv::RNG& chance) {
  return noisy(testing::qr_scene(text, 5), 20 + 70 * degree, chance);
}
cv::Mat by_rotation(const std::string& text, double degree, cv::RNG& chance) {
  const cv::Mat turn = cv::getRotationMatrix2D({320, 240}, 90 * degree + chance.uniform(-3.0, 3.0), 1);
  cv::Mat result;
  cv::warpAffine(testing::qr_scene(text, 4), result, turn, {640, 480}, cv::INTER_LINEAR,
                 cv::BORDER_REPLICATE);
  return noisy(result, 4, chance);
}
cv::Mat by_glare(const std::string& text, double degree, cv::RNG& chance) {
  cv::Mat veil(480, 640, CV_8UC3, cv::Scalar::all(0));
  cv::ellipse(veil, {chance.uniform(220, 420), chance.uniform(160, 320)},
              {40 + static_cast<int>(120 * degree), 30 + static_cast<int>(60 * degree)}, 30, 0, 360,
              cv::Scalar::all(150), cv::FILLED);
  cv::GaussianBlur(veil, veil, {}, 40);
  cv::Mat result;
  cv::add(testing::qr_scene(text, 5), veil * 1.6, result);
  return noisy(result, 3, chance);
}
cv::Mat by_distance(const std::string& text, double degree, cv::RNG& chance) {
  cv::Mat result;
  cv::GaussianBlur(testing::qr_scene(text, 3.2 - 1.9 * degree), result, {}, 0.5);
  return noisy(result, 2, chance);
}

struct Degradation {
  const char* name;
  Spoil spoil;
};
constexpr Degradation degradations[] = {
    {"blur", by_blur},   {"motion", by_motion},     {"contrast", by_contrast}, {"slant", by_slant},
    {"noise", by_noise}, {"rotation", by_rotation}, {"glare", by_glare},       {"distance", by_distance}};

// ---- who reads ----

struct Score {
  int shown = 0;
  int read = 0;
  int wrong = 0;
  std::vector<double> milliseconds;  // each picture

  void add(const Score& other) {
    shown += other.shown;
    read += other.read;
    wrong += other.wrong;
    milliseconds.insert(milliseconds.end(), other.milliseconds.begin(), other.milliseconds.end());
  }
  [[nodiscard]] std::string text() const {
    if (shown == 0) return "null";
    return fmt::format("{{\"rate\":{:.4f},\"wrong\":{},\"ms_p50\":{:.1f},\"ms_p99\":{:.1f}}}",
                       static_cast<double>(read) / shown, wrong, tests::median(milliseconds),
                       tests::quantile(milliseconds, 0.99));
  }
};

std::vector<std::string> by_zxing(const cv::Mat& grey) {
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode);
  std::vector<std::string> texts;
  const ZXing::ImageView view(grey.data, grey.cols, grey.rows, ZXing::ImageFormat::Lum);
  for (const auto& result : ZXing::ReadBarcodes(view, hints))
    if (result.isValid()) texts.push_back(result.text());
  return texts;
}

void count(Score& score, const std::vector<std::string>& texts, const std::string& wanted) {
  const bool right = std::find(texts.begin(), texts.end(), wanted) != texts.end();
  score.read += right ? 1 : 0;
  score.wrong += !texts.empty() && !right ? 1 : 0;
}

template <typename Read>
void one_look(Score& score, const cv::Mat& bgr, const std::string& wanted, Read&& read) {
  std::vector<std::string> texts;
  score.milliseconds.push_back(1'000 * tests::seconds_of([&] {
                                 cv::Mat grey;
                                 cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
                                 texts = read(grey);
                               }));
  ++score.shown;
  count(score, texts, wanted);
}

/// Between two views it is held back: its late answer belongs to the view before.
class HeldSecond final : public SecondDecoder {
 public:
  HeldSecond(std::unique_ptr<SecondDecoder> inner, bool& held) : inner_(std::move(inner)), held_(held) {}
  [[nodiscard]] bool idle(MonotonicTime now) override { return !held_ && inner_->idle(now); }
  void give(const cv::Mat& grey, MonotonicTime now) override {
    inner_->give(grey, now);
    asked_ = true;
  }
  std::optional<std::vector<std::string>> take(MonotonicTime now) override {
    auto texts = inner_->take(now);
    asked_ = asked_ && !texts && inner_->trouble().empty();
    return texts;
  }
  [[nodiscard]] std::string trouble() const override { return inner_->trouble(); }
  [[nodiscard]] bool asked() const { return asked_; }

 private:
  const std::unique_ptr<SecondDecoder> inner_;
  bool& held_;
  bool asked_ = false;
};

double thread_milliseconds() {
  timespec time{};
  SITEGATE_ASSERT(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

/// Ours, and what is needed to wait for its second decoder's last word.
struct Ours {
  bool held = false;
  HeldSecond* second = nullptr;  // null: no models
  std::unique_ptr<CodeFinder> finder;
  std::vector<double> cpu_milliseconds;

  std::vector<std::string> look(Score& score, const cv::Mat& bgr) {
    static const SystemClock clock;
    std::vector<std::string> texts;
    const double before = thread_milliseconds();
    score.milliseconds.push_back(1'000 *
                                 tests::seconds_of([&] { texts = finder->look(bgr, clock.monotonic()); }));
    cpu_milliseconds.push_back(thread_milliseconds() - before);
    static_cast<void>(tests::wait_until([] { return false; }, 15ms));
    return texts;
  }
};

/// As in a gateway: picture after picture, the second decoder beside it.
void by_ours(Score& score, Ours& ours, const cv::Mat& bgr, const std::string& wanted) {
  std::vector<std::string> texts;
  ours.held = false;
  for (int i = 0; i < pictures_shown && texts.empty(); ++i) texts = ours.look(score, bgr);
  ours.held = true;
  while (ours.second != nullptr && ours.second->asked()) {
    const auto late = ours.look(score, bgr);
    if (texts.empty()) texts = late;
  }
  ++score.shown;
  count(score, texts, wanted);
}

std::string code(std::uint64_t serial) {
  static const auto key = crypto::SigningKey::from_seed({1, 2, 3});
  if (serial % 2 == 0) return fmt::format("HELMET-{:06}", serial);
  return codes::make_technician_code({.kind = codes::CodeKind::printed,
                                      .technician = *TechnicianId::from_number(1'000 + serial),
                                      .site = std::nullopt,
                                      .serial = serial,
                                      .issued_at = UtcTime(std::chrono::milliseconds(1'690'756'200'000)),
                                      .expires_at = UtcTime(std::chrono::milliseconds(1'790'756'200'000))},
                                     key);
}

}  // namespace

int main(int argc, char** argv) {
  log::set_up("camera_qr_bench", "warn");
  const int codes_each = argc > 1 ? std::atoi(argv[1]) : 10;
  const char* data = std::getenv("SITEGATE_TEST_DATA");
  const auto models = std::filesystem::path(data != nullptr ? data : "../shared") / "models/wechat";
  const bool with_wechat = std::filesystem::exists(models / "detect.prototxt");
  std::unique_ptr<cv::wechat_qrcode::WeChatQRCode> wechat;
  if (with_wechat)
    wechat = std::make_unique<cv::wechat_qrcode::WeChatQRCode>(
        (models / "detect.prototxt").string(), (models / "detect.caffemodel").string(),
        (models / "sr.prototxt").string(), (models / "sr.caffemodel").string());
  const FinderSettings settings;
  Ours ours;
  std::unique_ptr<HeldSecond> second;
  if (with_wechat)
    second = std::make_unique<HeldSecond>(make_wechat_decoder(worker_program(), models), ours.held);
  ours.second = second.get();
  ours.finder = std::make_unique<CodeFinder>(settings, std::move(second));
  cv::RNG chance(2024);
  Score all[3];
  std::uint64_t serial = 0;
  for (const auto& [name, spoil] : degradations) {
    Score scores[3];
    for (const double degree : {0.1, 0.3, 0.5, 0.7, 0.9})
      for (int i = 0; i < codes_each; ++i) {
        const auto text = code(++serial);
        const cv::Mat picture = spoil(text, degree, chance);
        one_look(scores[0], picture, text, by_zxing);
        if (wechat)
          one_look(scores[1], picture, text,
                   [&](const cv::Mat& grey) { return wechat->detectAndDecode(grey); });
        by_ours(scores[2], ours, picture, text);
      }
    fmt::print("{{\"bench\":\"qr\",\"spoiled_by\":\"{}\",\"zxing\":{},\"wechat\":{},\"ours\":{}}}\n", name,
               scores[0].text(), scores[1].text(), scores[2].text());
    for (int i = 0; i < 3; ++i) all[i].add(scores[i]);
  }
  const auto budget = static_cast<double>(settings.budget.count());
  // The thread's own time: how long a picture takes on the wall depends on what else the machine does.
  const auto& times = ours.cpu_milliseconds;
  const auto within = std::count_if(times.begin(), times.end(), [&](double time) { return time <= budget; });
  fmt::print(
      "{{\"bench\":\"qr\",\"spoiled_by\":\"all\",\"pictures\":{},\"zxing\":{},\"wechat\":{},\"ours\":{},"
      "\"budget_ms\":{},\"cpu_ms_p50\":{:.1f},\"cpu_ms_p99\":{:.1f},\"within_budget\":{:.5f}}}\n",
      all[0].shown, all[0].text(), all[1].text(), all[2].text(), settings.budget.count(),
      tests::median(times), tests::quantile(times, 0.99),
      static_cast<double>(within) / static_cast<double>(times.size()));
  return all[0].shown > 0 && all[2].wrong == 0 ? 0 : 1;
}
