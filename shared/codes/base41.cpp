#include "shared/codes/base41.hpp"

#include <algorithm>

namespace sitegate::codes {
namespace {

constexpr unsigned base = 41;
static_assert(base41_letters.size() == base && base * base * base > 0xFFFF && base * base > 0xFF);

/// Least significant first.
void put(std::string& text, unsigned value, int letters) {
  for (int i = 0; i < letters; ++i, value /= base) text += base41_letters[value % base];
}

std::optional<unsigned> value_of(std::string_view group) {
  unsigned value = 0;
  for (auto letter = group.rbegin(); letter != group.rend(); ++letter) {
    const auto digit = base41_letters.find(*letter);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * base + static_cast<unsigned>(digit);
  }
  return value;
}

}  // namespace

std::string to_base41(ByteView bytes) {
  std::string text;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    put(text, static_cast<unsigned>(bytes[i]) << 8 | bytes[i + 1], 3);
  if (bytes.size() % 2 == 1) put(text, bytes.back(), 2);
  return text;
}

std::optional<Bytes> from_base41(std::string_view text) {
  if (text.size() % 3 == 1) return std::nullopt;
  Bytes bytes;
  for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(3, text.size()))) {
    const auto group = text.substr(0, 3);
    const auto value = value_of(group);
    if (!value || *value > (group.size() == 3 ? 0xFFFFU : 0xFFU)) return std::nullopt;
    if (group.size() == 3) bytes.push_back(static_cast<std::uint8_t>(*value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(*value & 0xFF));
  }
  return bytes;
}

}  // namespace sitegate::codes
