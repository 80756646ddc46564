// The other side of the link: a scanner that "scans" what it is told, on a serial line of its own or as the
// events of a keyboard. For tests, demonstrations and simulators.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "devices/scanner/key_decoder.hpp"
#include "devices/scanner/scan_source.hpp"

namespace sitegate::devices::scanner {

/// A scanner on a serial line: a pseudo-terminal whose other end a link names. Not thread-safe.
class VirtualSerialScanner {
 public:
  /// `link` is made by plug_in() and taken away by unplug(). Plugged in at construction.
  explicit VirtualSerialScanner(std::filesystem::path link);
  VirtualSerialScanner(const VirtualSerialScanner&) = delete;
  VirtualSerialScanner& operator=(const VirtualSerialScanner&) = delete;
  ~VirtualSerialScanner();

  void plug_in();
  void unplug();
  /// Sends all of the bytes, waiting while the line is full; false if nobody reads for 5 s.
  [[nodiscard]] bool send(std::string_view bytes) const;
  [[nodiscard]] bool scan(std::string_view code) const { return send(std::string(code) + "\r"); }

 private:
  const std::filesystem::path link_;
  Descriptor scanner_side_;
};

/// The events of a keyboard as evemu and umockdev replay them ("E: 0.000000 0001 001e 0001"): scan(s) of
/// `text`, one key each millisecond, from `start_ms` on.
std::string evemu_events(std::string_view text, Layout layout, int start_ms);

}  // namespace sitegate::devices::scanner
