#include "devices/card/card_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitegate::devices::card {

const char* errc_category(CardErrc) {
  return "card";
}

std::string_view errc_text(CardErrc what) {
  switch (what) {
    case CardErrc::card_gone:
      return "the card left before it was read; hold it until the gate answers";
    case CardErrc::bad_answer:
      return "the answer is not that of a card";
    case CardErrc::refused:
      return "the card or the reader refuses to give the UID";
    case CardErrc::bad_uid_size:
      return "the UID has neither 4, 7, 8 nor 10 bytes";
    case CardErrc::unreadable_card:
      return "a card lies there but does not talk; turn it, hold one card only";
    case CardErrc::in_use:
      return "another program holds the card; end it";
  }
  return "unknown";
}

namespace {

// Storage card: 3B 8N 80 01 | 80 4F 0C | A0 00 00 03 06 | SS | NN NN | 00 00 00 00 | TCK
constexpr std::size_t storage_atr_size = 20;
constexpr std::size_t standard_at = 12;
constexpr std::array<std::uint8_t, 12> storage_atr_head{0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F,
                                                        0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06};

// The check byte: the exclusive or of T0 to TCK is 0 (ISO/IEC 7816-3, 8.2.5).
bool check_byte_fits(ByteView atr) {
  std::uint8_t sum = 0;
  for (const auto byte : atr.subspan(1)) sum ^= byte;
  return sum == 0;
}

// Byte SS (PC/SC part 3, 3.1.3.2.3): 01 to 03 ISO 14443 A parts 1 to 3, 05 to 07 ISO 14443 B parts 1 to 3, 11
// FeliCa.
CardTechnology technology_of_standard(std::uint8_t standard) {
  if (standard >= 0x01 && standard <= 0x03) return CardTechnology::iso14443a;
  if (standard >= 0x05 && standard <= 0x07) return CardTechnology::iso14443b;
  if (standard == 0x11) return CardTechnology::felica;
  return CardTechnology::unknown;
}

}  // namespace

CardTechnology technology_of_atr(ByteView atr) {
  const bool storage_card = atr.size() == storage_atr_size && check_byte_fits(atr) &&
                            std::equal(storage_atr_head.begin(), storage_atr_head.end(), atr.begin());
  return storage_card ? technology_of_standard(atr[standard_at]) : CardTechnology::unknown;
}

CardTechnology technology_of(ByteView atr, ByteView uid) {
  const auto technology = technology_of_atr(atr);
  if (technology == CardTechnology::unknown && (uid.size() == 7 || uid.size() == 10))
    return CardTechnology::iso14443a;
  return technology;
}

std::string status_word_text(std::uint8_t sw1, std::uint8_t sw2) {
  const char* meaning = "an error that ISO 7816-4 does not name";
  switch (sw1 << 8 | sw2) {
    case 0x6281:
      meaning = "part of the data may be damaged";
      break;
    case 0x6282:
      meaning = "the UID ended before the length asked for";
      break;
    case 0x6300:
      meaning = "the card did not answer the reader";
      break;
    case 0x6400:
      meaning = "the card did not execute the command";
      break;
    case 0x6581:
      meaning = "the card's memory failed";
      break;
    case 0x6700:
      meaning = "wrong length";
      break;
    case 0x6800:
      meaning = "class byte not supported";
      break;
    case 0x6982:
      meaning = "the card wants authentication first";
      break;
    case 0x6985:
      meaning = "conditions of use not satisfied";
      break;
    case 0x6A81:
      meaning = "the reader does not know GET DATA for this card";
      break;
    case 0x6A82:
      meaning = "file not found";
      break;
    case 0x6B00:
      meaning = "wrong parameter P1 or P2";
      break;
    case 0x6D00:
      meaning = "instruction not supported; not a contactless reader?";
      break;
    case 0x6E00:
      meaning = "class not supported; not a contactless reader?";
      break;
    case 0x6F00:
      meaning = "no precise diagnosis";
      break;
    default:
      if (sw1 == 0x6C) meaning = "wrong length asked for; the second byte tells the right one";
  }
  return fmt::format("{:02X}{:02X}: {}", sw1, sw2, meaning);
}

Result<Bytes> parse_uid_answer(ByteView answer) {
  if (answer.empty()) return fail(CardErrc::card_gone, "answer of 0 bytes");
  if (answer.size() < 2) return fail(CardErrc::bad_answer, "one byte, where the status word alone has two");
  const auto sw1 = answer[answer.size() - 2];
  const auto sw2 = answer[answer.size() - 1];
  if ((sw1 & 0xF0) != 0x60 && (sw1 & 0xF0) != 0x90)
    return fail(CardErrc::bad_answer,
                fmt::format("{:02X}{:02X} is no status word (ISO 7816-4: 6xxx or 9xxx)", sw1, sw2));
  if (sw1 != 0x90 || sw2 != 0x00) return fail(CardErrc::refused, status_word_text(sw1, sw2));
  const auto uid = answer.first(answer.size() - 2);
  constexpr std::array<std::size_t, 4> known_sizes{4, 7, 8, 10};
  if (std::find(known_sizes.begin(), known_sizes.end(), uid.size()) == known_sizes.end())
    return fail(CardErrc::bad_uid_size, fmt::format("{} bytes", uid.size()));
  return to_bytes(uid);
}

bool is_random_uid(CardTechnology technology, ByteView uid) {
  return technology != CardTechnology::iso14443b && uid.size() == 4 && uid[0] == 0x08;
}

}  // namespace sitegate::devices::card
