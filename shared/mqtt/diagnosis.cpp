#include "shared/mqtt/diagnosis.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "shared/crypto/tls_diagnosis.hpp"

namespace sitegate::mqtt {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

class Socket {
 public:
  explicit Socket(int family)
      : descriptor_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string explain_resolver(int code, const BrokerAddress& address) {
  return "the name " + address.host + " cannot be resolved (" + ::gai_strerror(code) +
         "): is it spelt right, and does this machine's name server answer?";
}

std::string explain_tcp(int error_number, const BrokerAddress& address) {
  const std::string said = " (" + std::generic_category().message(error_number) + ")";
  switch (error_number) {
    case ECONNREFUSED:
      return "nothing listens at " + address.text() + said + ": is the broker running, is the port right?";
    case ETIMEDOUT:
      return address.text() + " does not answer" + said + ": is the network up, does a firewall drop it?";
    case ENETUNREACH:
    case EHOSTUNREACH:
      return "there is no way to " + address.text() + said + ": is the network up?";
    default:
      return "no connection to " + address.text() + said;
  }
}

/// 0, or the error number; the socket is blocking afterwards.
int connect_within(const Socket& socket, const addrinfo& target, std::chrono::milliseconds patience) {
  if (socket.get() < 0) return errno;
  if (::connect(socket.get(), target.ai_addr, target.ai_addrlen) != 0 && errno != EINPROGRESS) return errno;
  pollfd waiting{socket.get(), POLLOUT, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) != 1) return ETIMEDOUT;
  int error_number = 0;
  socklen_t size = sizeof error_number;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error_number, &size) != 0) return errno;
  ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) & ~O_NONBLOCK);
  return error_number;
}

std::optional<std::string> diagnose_tls(const Socket& socket, const BrokerAddress& address,
                                        const BrokerSettings& settings, std::chrono::milliseconds patience) {
  if (!address.tls) return std::nullopt;
  return crypto::diagnose_tls(socket.get(), address.host,
                              {settings.ca_file, settings.certificate_file, settings.key_file}, patience);
}

}  // namespace

std::optional<std::string> diagnose(const BrokerAddress& address, const BrokerSettings& settings,
                                    std::chrono::milliseconds patience) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  if (code != 0) return explain_resolver(code, address);
  const Addresses addresses(found, ::freeaddrinfo);
  int error_number = 0;
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    const Socket socket(each->ai_family);
    error_number = connect_within(socket, *each, patience);
    if (error_number == 0) return diagnose_tls(socket, address, settings, patience);
  }
  return explain_tcp(error_number, address);
}

}  // namespace sitegate::mqtt
