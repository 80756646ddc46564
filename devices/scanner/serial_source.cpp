#include "devices/scanner/serial_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "devices/reader.hpp"

namespace sitegate::devices::scanner {
namespace {

struct Speed {
  int baud;
  speed_t code;
};
constexpr Speed speeds[] = {{1200, B1200},   {2400, B2400},   {4800, B4800},   {9600, B9600},
                            {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200}};
constexpr std::size_t read_size = 4096;

const Speed* find_speed(int baud) {
  const auto* const found = std::find_if(std::begin(speeds), std::end(speeds),
                                         [baud](const Speed& speed) { return speed.baud == baud; });
  return found == std::end(speeds) ? nullptr : found;
}

int number_of(const std::string& text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : -1;
}

Result<Parity> parse_parity(const std::string& word) {
  if (word == "none") return Parity::none;
  if (word == "even") return Parity::even;
  if (word == "odd") return Parity::odd;
  return fail(ReaderErrc::bad_setting, "parity=" + word + ": none, even or odd");
}

Result<Flow> parse_flow(const std::string& word) {
  if (word == "none") return Flow::none;
  if (word == "rtscts") return Flow::rtscts;
  if (word == "xonxoff") return Flow::xonxoff;
  return fail(ReaderErrc::bad_setting, "flow=" + word + ": none, rtscts or xonxoff");
}

Result<int> one_of(const Url& url, const std::string& key, int otherwise, int other) {
  const auto word = url.get(key, std::to_string(otherwise));
  const int number = number_of(word);
  if (number == otherwise || number == other) return number;
  return fail(ReaderErrc::bad_setting, fmt::format("{}={}: {} or {}", key, word, otherwise, other));
}

char letter_of(Parity parity) {
  if (parity == Parity::none) return 'N';
  return parity == Parity::even ? 'E' : 'O';
}

}  // namespace

Result<SerialSettings> serial_settings(const Url& url) {
  SerialSettings settings;
  if (!url.authority.empty() || !url.path.starts_with('/'))
    return fail(ReaderErrc::bad_setting, "a serial scanner is named scanner+serial:///dev/serial/by-id/…");
  settings.path = url.path;
  const auto baud = url.get("baud", "9600");
  settings.baud = number_of(baud);
  if (find_speed(settings.baud) == nullptr)
    return fail(ReaderErrc::bad_setting,
                "baud=" + baud + ": 1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200");
  SITEGATE_TRY(bits, one_of(url, "bits", 8, 7));
  SITEGATE_TRY(stop, one_of(url, "stop", 1, 2));
  SITEGATE_TRY(parity, parse_parity(url.get("parity", "none")));
  SITEGATE_TRY(flow, parse_flow(url.get("flow", "none")));
  settings.data_bits = bits;
  settings.stop_bits = stop;
  settings.parity = parity;
  settings.flow = flow;
  return settings;
}

termios raw_mode(const SerialSettings& settings) {
  termios mode{};
  ::cfmakeraw(&mode);
  mode.c_iflag = IGNBRK;
  mode.c_cflag = CREAD | CLOCAL | (settings.data_bits == 7 ? CS7 : CS8);
  if (settings.stop_bits == 2) mode.c_cflag |= CSTOPB;
  if (settings.parity != Parity::none) {
    mode.c_iflag |= INPCK;
    mode.c_cflag |= PARENB;
    if (settings.parity == Parity::odd) mode.c_cflag |= PARODD;
  }
  if (settings.flow == Flow::rtscts) mode.c_cflag |= CRTSCTS;
  if (settings.flow == Flow::xonxoff) mode.c_iflag |= IXON | IXOFF;
  mode.c_cc[VMIN] = 1;  // with O_NONBLOCK: EAGAIN where nothing is there, 0 only after a hang-up
  mode.c_cc[VTIME] = 0;
  mode.c_cc[VSTART] = 0x11;  // XON
  mode.c_cc[VSTOP] = 0x13;   // XOFF
  const Speed* speed = find_speed(settings.baud);
  SITEGATE_ASSERT(speed != nullptr);
  ::cfsetspeed(&mode, speed->code);
  return mode;
}

Result<void> SerialSource::open() {
  close();
  SITEGATE_TRY(number, open_device(settings_.path, O_RDWR | O_NOCTTY));
  line_.reset(number);
  const termios mode = raw_mode(settings_);
  if (::isatty(number) == 0) return fail(ReaderErrc::device_failed, settings_.path + ": is no serial line");
  if (::ioctl(number, TIOCEXCL) != 0 || ::tcsetattr(number, TCSANOW, &mode) != 0 ||
      ::tcflush(number, TCIFLUSH) != 0)
    return fail(ReaderErrc::device_failed, name() + ": " + std::strerror(errno));
  return success();
}

Result<ScanSource::Chunk> SerialSource::read() {
  std::array<std::uint8_t, read_size> buffer{};
  const auto size = ::read(line_.number(), buffer.data(), buffer.size());
  if (size > 0) return Chunk{Bytes(buffer.begin(), buffer.begin() + size), false};
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return Chunk{};
  return fail(ReaderErrc::device_gone, settings_.path + ": unplugged");
}

std::string SerialSource::name() const {
  return fmt::format("{} {} {}{}{}", settings_.path, settings_.baud, settings_.data_bits,
                     letter_of(settings_.parity), settings_.stop_bits);
}

}  // namespace sitegate::devices::scanner
