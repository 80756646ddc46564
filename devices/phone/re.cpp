#include "devices/phone/re.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace sitegate::devices::phone {
namespace {

constexpr rlim_t files_max = 16384;

int files_for_calls() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<int>(std::min(limit.rlim_cur / 4 * 3, files_max));
}

Error failed(const char* what, int code) {
  return fail(PhoneErrc::line_failed, std::string(what) + ": " + std::strerror(code));
}

}  // namespace

std::string to_text(const sa& address) {
  char text[80];
  return re_snprintf(text, sizeof text, "%J", &address) < 0 ? std::string("?") : std::string(text);
}

Address address_of(const sa& address) {
  if (sa_af(&address) == AF_INET) return address_of_ipv4(sa_in(&address));
  Address six{};
  if (sa_af(&address) == AF_INET6) sa_in6(&address, six.data());
  return six;
}

sa local_address_towards(const sa& peer, const sa& bound) {
  if (!sa_is_any(&bound)) return bound;
  sa local = bound;
  const int socket = ::socket(sa_af(&peer), SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return bound;
  local.len = sizeof local.u;
  const bool known =
      ::connect(socket, &peer.u.sa, peer.len) == 0 && ::getsockname(socket, &local.u.sa, &local.len) == 0;
  ::close(socket);
  if (!known) return bound;
  sa_set_port(&local, sa_port(&bound));
  return local;
}

Result<std::unique_ptr<ReThread>> ReThread::enter() {
  static std::once_flag once;
  static int started = 0;
  std::call_once(once, [] { started = libre_init(); });
  if (started != 0) return failed("libre_init", started);
  if (const int code = re_thread_init(); code != 0) return failed("re_thread_init", code);
  std::unique_ptr<ReThread> thread(new ReThread);
  if (const int code = fd_setsize(files_for_calls()); code != 0) return failed("fd_setsize", code);
  if (const int code = poll_method_set(METHOD_EPOLL); code != 0) return failed("epoll", code);
  return thread;
}

ReThread::~ReThread() {
  re_thread_close();
}

}  // namespace sitegate::devices::phone
