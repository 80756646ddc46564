#include "cloud/store/lmdb/record.hpp"

namespace sitegate::cloud {

void RecordWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  bytes_.push_back(static_cast<std::uint8_t>(value));
}

void RecordWriter::signed_varint(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  varint((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void RecordWriter::text(std::string_view value) {
  varint(value.size());
  raw(as_bytes(value));
}

void RecordWriter::bits(std::uint32_t value, int bits) {
  pending_ = (pending_ << bits) | value;
  pending_bits_ += bits;
  while (pending_bits_ >= 8) {
    pending_bits_ -= 8;
    bytes_.push_back(static_cast<std::uint8_t>(pending_ >> pending_bits_));
  }
}

void RecordWriter::end_bits() {
  if (pending_bits_ > 0) bytes_.push_back(static_cast<std::uint8_t>(pending_ << (8 - pending_bits_)));
  pending_ = 0;
  pending_bits_ = 0;
}

std::uint8_t RecordReader::byte() {
  if (rest_.empty()) {
    ok_ = false;
    return 0;
  }
  const std::uint8_t value = rest_.front();
  rest_ = rest_.subspan(1);
  return value;
}

std::uint64_t RecordReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::uint8_t part = byte();
    value |= std::uint64_t{part & 0x7Fu} << shift;
    if (part < 0x80) return value;
  }
  ok_ = false;
  return 0;
}

std::int64_t RecordReader::signed_varint() {
  const std::uint64_t value = varint();
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

std::string RecordReader::text() {
  const std::uint64_t size = varint();
  return std::string(as_text(raw(size)));
}

ByteView RecordReader::raw(std::size_t size) {
  if (size > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const ByteView value = rest_.first(size);
  rest_ = rest_.subspan(size);
  return value;
}

std::uint32_t RecordReader::bits(int bits) {
  while (pending_bits_ < bits) {
    pending_ = (pending_ << 8) | byte();
    pending_bits_ += 8;
  }
  pending_bits_ -= bits;
  return static_cast<std::uint32_t>(pending_ >> pending_bits_) &
         static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
}

void RecordReader::end_bits() {
  pending_ = 0;
  pending_bits_ = 0;
}

}  // namespace sitegate::cloud
