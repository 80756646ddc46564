// The bytes inside a stored record: little-endian base-128 varints, zigzag for signed, texts with their
// length first.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"

namespace sitegate::cloud {

class RecordWriter {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(value); }
  void varint(std::uint64_t value);
  void signed_varint(std::int64_t value);
  void text(std::string_view value);
  void raw(ByteView value) { bytes_.insert(bytes_.end(), value.begin(), value.end()); }
  /// `bits` (1 to 32) of value, most significant first; end_bits() fills up the last byte with zeros.
  void bits(std::uint32_t value, int bits);
  void end_bits();
  [[nodiscard]] ByteView view() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  Bytes bytes_;
  std::uint64_t pending_ = 0;
  int pending_bits_ = 0;
};

/// Reading past the end gives zeros and makes ok() false for good: check once, at the end.
class RecordReader {
 public:
  explicit RecordReader(ByteView bytes) : rest_(bytes) {}
  std::uint8_t byte();
  std::uint64_t varint();
  std::int64_t signed_varint();
  std::string text();
  ByteView raw(std::size_t size);
  std::uint32_t bits(int bits);
  void end_bits();
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// Everything was read and nothing was missing.
  [[nodiscard]] bool complete() const { return ok_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool ok_ = true;
  std::uint64_t pending_ = 0;
  int pending_bits_ = 0;
};

}  // namespace sitegate::cloud
