#include "shared/base/ids.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitegate {

std::uint64_t parse_ccus_digits(std::string_view text) {
  if (text.size() != 14) return 0;
  std::uint64_t number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return 0;
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return number;
}

std::string format_ccus_digits(std::uint64_t value) {
  return fmt::format("{:014}", value);
}

std::optional<GatewayId> GatewayId::parse(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  };
  if (text.empty() || text.size() > 48 || !std::all_of(text.begin(), text.end(), allowed))
    return std::nullopt;
  GatewayId id;
  id.text_ = text;
  return id;
}

}  // namespace sitegate
