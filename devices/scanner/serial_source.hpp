// A scanner on a serial line, or one on USB that poses as such (CDC-ACM), through termios (POSIX.1-2017).
#pragma once
#include <termios.h>

#include <cstdint>

#include "devices/scanner/scan_source.hpp"
#include "shared/base/url.hpp"

namespace sitegate::devices::scanner {

enum class Parity : std::uint8_t { none, even, odd };
enum class Flow : std::uint8_t { none, rtscts, xonxoff };

/// A scanner on USB takes any of these; on a real line both sides must agree.
struct SerialSettings {
  std::string path;   ///< /dev/ttyACM0, better /dev/serial/by-id/…
  int baud = 9600;    ///< 1200 to 115200
  int data_bits = 8;  ///< 7 or 8
  Parity parity = Parity::none;
  int stop_bits = 1;  ///< 1 or 2
  Flow flow = Flow::none;
  bool operator==(const SerialSettings&) const = default;
};

/// From a URL's path and its baud, bits, parity, stop and flow. ReaderErrc::bad_setting.
Result<SerialSettings> serial_settings(const Url& url);

/// The terminal's mode for these settings: raw, no echo, reads never wait; a byte with a parity or framing
/// error comes as 00, which no code holds.
termios raw_mode(const SerialSettings& settings);

class SerialSource final : public ScanSource {
 public:
  explicit SerialSource(SerialSettings settings) : settings_(std::move(settings)) {}
  /// Takes the line for itself (TIOCEXCL) and forgets what came before: a code scanned while nobody listened
  /// has no time.
  [[nodiscard]] Result<void> open() override;
  void close() override { line_.reset(); }
  [[nodiscard]] int descriptor() const override { return line_.number(); }
  [[nodiscard]] Result<Chunk> read() override;
  [[nodiscard]] std::string name() const override;

 private:
  const SerialSettings settings_;
  Descriptor line_;
};

}  // namespace sitegate::devices::scanner
