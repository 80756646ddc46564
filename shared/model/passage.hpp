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

/// Whether the person may pass, and if not, why. Everyone is recorded.
enum class Admission : std::uint8_t {
  admitted = 1,
  unknown_credential = 2,  ///< no technician of the site's roster has this credential
  not_on_roster = 3,       ///< the technician's roster entry is not in force on this work date
  credential_expired = 4,  ///< the card's expiry date has passed
  site_closed = 5,  ///< outside the period in which the site accumulates histories (就業履歴蓄積期間)
  second_factor_missing = 6,  ///< the gate asks for two recognitions, one came
  contradiction = 7,          ///< two recognitions at once meant different people
};
inline constexpr std::uint8_t admission_max = 7;

/// A passage that no device saw (PC入力): kept apart from the record until it is approved.
struct TypedEntry {
  std::string by;      ///< who typed it; 1 to 64 bytes
  std::string reason;  ///< why; 1 to 200 bytes
  UtcTime typed_at{};
  Sequence corrects = 0;  ///< of the same gateway and epoch: the passage that this one puts right; 0: none
  bool operator==(const TypedEntry&) const = default;
};
inline constexpr std::size_t typed_reason_size_max = 200;

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
  std::optional<TypedEntry> typed{};
  bool operator==(const Passage&) const = default;
};
inline constexpr std::size_t name_size_max = 64;

/// Where a passage came from and the only identity it ever has.
struct EventId {
  GatewayId gateway;
  Epoch epoch = 0;
  Sequence sequence = 0;
  auto operator<=>(const EventId&) const = default;
};

/// "not_on_roster", …: the words of settings, reports and logs.
std::string_view to_text(Admission admission);
std::string_view to_text(ClockState state);

}  // namespace sitegate
