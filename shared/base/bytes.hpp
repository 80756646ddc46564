// Bytes as they go over wires and into files, and their hexadecimal form.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sitegate {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
/// SHA-256, 32 bytes; all zero = "none", the previous hash of a chain's first batch.
using Digest = std::array<std::uint8_t, 32>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(ByteView view) {
  return Bytes(view.begin(), view.end());
}

/// Lower case, two digits a byte.
std::string to_hex(ByteView bytes);
/// Upper or lower case, even count of digits, nothing else; otherwise nullopt.
std::optional<Bytes> from_hex(std::string_view hex);
/// CRC-32C (Castagnoli, as in RFC 3720 appendix B.4); guards each stored record.
std::uint32_t crc32c(ByteView bytes);
/// Of the two joined, without joining them: binds a record to its key.
std::uint32_t crc32c(ByteView first, ByteView second);

}  // namespace sitegate
