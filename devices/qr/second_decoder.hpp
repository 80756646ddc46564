// A slow decoder that looks at some pictures beside the reader's thread.
//
// cv::wechat_qrcode of OpenCV 4.6 reads what zxing cannot, and it can be brought to crash and to leak by a
// picture (CVE-2023-2617, CVE-2023-2618; opencv_contrib issues 3150, 3570): whoever holds a paper before the
// camera would stop the gateway. So it lives in a process of its own, sitegate-qr-worker, which may die.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/civil_time.hpp"

namespace sitegate::devices::qr {

/// Not thread-safe; no call waits.
class SecondDecoder {
 public:
  virtual ~SecondDecoder() = default;
  /// True if a picture may be given now.
  [[nodiscard]] virtual bool idle(MonotonicTime now) = 0;
  /// Grey, 8 bit. Only while idle.
  virtual void give(const cv::Mat& grey, MonotonicTime now) = 0;
  /// What was found in the picture given last, once: nullopt while it is not known.
  virtual std::optional<std::vector<std::string>> take(MonotonicTime now) = 0;
  /// For people; empty: all is well.
  [[nodiscard]] virtual std::string trouble() const = 0;
};

/// Starts `program` with the folder of the four model files (detect.prototxt, detect.caffemodel, sr.prototxt,
/// sr.caffemodel) when the first picture is given, and again, with growing pauses, when it has died or said
/// nothing for 5 s.
std::unique_ptr<SecondDecoder> make_wechat_decoder(std::filesystem::path program,
                                                   std::filesystem::path models);
/// sitegate-qr-worker beside this program.
std::filesystem::path worker_program();

// ---- what the two say to each other ----

/// Into the shared memory (worker's descriptor 4): the picture's grey levels, row by row.
inline constexpr std::size_t shared_size = std::size_t{4096} * 4096;
/// Through the socket (worker's descriptor 3), one packet each way.
struct PictureSize {
  std::int32_t width;
  std::int32_t height;
};
/// The answer: texts, each with a zero byte behind it; "" for none. At most so many bytes.
inline constexpr std::size_t answer_size_max = 16'384;
inline constexpr int worker_socket = 3;
inline constexpr int worker_memory = 4;

}  // namespace sitegate::devices::qr
