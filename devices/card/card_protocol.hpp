// What a contactless card says through a PC/SC reader: its ATR and the answer to "give me your UID". Pure:
// bytes in, values out. Sources: PC/SC Workgroup, Interoperability Specification 2.01 part 3: 3.1.3.2.3 (ATR
// of storage cards), 3.2.2.1.3 (GET DATA), supplemental document (card names NNNN); ISO/IEC 7816-3 (ATR),
// 7816-4 (status words); ISO/IEC 14443-3 (UID sizes); JIS X 6319-4 (FeliCa IDm).
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::card {

enum class CardErrc {
  card_gone = 1,    ///< left before it had answered
  bad_answer,       ///< not the answer of a card
  refused,          ///< the card or the reader says no
  bad_uid_size,     ///< a UID of a size that no standard knows
  unreadable_card,  ///< lies there, but does not talk to the reader
  in_use,           ///< another program holds the card
};
const char* errc_category(CardErrc);
std::string_view errc_text(CardErrc);

/// FF CA 00 00 00: GET DATA, the UID (A), PUPI (B) or IDm (FeliCa), whatever its length.
inline constexpr std::array<std::uint8_t, 5> get_uid_command{0xFF, 0xCA, 0x00, 0x00, 0x00};

/// The technology named in a storage card's ATR; unknown for every other ATR (an ISO 14443-4 card's ATR is
/// made from its historical bytes and tells A from B nowhere) and for ISO 15693.
CardTechnology technology_of_atr(ByteView atr);

/// The same with the UID's help: only type A has UIDs of 7 and 10 bytes (ISO/IEC 14443-3, 6.5.4), so an ISO
/// 14443-4 card with such a UID is type A.
CardTechnology technology_of(ByteView atr, ByteView uid);

/// The UID from the answer to get_uid_command: data and two status bytes 90 00. Also refuses what pcscd hands
/// over when a card leaves in the middle: success with 0 bytes.
Result<Bytes> parse_uid_answer(ByteView answer);

/// A UID that the card draws anew at each activation: 4 bytes starting with 08 (ISO/IEC 14443-3, 6.5.4). It
/// names nobody.
bool is_random_uid(CardTechnology technology, ByteView uid);

/// The meaning of a status word other than 9000, for people: "6A81: the reader does not know GET DATA for
/// this card".
std::string status_word_text(std::uint8_t sw1, std::uint8_t sw2);

}  // namespace sitegate::devices::card
