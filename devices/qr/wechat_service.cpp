#include "devices/qr/wechat_service.hpp"

#include <sys/mman.h>
#include <sys/socket.h>

#include <cerrno>
#include <opencv2/wechat_qrcode.hpp>

#include "devices/qr/second_decoder.hpp"

namespace sitegate::devices::qr {
namespace {

constexpr int pictures_max = 100'000;

bool fits(const PictureSize& size) {
  return size.width >= 16 && size.height >= 16 && size.width <= 4096 && size.height <= 4096;
}

std::string answer_to(cv::wechat_qrcode::WeChatQRCode& decoder, const cv::Mat& grey) {
  std::string answer;
  try {
    for (const auto& text : decoder.detectAndDecode(grey))
      if (answer.size() + text.size() + 2 < answer_size_max) answer += text + '\0';
  } catch (const cv::Exception&) {
    answer.clear();
  }
  return answer.empty() ? std::string(1, '\0') : answer;
}

}  // namespace

Result<void> serve_wechat(const std::filesystem::path& models) {
  void* const memory = ::mmap(nullptr, shared_size, PROT_READ, MAP_SHARED, worker_memory, 0);
  if (memory == MAP_FAILED) return fail_errno(errno, "the picture's memory");
  const auto file = [&](const char* name) { return (models / name).string(); };
  try {
    cv::setNumThreads(1);  // the gateway needs the other cores
    cv::wechat_qrcode::WeChatQRCode decoder(file("detect.prototxt"), file("detect.caffemodel"),
                                            file("sr.prototxt"), file("sr.caffemodel"));
    for (int i = 0; i < pictures_max; ++i) {
      PictureSize size{};
      if (::recv(worker_socket, &size, sizeof size, 0) != sizeof size || !fits(size)) return success();
      const cv::Mat grey(size.height, size.width, CV_8UC1, memory);
      const auto answer = answer_to(decoder, grey.clone());
      if (::send(worker_socket, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return success();
    }
  } catch (const cv::Exception& error) {
    return fail_errno(EINVAL, models.string() + ": " + error.what());
  }
  return success();
}

}  // namespace sitegate::devices::qr
