// Every word that a person at the gate reads, in each language.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "edge/kiosk/outcome.hpp"

namespace sitegate::edge {

/// Values index the tables in messages.cpp.
enum class Language : std::uint8_t { japanese, english };
/// "ja" or "en".
std::optional<Language> parse_language(std::string_view text);

/// UTF-8, for people: what happened, and what to do where there is something to do.
struct Messages {
  std::string_view entry;   ///< "entry"
  std::string_view exit;    ///< "exit"
  std::string_view repeat;  ///< "already recorded a moment ago"
  std::string_view gate;    ///< "gate", before its name
  std::string_view gate_open;
  std::string_view gate_shut;
  std::array<std::string_view, outcome_reason_count> reasons;  ///< by OutcomeReason
  std::array<std::string_view, advice_kinds> advice;           ///< by AdviceKind
};
const Messages& messages(Language language);

}  // namespace sitegate::edge
