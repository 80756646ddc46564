// Everything the page says, in the languages spoken at the gate.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sitegate::devices::tag {

enum class Language : std::uint8_t { japanese, english, vietnamese };
inline constexpr std::array languages{Language::japanese, Language::english, Language::vietnamese};

/// "ja", "en", "vi"
std::string_view code_of(Language language);
std::optional<Language> parse_language(std::string_view code);
/// The best of an Accept-Language header (RFC 9110, 12.5.4): highest weight, then the first; nullopt if none
/// of ours is in it.
std::optional<Language> preferred_language(std::string_view accept_language);

/// What a phone is told. Order: the tables of words.
enum class Message : std::uint8_t {
  // recorded
  entry,
  exit,
  repeat,
  // the gateway's decision
  unknown_credential,
  ambiguous_credential,
  no_roster,
  not_on_roster,
  credential_expired,
  site_closed,
  second_factor_missing,
  contradiction,
  storage_full,
  storage_failed,
  not_recorded,
  // the tag's or the phone's matter
  damaged_link,
  foreign_tag,
  forged,
  replayed,
  no_token,
  position_missing,
  position_far,
  clock_wrong,
  busy,
  // a step more
  locate,
  confirm,
  hint,
  // enrolment
  enrol,
  enrolled,
  enrolled_before,
  link_used,
  link_ended,
  link_wrong,
  no_enrolment,
  not_found,
};
inline constexpr std::size_t message_count = static_cast<std::size_t>(Message::not_found) + 1;

/// The message of a ReadOutcome's reason; not_recorded for a word that is not known.
Message message_of(std::string_view reason);

struct Phrase {
  std::string_view title;   ///< what happened: large
  std::string_view advice;  ///< what to do; may be empty
};
struct Words {
  std::string_view name;  ///< the language's own
  std::array<Phrase, message_count> phrases;
  std::string_view time, place, record;   ///< labels
  std::string_view recorded, unrecorded;  ///< of `record`
  std::string_view entry, exit;           ///< directions
  std::string_view retry, proceed, join;  ///< buttons
  std::string_view no_script;             ///< where a position is needed and JavaScript is off
};
const Words& words(Language language);
inline const Phrase& phrase(Language language, Message message) {
  return words(language).phrases[static_cast<std::size_t>(message)];
}

// One file a language.
extern const Words words_ja;
extern const Words words_en;
extern const Words words_vi;

}  // namespace sitegate::devices::tag
