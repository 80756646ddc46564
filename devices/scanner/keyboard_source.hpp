// A scanner that poses as a USB keyboard (HID), through the kernel's event device and libevdev.
#pragma once
#include <memory>

#include "devices/scanner/key_decoder.hpp"
#include "devices/scanner/scan_source.hpp"
#include "shared/base/url.hpp"

struct libevdev;

namespace sitegate::devices::scanner {

struct KeyboardSettings {
  std::string path;  ///< /dev/input/by-id/usb-…-event-kbd
  Layout layout = Layout::us;
  bool operator==(const KeyboardSettings&) const = default;
};

/// From a URL's path and its layout. ReaderErrc::bad_setting.
Result<KeyboardSettings> keyboard_settings(const Url& url);

class KeyboardSource final : public ScanSource {
 public:
  explicit KeyboardSource(KeyboardSettings settings);
  ~KeyboardSource() override;
  /// Takes the keys for itself (EVIOCGRAB), so that what is scanned reaches no console and no other program.
  [[nodiscard]] Result<void> open() override;
  void close() override;
  [[nodiscard]] int descriptor() const override { return device_.number(); }
  [[nodiscard]] Result<Chunk> read() override;
  [[nodiscard]] std::string name() const override { return settings_.path + described_; }

 private:
  struct FreeKeyboard {
    void operator()(libevdev* keyboard) const;
  };
  /// Reads away what the kernel says to have happened meanwhile: the order of the keys is lost.
  void pass_over_lost();

  const KeyboardSettings settings_;
  std::string described_;  // of the device that is open: " (its name)"
  Descriptor device_;
  std::unique_ptr<libevdev, FreeKeyboard> keyboard_;  // uses device_: freed before it
  KeyDecoder decoder_;
};

}  // namespace sitegate::devices::scanner
