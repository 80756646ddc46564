// LLRP messages written by hand, for tests: the length is counted, nothing else is made right.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"

namespace sitegate::devices::uhf {

inline Bytes hex(std::string_view text) {
  return from_hex(text).value();
}

/// A message of version 1.0.1 with identifier 1: its body in hexadecimal.
inline Bytes frame(unsigned type, std::string_view body) {
  return hex(fmt::format("{:04x}{:08x}00000001{}", 0x0400u | type, 10 + body.size() / 2, body));
}

/// A TLV parameter in hexadecimal, for frame() and for itself.
inline std::string tlv(unsigned type, std::string_view body) {
  return fmt::format("{:04x}{:04x}{}", type, 4 + body.size() / 2, body);
}

inline Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace sitegate::devices::uhf
