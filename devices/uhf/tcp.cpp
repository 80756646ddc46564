#include "devices/uhf/tcp.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "devices/uhf/session.hpp"

namespace sitegate::devices::uhf {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Result<Addresses> resolve(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found); code != 0)
    return fail(UhfErrc::cannot_connect, gai_strerror(code));
  return Addresses(found, freeaddrinfo);
}

// The kernel's keepalive serves readers that have none of their own: a dead connection ends after a minute.
void set_options(int fd) {
  const int on = 1;
  const int idle_s = 30;
  const int interval_s = 10;
  const int probes = 3;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

int error_of(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

Result<Socket> connect_one(const addrinfo& address, std::chrono::milliseconds timeout, const Wakeup& wakeup) {
  Socket socket(::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.open()) return fail(UhfErrc::cannot_connect, std::strerror(errno));
  if (connect(socket.fd(), address.ai_addr, address.ai_addrlen) != 0 && errno != EINPROGRESS)
    return fail(UhfErrc::cannot_connect, std::strerror(errno));
  const auto ready = wait_for(socket, true, &wakeup, timeout);
  if (ready.woken) return fail(UhfErrc::cannot_connect, "given up, the gateway ends");
  if (!ready.writable) return fail(UhfErrc::cannot_connect, "no answer");
  if (const int error = error_of(socket.fd()); error != 0)
    return fail(UhfErrc::cannot_connect, std::strerror(error));
  set_options(socket.fd());
  return socket;
}

Error gone(int error) {
  return fail(UhfErrc::gone, error == 0 ? "the reader has closed it" : std::strerror(error));
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

Socket::~Socket() {
  close();
}

void Socket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Wakeup::Wakeup() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  SITEGATE_ASSERT(event_.open());
}

void Wakeup::signal() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(event_.fd(), &one, sizeof one);  // full is signalled, too
}

void Wakeup::reset() const {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(event_.fd(), &count, sizeof count);  // none is reset, too
}

Ready wait_for(const Socket& socket, bool to_write, const Wakeup* wakeup, std::chrono::milliseconds timeout) {
  pollfd watched[] = {{socket.fd(), static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN), 0},
                      {wakeup == nullptr ? -1 : wakeup->fd(), POLLIN, 0}};
  if (poll(watched, 2, static_cast<int>(timeout.count())) <= 0) return {};
  constexpr int broken = POLLERR | POLLHUP;
  return {(watched[0].revents & (POLLIN | broken)) != 0, (watched[0].revents & (POLLOUT | broken)) != 0,
          watched[1].revents != 0};
}

Result<Socket> connect_tcp(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
                           const Wakeup& wakeup) {
  const auto where = host + ":" + std::to_string(port) + ": ";
  const auto addresses = resolve(host, port);
  if (!addresses) return fail(UhfErrc::cannot_connect, where + addresses.error().detail);
  std::string why;
  for (const auto* address = addresses.value().get(); address != nullptr; address = address->ai_next) {
    auto connected = connect_one(*address, timeout, wakeup);
    if (connected) return connected;
    why = connected.error().detail;
  }
  return fail(UhfErrc::cannot_connect, where + why);
}

Result<Socket> listen_tcp(std::uint16_t port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(socket.fd(), 8) != 0)
    return fail_errno(errno, "listen on 127.0.0.1:" + std::to_string(port));
  return socket;
}

std::uint16_t port_of(const Socket& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

Socket accept_tcp(const Socket& listener) {
  Socket socket(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket.open()) set_options(socket.fd());
  return socket;
}

Result<std::size_t> receive_some(const Socket& socket, std::span<std::uint8_t> into) {
  const auto got = recv(socket.fd(), into.data(), into.size(), 0);
  if (got > 0) return static_cast<std::size_t>(got);
  if (got < 0 && would_block(errno)) return std::size_t{0};
  return gone(got == 0 ? 0 : errno);
}

Result<void> send_some(const Socket& socket, Bytes& bytes) {
  while (!bytes.empty()) {
    const auto sent = send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && would_block(errno)) break;
    if (sent < 0) return gone(errno);
    bytes.erase(bytes.begin(), bytes.begin() + sent);
  }
  return success();
}

}  // namespace sitegate::devices::uhf
