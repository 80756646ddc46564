// Where a scanner's bytes come from: a serial line or a keyboard's keys.
#pragma once
#include <string>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate::devices::scanner {

/// Not thread-safe: belongs to the reader's thread.
class ScanSource {
 public:
  virtual ~ScanSource() = default;
  /// Opens the device anew, closing it first where it was open; what it held before is forgotten.
  /// ReaderErrc::device_gone (not there), device_failed (there, and not usable: the detail says what to do).
  [[nodiscard]] virtual Result<void> open() = 0;
  virtual void close() = 0;
  /// To wait on for input; only while open.
  [[nodiscard]] virtual int descriptor() const = 0;

  struct Chunk {
    Bytes bytes;        ///< as a scanner on a serial line sends them; may be empty
    bool lost = false;  ///< something before these bytes is missing
  };
  /// What is there now, without waiting. device_gone when it was unplugged.
  [[nodiscard]] virtual Result<Chunk> read() = 0;
  /// "/dev/ttyACM0 9600 8N1": for people.
  [[nodiscard]] virtual std::string name() const = 0;
};

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }
  void reset(int number = -1);
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// Opens a device without waiting; device_gone if there is none at the path, device_failed otherwise.
Result<int> open_device(const std::string& path, int flags);

}  // namespace sitegate::devices::scanner
