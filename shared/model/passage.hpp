// A passage: one person going in or out once. The unit that gateways keep, sign and send.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/ids.hpp"
#include "shared/model/credential.hpp"

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

/// Whether the person may pass, and if not, why. Everyone is recorded.
enum class Admission : std::uint8_t {
  admitted = 1,
  unknown_credential = 2,  ///< no technician of the site's roster has this credential
  not_on_roster = 3,       ///< the technician's roster entry is not in force on this work date
  credential_expired = 4,  ///< the card's expiry date has passed
  site_closed = 5,  ///< outside the period in which the site accumulates histories (就業履歴蓄積期間)
};
inline constexpr std::uint8_t admission_max = 5;

/// One recognition that supports a passage.
struct Evidence {
  Method method = Method::card;
  std::optional<float> confidence;          ///< 0 to 1, where the method has one
  std::optional<float> body_temperature_c;  ///< degrees Celsius, where measured
  auto operator<=>(const Evidence&) const = default;
};

struct Passage {
  Sequence sequence = 0;  ///< given by the outbox; 0 before
  /// The technician where identified, otherwise the credential as read.
  std::variant<TechnicianId, Credential> person;
  Admission admission = Admission::admitted;
  bool gate_opened = true;  ///< whether the person was let through (site setting for those not admitted)
  std::string gate;         ///< 1 to 64 characters
  std::string reader;       ///< 1 to 64 characters
  Direction direction = Direction::entry;
  std::vector<Evidence> evidence;  ///< 1 to 4, the first names the method
  WorkDate work_date{};            ///< the date it counts to, by the site's day boundary
  UtcTime event_time{};
  MonotonicTime monotonic{0};
  BootId boot_id{};
  ClockState clock_state = ClockState::unknown;
  bool operator==(const Passage&) const = default;
};
inline constexpr std::size_t evidence_count_max = 4;
inline constexpr std::size_t name_size_max = 64;

/// Where a passage came from and the only identity it ever has.
struct EventId {
  GatewayId gateway;
  Epoch epoch = 0;
  Sequence sequence = 0;
  auto operator<=>(const EventId&) const = default;
};

/// "card", "not_on_roster", …: the words of settings, reports and logs.
std::string_view to_text(Method method);
std::optional<Method> parse_method(std::string_view text);
std::string_view to_text(Direction direction);
std::string_view to_text(Admission admission);
std::string_view to_text(ClockState state);
std::string_view to_text(CardTechnology technology);
std::optional<CardTechnology> parse_card_technology(std::string_view text);

}  // namespace sitegate
