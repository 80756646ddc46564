#include "devices/scanner/virtual_scanner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/input-event-codes.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace sitegate::devices::scanner {
namespace {

constexpr int patience_ms = 5000;

std::string name_of_other_end(int terminal) {
  std::array<char, 128> name{};
  SITEGATE_ASSERT(::ptsname_r(terminal, name.data(), name.size()) == 0);
  return name.data();
}

std::string event_line(int time_ms, unsigned type, unsigned code, int value) {
  return fmt::format("E: {}.{:06} {:04x} {:04x} {:04}\n", time_ms / 1000, time_ms % 1000 * 1000, type, code,
                     value);
}

}  // namespace

VirtualSerialScanner::VirtualSerialScanner(std::filesystem::path link) : link_(std::move(link)) {
  plug_in();
}

VirtualSerialScanner::~VirtualSerialScanner() {
  unplug();
}

void VirtualSerialScanner::plug_in() {
  unplug();
  scanner_side_.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  const int terminal = scanner_side_.number();
  SITEGATE_ASSERT(terminal >= 0 && ::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0);
  std::filesystem::create_symlink(name_of_other_end(terminal), link_);
}

void VirtualSerialScanner::unplug() {
  if (!scanner_side_.is_open()) return;
  std::filesystem::remove(link_);
  scanner_side_.reset();
}

bool VirtualSerialScanner::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::write(scanner_side_.number(), bytes.data(), bytes.size());
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) return false;
    pollfd room{scanner_side_.number(), POLLOUT, 0};
    if (::poll(&room, 1, patience_ms) == 0) return false;
  }
  return true;
}

std::string evemu_events(std::string_view text, Layout layout, int start_ms) {
  std::string lines;
  int time_ms = start_ms;
  for (const auto& event : key_events_of(text, layout)) {
    lines +=
        event_line(time_ms, EV_KEY, event.code, event.value) + event_line(time_ms, EV_SYN, SYN_REPORT, 0);
    ++time_ms;
  }
  return lines;
}

}  // namespace sitegate::devices::scanner
