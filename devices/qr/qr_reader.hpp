// Codes before a camera: one read for each code that is shown.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "devices/camera/camera.hpp"
#include "devices/qr/code_finder.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::qr {

/// A code held before the camera is one code: it is news again after it was out of sight for a while. Not
/// thread-safe.
class RecentCodes {
 public:
  explicit RecentCodes(std::chrono::milliseconds again_after) : again_after_(again_after) {}
  bool is_news(const std::string& text, MonotonicTime now);

 private:
  static constexpr std::size_t count_max = 256;  // a wall of codes: the oldest are forgotten
  const std::chrono::milliseconds again_after_;
  std::map<std::string, MonotonicTime> seen_;
};

struct QrSettings {
  ReaderPlace place;
  FinderSettings finder;
  std::chrono::milliseconds again_after{3'000};
};

/// Hands on what can name a person: 1 to 64 printable ASCII characters, or a technician's code. Anything else
/// is logged by its size and counted, once for each time it is shown.
class QrAnalyser final : public camera::FrameAnalyser {
 public:
  QrAnalyser(QrSettings settings, std::unique_ptr<SecondDecoder> second);
  Result<void> look(const camera::Frame& frame, const ReadSink& sink) override;
  Result<void> idle(MonotonicTime now, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override;
  [[nodiscard]] std::uint64_t failed_reads() const override { return failed_reads_; }

 private:
  void hand_on(std::string text, const camera::Frame& frame, const ReadSink& sink);

  const QrSettings settings_;
  CodeFinder finder_;
  RecentCodes recent_;
  Guarded<std::string> trouble_;
  std::atomic<std::uint64_t> codes_{0};
  std::atomic<std::uint64_t> failed_reads_{0};
};

/// qr+<camera>…?codes=qr|all&again_ms=3000&wechat=/folder and the keys of README.md
Result<std::unique_ptr<Reader>> open_qr_reader(const Url& url, const ReaderSurroundings& around);

}  // namespace sitegate::devices::qr
