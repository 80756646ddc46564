#include "devices/qr/second_decoder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "shared/base/log.hpp"
#include "shared/base/retry_delay.hpp"

extern char** environ;

namespace sitegate::devices::qr {
namespace {

/// A descriptor that is closed with its scope.
class Handle {
 public:
  explicit Handle(int number = -1) : number_(number) {}
  Handle(Handle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Handle() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// Memory that the worker sees, too.
class SharedPicture {
 public:
  SharedPicture() : file_(::memfd_create("sitegate-qr", MFD_CLOEXEC)) {
    if (file_.number() < 0 || ::ftruncate(file_.number(), shared_size) != 0) return;
    void* const memory = ::mmap(nullptr, shared_size, PROT_READ | PROT_WRITE, MAP_SHARED, file_.number(), 0);
    if (memory != MAP_FAILED) memory_ = static_cast<std::uint8_t*>(memory);
  }
  SharedPicture(const SharedPicture&) = delete;
  SharedPicture& operator=(const SharedPicture&) = delete;
  ~SharedPicture() {
    if (memory_ != nullptr) ::munmap(memory_, shared_size);
  }
  [[nodiscard]] bool usable() const { return memory_ != nullptr; }
  [[nodiscard]] int file() const { return file_.number(); }
  void put(const cv::Mat& grey) const {
    for (int row = 0; row < grey.rows; ++row)
      std::memcpy(memory_ + std::size_t(row) * std::size_t(grey.cols), grey.ptr(row), std::size_t(grey.cols));
  }

 private:
  Handle file_;
  std::uint8_t* memory_ = nullptr;
};

std::vector<std::string> texts_of(std::string_view answer) {
  std::vector<std::string> texts;
  while (!answer.empty()) {
    const auto text = answer.substr(0, answer.find('\0'));
    if (!text.empty()) texts.emplace_back(text);
    answer.remove_prefix(std::min(answer.size(), text.size() + 1));
  }
  return texts;
}

class WechatDecoder final : public SecondDecoder {
 public:
  WechatDecoder(std::filesystem::path program, std::filesystem::path models)
      : program_(std::move(program)), models_(std::move(models)) {}
  WechatDecoder(const WechatDecoder&) = delete;
  WechatDecoder& operator=(const WechatDecoder&) = delete;
  ~WechatDecoder() override { end(); }

  [[nodiscard]] bool idle(MonotonicTime now) override {
    return picture_.usable() && !asked_ && (pid_ > 0 || now >= again_at_);
  }

  void give(const cv::Mat& grey, MonotonicTime now) override {
    if (pid_ <= 0 && !start(now)) return;
    picture_.put(grey);
    const PictureSize size{grey.cols, grey.rows};
    if (::send(socket_.number(), &size, sizeof size, MSG_DONTWAIT | MSG_NOSIGNAL) != sizeof size)
      return fail_with(std::string("asking failed: ") + std::strerror(errno), now);
    asked_ = now;
  }

  std::optional<std::vector<std::string>> take(MonotonicTime now) override {
    if (!asked_) return std::nullopt;
    std::array<char, answer_size_max> answer{};
    const auto size = ::recv(socket_.number(), answer.data(), answer.size(), MSG_DONTWAIT);
    if (size > 0) {
      asked_.reset();
      trouble_.clear();
      delay_.reset();
      return texts_of({answer.data(), static_cast<std::size_t>(size)});
    }
    const bool waiting = size < 0 && (errno == EAGAIN || errno == EINTR);
    if (!waiting)
      fail_with("it has died over a picture", now);
    else if (now - *asked_ > patience)
      fail_with("it said nothing for 5 s", now);
    return std::nullopt;
  }

  [[nodiscard]] std::string trouble() const override { return trouble_; }

 private:
  static constexpr std::chrono::seconds patience{5};

  bool start(MonotonicTime now) {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      fail_with(std::string("socketpair: ") + std::strerror(errno), now);
      return false;
    }
    Handle ours(ends[0]);
    const Handle theirs(ends[1]);
    const int failed = spawn(theirs.number());
    if (failed != 0) {
      fail_with(program_.string() + ": " + std::strerror(failed), now);
      return false;
    }
    socket_ = std::move(ours);
    return true;
  }

  int spawn(int socket) {
    // Above both targets first: one of them may stand where the other must go.
    const Handle high_socket(::fcntl(socket, F_DUPFD_CLOEXEC, 10));
    const Handle high_memory(::fcntl(picture_.file(), F_DUPFD_CLOEXEC, 10));
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, high_socket.number(), worker_socket);
    ::posix_spawn_file_actions_adddup2(&actions, high_memory.number(), worker_memory);
    std::string name = program_.string();
    std::string folder = models_.string();
    std::array<char*, 3> arguments{name.data(), folder.data(), nullptr};
    const int failed = ::posix_spawn(&pid_, name.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) pid_ = -1;
    return failed;
  }

  void fail_with(const std::string& why, MonotonicTime now) {
    end();
    const auto pause = delay_.next();
    again_at_ = now + pause;
    if (trouble_ != why) log::warn("second QR decoder reason=\"{}\" again_in_ms={}", why, pause.count());
    trouble_ = why;
  }

  void end() {
    asked_.reset();
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    socket_ = Handle();
  }

  // Constant after construction.
  const std::filesystem::path program_;
  const std::filesystem::path models_;
  const SharedPicture picture_;

  Handle socket_;
  pid_t pid_ = -1;
  std::optional<MonotonicTime> asked_;
  MonotonicTime again_at_{0};
  RetryDelay delay_{std::chrono::seconds(1), std::chrono::seconds(60), 1};
  std::string trouble_;
};

}  // namespace

std::unique_ptr<SecondDecoder> make_wechat_decoder(std::filesystem::path program,
                                                   std::filesystem::path models) {
  return std::make_unique<WechatDecoder>(std::move(program), std::move(models));
}

std::filesystem::path worker_program() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / "sitegate-qr-worker";
}

}  // namespace sitegate::devices::qr
