// TCP without waiting anywhere but in one place, from which another thread can call back. Private to
// devices/uhf.
#pragma once
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate::devices::uhf {

/// Owns a file descriptor. Not thread-safe.
class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket();
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  void close();

 private:
  int fd_;
};

/// Calls a thread back from wait_for(); stays called until reset(). signal() from any thread.
class Wakeup {
 public:
  Wakeup();
  void signal() const;
  void reset() const;
  [[nodiscard]] int fd() const { return event_.fd(); }

 private:
  Socket event_;
};

struct Ready {
  bool readable = false;
  bool writable = false;
  bool woken = false;
};
/// Waits until the socket can be read (or written, if that is wanted), at most `timeout`, or until woken
/// (nullptr: by nobody).
Ready wait_for(const Socket& socket, bool to_write, const Wakeup* wakeup, std::chrono::milliseconds timeout);

/// A connection, non-blocking, with TCP_NODELAY and the kernel's own keepalive. cannot_connect with the
/// address and why; also when woken. The name is looked up by the system's resolver, which is not called
/// back.
Result<Socket> connect_tcp(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
                           const Wakeup& wakeup);
/// Listens on 127.0.0.1; port 0: any free one.
Result<Socket> listen_tcp(std::uint16_t port);
std::uint16_t port_of(const Socket& socket);
/// The next one who connects, non-blocking; closed if there is none.
Socket accept_tcp(const Socket& listener);

/// What is there, at least one byte; 0: nothing yet. gone when the other side has closed or the connection is
/// broken.
Result<std::size_t> receive_some(const Socket& socket, std::span<std::uint8_t> into);
/// Takes off the front of `bytes` what could be sent now.
Result<void> send_some(const Socket& socket, Bytes& bytes);

}  // namespace sitegate::devices::uhf
