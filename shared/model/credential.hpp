// What a device read: never yet a person.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "shared/base/bytes.hpp"
#include "shared/base/clock.hpp"
#include "shared/model/recognition.hpp"

namespace sitegate {

/// Values go on the wire and into stores: never renumber. unknown also stands for ISO 14443-4 cards whose ATR
/// does not tell A from B.
enum class CardTechnology : std::uint8_t { unknown = 0, iso14443a = 1, iso14443b = 2, felica = 3 };

/// A contactless card: its UID (ISO 14443: 4, 7 or 10 bytes; B: PUPI, 4) or IDm (FeliCa: 8). Never a
/// technician's ID.
struct CardCredential {
  CardTechnology technology = CardTechnology::unknown;
  Bytes uid;  ///< 1 to 16 bytes
  auto operator<=>(const CardCredential&) const = default;
};
inline constexpr std::size_t card_uid_size_max = 16;

/// A UHF tag: its EPC, of any length (EPC Gen2: 0 to 496 bits in words of 16).
struct UhfTagCredential {
  Bytes epc;  ///< 1 to 62 bytes
  auto operator<=>(const UhfTagCredential&) const = default;
};

/// The number a person calls from, E.164 with its plus: "+819012345678".
struct PhoneCredential {
  std::string number;  ///< "+" and 4 to 15 digits
  auto operator<=>(const PhoneCredential&) const = default;
};

/// A QR or 1-D code as scanned.
struct CodeCredential {
  std::string text;  ///< 1 to 64 printable ASCII characters, no blanks at either end
  auto operator<=>(const CodeCredential&) const = default;
};

/// A user of terminals that match by themselves. The number is the terminals' own: leading zeros are kept or
/// absent as the terminal sends them.
struct TerminalUserCredential {
  std::string realm;  ///< the group of terminals that share one list of users; 1 to 32 of A-Z a-z 0-9 . _ -
  std::string pin;    ///< 1 to 32 printable ASCII characters without blanks
  auto operator<=>(const TerminalUserCredential&) const = default;
};

/// A phone's registered token; kept and sent as its SHA-256 only.
struct TokenCredential {
  Digest hash{};
  auto operator<=>(const TokenCredential&) const = default;
};

/// A printed marker.
struct MarkerCredential {
  std::string family;  ///< "apriltag-36h11", "aruco-6x6-1000"; 1 to 32 of A-Z a-z 0-9 . _ -
  std::uint32_t id = 0;
  auto operator<=>(const MarkerCredential&) const = default;
};

/// The technician named directly: typed by the site's clerk, printed on a card's face, found by the gateway's
/// own matching.
struct TechnicianCredential {
  TechnicianId technician;
  auto operator<=>(const TechnicianCredential&) const = default;
};

/// A new kind of credential is one more alternative; the compiler then asks for its form and identification.
using Credential =
    std::variant<CardCredential, UhfTagCredential, PhoneCredential, CodeCredential, TerminalUserCredential,
                 TokenCredential, MarkerCredential, TechnicianCredential>;

/// Values go on the wire and into stores: append only, never renumber.
enum class CredentialKind : std::uint8_t {
  card = 1,
  uhf_tag = 2,
  phone = 3,
  code = 4,
  terminal_user = 5,
  token = 6,
  marker = 7,
  technician = 8
};
inline constexpr std::uint8_t credential_kind_max = 8;

/// Every kind in one shape: how credentials travel, are stored and are looked up.
struct CredentialForm {
  CredentialKind kind = CredentialKind::card;
  CardTechnology technology = CardTechnology::unknown;  ///< cards only, else unknown
  std::string realm;                                    ///< terminal users and markers only, else empty
  Bytes value;  ///< UID, EPC, hash; numbers and texts as ASCII; at most credential_value_size_max
  auto operator<=>(const CredentialForm&) const = default;
};
inline constexpr std::size_t credential_realm_size_max = 32;
inline constexpr std::size_t credential_value_size_max = 64;

CredentialForm form_of(const Credential& credential);
/// nullopt if the form breaks a limit of its kind.
std::optional<Credential> credential_of(const CredentialForm& form);
/// The same credential, as far as the devices can tell: card technologies agree or one of them is unknown.
bool same_credential(const Credential& a, const Credential& b);

/// "card", "uhf_tag", …: the words of tables and logs.
std::string_view to_text(CardTechnology technology);
std::optional<CardTechnology> parse_card_technology(std::string_view text);
std::string_view to_text(CredentialKind kind);
std::optional<CredentialKind> parse_credential_kind(std::string_view text);
/// The value as people write it: hexadecimal for cards, tags and tokens, plain for the others.
std::string value_text(const CredentialForm& form);
/// The other way; colons, dashes and blanks between hexadecimal digits are passed over. nullopt if it is no
/// such value.
std::optional<Bytes> parse_credential_value(CredentialKind kind, std::string_view text);

/// "card felica …4E10": for people and logs; only the last two bytes or characters are shown.
std::string masked_text(const Credential& credential);

/// What became of a read, for the device that made it.
struct ReadOutcome {
  bool recorded = false;     ///< on the disk, now or before: the device may forget the event
  bool accepted = false;     ///< recorded and admitted
  bool gate_opened = false;  ///< whether the person may go through
  bool repeat = false;       ///< a moment ago, or this very event before
  Direction direction = Direction::entry;
  std::string person;  ///< the technician's name or ID, else the masked credential
  /// One word: admitted, unknown_credential, ambiguous_credential, no_roster, not_on_roster,
  /// credential_expired, site_closed, second_factor_missing, contradiction, storage_full, storage_failed,
  /// not_recorded.
  std::string reason;
};
/// Called once, on another thread, after the commit or with the refusal; returns quickly.
using ReadAnswer = std::function<void(const ReadOutcome&)>;

/// An event that the device keeps itself and reports, perhaps late, perhaps more than once.
struct DeviceEvent {
  std::string key;    ///< 1 to 96 bytes, unique for ever: "zkteco/SN/4711"; recorded once for each key
  bool late = false;  ///< event_time is the device's own (corrected) time, not this moment's
};
inline constexpr std::size_t device_event_key_size_max = 96;

/// One reading by one device.
struct CredentialRead {
  std::string reader_id;       ///< as named in the settings; 1 to 64 characters
  UtcTime event_time{};        ///< when it was read
  MonotonicTime monotonic{0};  ///< the same instant on the clock that never steps; of a late event: now
  Credential credential;
  Method method = Method::card;
  std::optional<float> confidence{};          ///< 0 to 1
  std::optional<float> body_temperature_c{};  ///< degrees Celsius
  std::optional<Direction> direction{};       ///< where the device knows it; else the reader's rule decides
  std::string gate{};                         ///< where one device serves several gates; empty: the reader's
  std::optional<ClockState> clock_state{};    ///< of a late event's time; empty: not known
  std::optional<DeviceEvent> device_event{};
  ReadAnswer answer{};  ///< may be empty
};

}  // namespace sitegate
