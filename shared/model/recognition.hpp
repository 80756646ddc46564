// How a device recognised a person: the words that reads and passages share.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "shared/base/ids.hpp"

namespace sitegate {

// The values of these enums go on the wire and into stores: append only, never renumber.

enum class Direction : std::uint8_t { entry = 1, exit = 2 };

/// By what the person was recognised (入退場管理デバイス).
enum class Method : std::uint8_t {
  card = 1,
  qr = 2,
  marker = 3,
  uhf = 4,
  face = 5,
  finger_vein = 6,
  phone = 7,
  nfc_tag = 8,
  typed = 9
};
inline constexpr std::uint8_t method_max = 9;

/// One recognition that supports a passage.
struct Evidence {
  Method method = Method::card;
  std::optional<float> confidence;          ///< 0 to 1, where the method has one
  std::optional<float> body_temperature_c;  ///< degrees Celsius, where measured
  /// Whom this recognition means, where it is another than the passage's person: a contradiction.
  std::optional<TechnicianId> contradicts{};
  auto operator<=>(const Evidence&) const = default;
};
inline constexpr std::size_t evidence_count_max = 4;

/// "card", "entry", …: the words of settings, reports and logs.
std::string_view to_text(Method method);
std::optional<Method> parse_method(std::string_view text);
std::string_view to_text(Direction direction);
std::optional<Direction> parse_direction(std::string_view text);

}  // namespace sitegate
