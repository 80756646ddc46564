// What a site's clerk types (PC入力), made into a passage. Pure: the roster, the time and the outbox's last
// sequence are given. The rules are in README.md.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "edge/roster/roster_index.hpp"
#include "shared/model/passage.hpp"

namespace sitegate::edge {

/// As it was typed: nothing of it is believed yet.
struct TypedRequest {
  std::string technician{};  ///< 14-digit ID; or the name, where one person of the roster has it
  std::string direction{};   ///< "entry" or "exit"
  std::string date{};        ///< local, "2023-07-31"
  std::string time{};        ///< local, "08:05" or "08:05:30"
  bool night_shift = false;  ///< an exit that counts to the date before
  std::string gate{};
  std::string reason{};
  std::string by{};        ///< the clerk
  std::string corrects{};  ///< a sequence; empty: none
};

/// Order: the tables of words.
enum class TypedRefusal : std::uint8_t {
  no_roster,
  unknown_technician,  ///< nobody on the roster
  ambiguous_name,      ///< several people on the roster
  bad_direction,
  bad_time,
  in_the_future,
  too_old,
  night_shift_entry,  ///< only an exit counts to the date before
  unknown_gate,
  bad_reason,  ///< empty, too long, or no text
  bad_author,
  unknown_sequence,  ///< to correct: this gateway has recorded no such passage
};
inline constexpr std::size_t typed_refusal_count = 12;
/// "in_the_future", …: for logs.
std::string_view to_text(TypedRefusal refusal);

struct TypedRules {
  std::chrono::days age_max{7};      ///< older passages are not taken
  std::vector<std::string> gates{};  ///< that may be named
};
/// A clock in an office may be that much ahead.
inline constexpr std::chrono::minutes typed_future_max{1};

/// Given in for one decision.
struct TypedSurroundings {
  const RosterIndex& roster;
  const TypedRules& rules;
  UtcTime now{};
  Sequence last_sequence = 0;  ///< of this gateway's epoch: sequences run to it without gaps
};

/// To be kept by the outbox.
struct TypedRecord {
  Passage passage;    ///< its sequence is still 0
  std::string event;  ///< the outbox's key: the same technician, direction, minute and clerk have the same
  std::string name;   ///< the technician's, as on the roster; may be empty
};

std::variant<TypedRecord, TypedRefusal> typed_record(const TypedRequest& request,
                                                     const TypedSurroundings& around);

/// People of the roster whose ID begins with `text`, or whose name holds it, blanks and the case of ASCII
/// letters left aside; in the roster's order, at most `count_max`. Nobody for an empty text.
std::vector<const RosterTechnician*> search_roster(const RosterIndex& roster, std::string_view text,
                                                   std::size_t count_max);

/// What became of it.
struct TypedOutcome {
  std::optional<Sequence> sequence{};  ///< on the disk under this number, now or before
  bool repeat = false;                 ///< it had been typed before: nothing new was recorded
  std::string problem{};               ///< storage_full, storage_failed, not_recorded; empty where recorded
};
/// Called once, on another thread, after the commit or with the problem.
using TypedAnswer = std::function<void(const TypedOutcome&)>;

/// UTF-8 (RFC 3629) of 1 to `size_max` bytes without control characters.
bool is_plain_text(std::string_view text, std::size_t size_max);

}  // namespace sitegate::edge
