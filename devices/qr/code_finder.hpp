// QR codes in pictures: a fast decoder on every one, and where that finds nothing, something more each time.
#pragma once
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "devices/qr/second_decoder.hpp"

namespace sitegate::devices::qr {

struct FinderSettings {
  bool all_codes = false;  ///< 1-D codes, Data Matrix, Aztec and PDF417, too: about four times the time
  /// What one picture may cost on the reader's thread: half of a picture's time at 12 pictures a second.
  std::chrono::milliseconds budget{40};
  /// Where codes are found all the time, the second decoder looks so often all the same: for the one that
  /// stands beside.
  std::chrono::milliseconds second_look{2'000};
};

/// Not thread-safe.
class CodeFinder {
 public:
  /// `second` may be null.
  CodeFinder(FinderSettings settings, std::unique_ptr<SecondDecoder> second);

  /// The texts found in this picture, and by the second decoder in one before it; each once.
  std::vector<std::string> look(const cv::Mat& bgr, MonotonicTime now);
  [[nodiscard]] std::string trouble() const { return second_ ? second_->trouble() : std::string(); }
  [[nodiscard]] bool has_second() const { return second_ != nullptr; }
  /// The second decoder has a picture that it has not answered.
  [[nodiscard]] bool second_is_busy(MonotonicTime now) const { return second_ && !second_->idle(now); }

 private:
  /// Another way to prepare a picture, and what it has cost lately.
  struct Attempt {
    cv::Mat (*prepare)(const cv::Mat& grey);
    std::chrono::nanoseconds cost{0};
  };
  void try_more(const cv::Mat& grey, std::chrono::steady_clock::time_point began,
                std::vector<std::string>& texts);
  void ask_second(const cv::Mat& grey, MonotonicTime now, bool found, std::vector<std::string>& texts);
  [[nodiscard]] std::vector<std::string> decode(const cv::Mat& grey) const;

  const FinderSettings settings_;
  const std::unique_ptr<SecondDecoder> second_;
  std::vector<Attempt> attempts_;
  std::size_t next_attempt_ = 0;
  std::optional<MonotonicTime> second_asked_;
};

}  // namespace sitegate::devices::qr
