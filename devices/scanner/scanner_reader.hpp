// Handheld and fixed scanners of QR and 1-D codes: one read for each code that keeps the rules.
#pragma once
#include <atomic>
#include <memory>
#include <string>

#include "devices/reader.hpp"
#include "devices/scanner/line_collector.hpp"
#include "devices/scanner/scan_rules.hpp"
#include "devices/scanner/scan_source.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::scanner {

/// How the lines of a scanner end, from a URL's ending and idle_ms. ReaderErrc::bad_setting.
struct LineSettings {
  Ending ending = Ending::any;
  std::chrono::milliseconds idle = idle_default;
};
Result<LineSettings> line_settings(const Url& url);

/// Operation: run() opens the device, fails with device_gone or device_failed when it is not there, goes away
/// or belongs to another program; the next run() opens the same path again. A line that is no code of ours
/// gives no read: logged with its reason, counted in failed_reads(). Concurrency: as Reader. Stop ends run()
/// at once.
class ScannerReader final : public Reader {
 public:
  /// The clock must outlive the reader.
  ScannerReader(ReaderPlace place, std::unique_ptr<ScanSource> source, LineSettings lines, ScanRules rules,
                const Clock& clock);

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override;
  /// "listening: /dev/ttyACM0 9600 8N1", or why not.
  [[nodiscard]] std::string state() const override;
  [[nodiscard]] std::uint64_t failed_reads() const override { return failed_reads_; }

 private:
  Result<void> listen(const std::stop_token& stop, const ReadSink& sink);
  void take(Line&& line, const ReadSink& sink);
  void set_state(std::string text);

  // Constant after construction.
  const ReaderPlace place_;
  const std::unique_ptr<ScanSource> source_;
  const LineSettings lines_;
  const ScanRules rules_;
  const Clock& clock_;

  Guarded<std::string> state_;
  std::atomic<std::uint64_t> failed_reads_{0};
};

/// scanner+serial:///dev/serial/by-id/…?baud=9600 and the keys of README.md
Result<std::unique_ptr<Reader>> open_serial_scanner(const Url& url, const ReaderSurroundings& around);
/// scanner+hid:///dev/input/by-id/usb-…-event-kbd?layout=us and the keys of README.md
Result<std::unique_ptr<Reader>> open_keyboard_scanner(const Url& url, const ReaderSurroundings& around);

}  // namespace sitegate::devices::scanner
