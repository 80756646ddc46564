// What a device read: never yet a person.
#pragma once
#include <cstdint>
#include <string>
#include <variant>

#include "shared/base/bytes.hpp"
#include "shared/base/clock.hpp"

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

/// A new kind of credential is one more alternative; the compiler then asks for its identification.
using Credential = std::variant<CardCredential>;

/// "card felica …4E10": for people and logs; only the last two bytes are shown.
std::string masked_text(const Credential& credential);

/// One reading by one device.
struct CredentialRead {
  std::string reader_id;       ///< as named in the settings; 1 to 64 characters
  UtcTime event_time{};        ///< when it was read
  MonotonicTime monotonic{0};  ///< the same instant on the clock that never steps
  Credential credential;
};

}  // namespace sitegate
