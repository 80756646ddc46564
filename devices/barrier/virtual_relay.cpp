#include "devices/barrier/virtual_relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace sitegate::devices::barrier {
namespace {

constexpr std::size_t head_size = 6;  // MBAP without the unit
constexpr std::uint16_t coil_on = 0xFF00;
constexpr std::uint16_t flash_on = 0x0200;
constexpr std::uint16_t preset_registers = 100;
constexpr auto forever = VirtualRelay::Time::max();

std::uint16_t u16(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

VirtualRelay::Time in(int tenths) {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(100) * tenths;
}

}  // namespace

VirtualRelay::VirtualRelay(RelayFamily family, std::uint16_t port) : family_(family) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  SITEGATE_ASSERT(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  SITEGATE_ASSERT(::listen(listener_, 8) == 0);
  SITEGATE_ASSERT(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  SITEGATE_ASSERT(::pipe(wake_) == 0);
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

VirtualRelay::~VirtualRelay() {
  thread_.request_stop();
  static_cast<void>(::write(wake_[1], "x", 1));
  thread_.join();
  for (const int file : {listener_, wake_[0], wake_[1]}) ::close(file);
}

void VirtualRelay::work(const std::stop_token& stop) {
  std::map<int, Bytes> connections;  // with what was received and is no whole request yet
  while (!stop.stop_requested()) {
    std::vector<pollfd> files{{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    for (const auto& [connection, received] : connections) files.push_back({connection, POLLIN, 0});
    ::poll(files.data(), files.size(), -1);
    if (files[0].revents != 0)
      connections.emplace(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), Bytes{});
    for (std::size_t i = 2; i < files.size(); ++i) {
      if (files[i].revents == 0) continue;
      std::array<std::uint8_t, 512> buffer;
      const auto size = ::recv(files[i].fd, buffer.data(), buffer.size(), 0);
      auto& received = connections[files[i].fd];
      if (size > 0) received.insert(received.end(), buffer.begin(), buffer.begin() + size);
      if (size > 0) serve(files[i].fd, received);
      if (size > 0) continue;
      ::close(files[i].fd);
      connections.erase(files[i].fd);
    }
  }
  for (const auto& [connection, received] : connections) ::close(connection);
}

// MBAP: transaction, protocol 0, count of the bytes that follow; then unit, function, data.
void VirtualRelay::serve(int connection, Bytes& received) {
  while (received.size() >= head_size && received.size() >= head_size + u16(received, 4)) {
    const std::size_t size = head_size + u16(received, 4);
    const Bytes request(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(size));
    received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(size));
    ++requests_;
    Bytes answer(request.begin(), request.begin() + head_size + 1);
    const auto body = answer_of(ByteView(request).subspan(head_size + 1));
    answer.insert(answer.end(), body.begin(), body.end());
    answer[4] = 0;
    answer[5] = static_cast<std::uint8_t>(body.size() + 1);
    send(connection, answer);
  }
}

void VirtualRelay::send(int connection, const Bytes& answer) {
  const auto fault = fault_.load();
  if (fault == RelayFault::silent) return;
  const int on = 1;
  ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const std::string garbage =
      "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" + std::string(300, '\xEE');
  const auto bytes = fault == RelayFault::garbage ? as_bytes(garbage) : ByteView(answer);
  const std::size_t step = fault == RelayFault::slow ? 1 : bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    pollfd end{wake_[0], POLLIN, 0};
    if (at > 0 && ::poll(&end, 1, 100) != 0) return;
    if (::send(connection, bytes.data() + at, step, MSG_NOSIGNAL) < 0) return;
  }
}

// The answer's function code and data.
Bytes VirtualRelay::answer_of(ByteView request) {
  if (request.size() < 5) return {0x80, 3};
  const auto function = request[0];
  const auto exception = [function](std::uint8_t code) {
    return Bytes{static_cast<std::uint8_t>(function | 0x80), code};
  };
  if (fault_ == RelayFault::refusing) return exception(4);
  const auto place = u16(request, 1);
  const auto value = u16(request, 3);
  return state_.with([&](State& state) -> Bytes {
    let_fall(state);
    switch (function) {
      case 1:
        return {1, 1, static_cast<std::uint8_t>(state.on_until.contains(place) ? 1 : 0)};
      case 3: {
        const auto known = state.registers[place];
        return {3, 2, static_cast<std::uint8_t>(known >> 8), static_cast<std::uint8_t>(known)};
      }
      case 5:
        if (!write_coil(state, place, value)) return exception(3);
        return to_bytes(request.first(5));
      case 6:
        if (fault_ != RelayFault::forgetful) write_register(state, place, value);
        return to_bytes(request.first(5));
      default:
        return exception(1);
    }
  });
}

// False: no such coil or value.
bool VirtualRelay::write_coil(State& state, std::uint16_t place, std::uint16_t value) const {
  if (family_ == RelayFamily::flash && place >= flash_on && place < flash_on + 0x100) {
    switch_coil(state, static_cast<std::uint16_t>(place - flash_on), in(value));
  } else if (value == coil_on) {
    const auto tenths = state.registers[static_cast<std::uint16_t>(preset_registers + place)];
    switch_coil(state, place, family_ == RelayFamily::preset && tenths != 0 ? in(tenths) : forever);
  } else if (value == 0) {
    switch_coil(state, place, Time{});
  } else {
    return false;
  }
  return true;
}

void VirtualRelay::write_register(State& state, std::uint16_t place, std::uint16_t value) const {
  state.registers[place] = value;
  if (family_ != RelayFamily::command) return;
  if (value >> 8 == 0x06) switch_coil(state, place, in((value & 0xFF) * 10));
  if (value == 0x0100) switch_coil(state, place, forever);
  if (value == 0x0200) switch_coil(state, place, Time{});
}

void VirtualRelay::switch_coil(State& state, std::uint16_t coil, Time until) {
  const auto now = std::chrono::steady_clock::now();
  const auto pulse = std::find_if(state.pulses.rbegin(), state.pulses.rend(),
                                  [coil](const Pulse& each) { return each.coil == coil; });
  const bool was_on = state.on_until.contains(coil);
  if (until > now) {
    state.on_until[coil] = until;
    if (!was_on) state.pulses.push_back({coil, now, until});
    if (was_on) pulse->until = until;
  } else if (was_on) {
    state.on_until.erase(coil);
    pulse->until = now;
  }
}

void VirtualRelay::let_fall(State& state) {
  std::erase_if(state.on_until,
                [now = std::chrono::steady_clock::now()](const auto& coil) { return coil.second <= now; });
}

void VirtualRelay::set_coil(std::uint16_t coil, bool on) {
  state_.with([&](State& state) { switch_coil(state, coil, on ? forever : Time{}); });
}

bool VirtualRelay::coil(std::uint16_t coil) const {
  return state_.with([coil](State& state) {
    let_fall(state);
    return state.on_until.contains(coil);
  });
}

std::uint16_t VirtualRelay::reg(std::uint16_t place) const {
  return state_.with([place](State& state) { return state.registers[place]; });
}

std::vector<VirtualRelay::Pulse> VirtualRelay::pulses() const {
  return state_.with([](State& state) { return state.pulses; });
}

}  // namespace sitegate::devices::barrier
