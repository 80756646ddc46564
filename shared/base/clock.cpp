#include "shared/base/clock.hpp"

#include <sys/timex.h>
#include <time.h>

#include <fstream>
#include <string>

#include "shared/base/bytes.hpp"

namespace sitegate {
namespace {

std::chrono::nanoseconds read_clock(clockid_t id) {
  timespec time{};
  clock_gettime(id, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

BootId read_boot_id() {
  BootId id{};
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  std::getline(file, text);
  std::erase(text, '-');
  if (const auto bytes = from_hex(text); bytes && bytes->size() == id.size())
    std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

}  // namespace

SystemClock::SystemClock() : boot_id_(read_boot_id()) {}

UtcTime SystemClock::now() const {
  return UtcTime{std::chrono::floor<std::chrono::milliseconds>(read_clock(CLOCK_REALTIME))};
}

MonotonicTime SystemClock::monotonic() const {
  return read_clock(CLOCK_BOOTTIME);
}

ClockState SystemClock::state() const {
  timex status{};
  if (adjtimex(&status) < 0) return ClockState::unknown;
  return (status.status & STA_UNSYNC) != 0 ? ClockState::unsynchronised : ClockState::synchronised;
}

}  // namespace sitegate
