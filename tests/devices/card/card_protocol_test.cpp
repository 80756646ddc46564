// PC/SC Workgroup, Interoperability Specification 2.01 part 3: ATR of storage cards (3.1.3.2.3) and GET DATA
// (3.2.2.1.3); ISO/IEC 7816-4: status words (table 5 and 6); ISO/IEC 14443-3, 6.5.4: UID sizes; JIS X 6319-4:
// IDm.
#include "devices/card/card_protocol.hpp"

#include <boost/test/unit_test.hpp>

namespace sitegate::devices::card {
namespace {

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}
CardTechnology atr_says(std::string_view text) {
  return technology_of_atr(hex(text));
}
Error refusal_of(std::string_view answer) {
  return parse_uid_answer(hex(answer)).error();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(card_protocol)

// PC/SC part 3, 3.1.3.2.3. The ATRs are those that real readers gave for real cards, as listed by pcsc-tools.
BOOST_AUTO_TEST_CASE(storage_card_atr_names_its_standard) {
  BOOST_TEST(
      (atr_says("3B8F8001804F0CA000000306030001000000006A") == CardTechnology::iso14443a));  // MIFARE 1K
  BOOST_TEST(
      (atr_says("3B8F8001804F0CA0000003060300020000000069") == CardTechnology::iso14443a));  // MIFARE 4K
  BOOST_TEST(
      (atr_says("3B8F8001804F0CA0000003060300030000000068") == CardTechnology::iso14443a));  // Ultralight
  BOOST_TEST(
      (atr_says("3B8F8001804F0CA00000030611003B0000000042") == CardTechnology::felica));  // FeliCa 212K
}

// PC/SC part 3, 3.1.3.2.3: SS 05 to 07 = ISO 14443 B parts 1 to 3.
BOOST_AUTO_TEST_CASE(type_b_storage_card) {
  BOOST_TEST((atr_says("3B8F8001804F0CA000000306070007000000"
                       "00"
                       "68") == CardTechnology::iso14443b));
  BOOST_TEST((atr_says("3B8F8001804F0CA000000306050007000000"
                       "00"
                       "6A") == CardTechnology::iso14443b));
}

// PC/SC part 3, 3.1.3.2.3: SS 0B = ISO 15693 part 3; 00 = no information.
BOOST_AUTO_TEST_CASE(other_standards_are_unknown) {
  BOOST_TEST((atr_says("3B8F8001804F0CA0000003060B00140000000077") == CardTechnology::unknown));
  BOOST_TEST((atr_says("3B8F8001804F0CA0000003060000000000000068") == CardTechnology::unknown));
}

// ISO/IEC 7816-3, 8.2.5: TCK makes the exclusive or of T0 to TCK zero.
BOOST_AUTO_TEST_CASE(wrong_check_byte_is_no_storage_card) {
  BOOST_TEST((atr_says("3B8F8001804F0CA000000306030001000000006B") == CardTechnology::unknown));
}

BOOST_AUTO_TEST_CASE(damaged_atrs_are_unknown) {
  const auto whole = hex("3B8F8001804F0CA000000306030001000000006A");
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST((technology_of_atr(ByteView(whole).first(size)) == CardTechnology::unknown));
  BOOST_TEST(
      (atr_says("3B8F8001804F0CA000000307030001000000006B") == CardTechnology::unknown));  // another RID
}

// PC/SC part 3, 3.1.3.2.3: the ATR of an ISO 14443-4 card holds its historical bytes, and nothing tells A
// from B.
BOOST_AUTO_TEST_CASE(iso14443_4_card) {
  const auto atr = hex("3B8180018080");
  BOOST_TEST((technology_of_atr(atr) == CardTechnology::unknown));
  BOOST_TEST((technology_of(atr, hex("01020304")) == CardTechnology::unknown));
  // ISO/IEC 14443-3, 6.5.4: double and triple size UIDs exist in type A only.
  BOOST_TEST((technology_of(atr, hex("04958CAA5C5E80")) == CardTechnology::iso14443a));
  BOOST_TEST((technology_of(atr, hex("01020304050607080910")) == CardTechnology::iso14443a));
  BOOST_TEST((technology_of(atr, hex("0102030405060708")) == CardTechnology::unknown));
}

// PC/SC part 3, 3.2.2.1.3.
BOOST_AUTO_TEST_CASE(the_question_is_get_data) {
  BOOST_TEST(to_hex(get_uid_command) == "ffca000000");
}

// ISO/IEC 14443-3, 6.5.4: 4, 7, 10 bytes; JIS X 6319-4: IDm, 8 bytes.
BOOST_AUTO_TEST_CASE(every_size_of_uid) {
  for (const char* uid : {"01020304", "04958caa5c5e80", "012e3d4c5b6a7988", "01020304050607080910"}) {
    const auto parsed = parse_uid_answer(hex(std::string(uid) + "9000"));
    BOOST_REQUIRE(parsed);
    BOOST_TEST(to_hex(parsed.value()) == uid);
  }
}

BOOST_AUTO_TEST_CASE(other_sizes_are_refused) {
  for (std::size_t size : {0, 1, 3, 5, 6, 9, 11, 16, 256}) {
    Bytes answer(size, 0x11);
    answer.insert(answer.end(), {0x90, 0x00});
    BOOST_TEST(is(parse_uid_answer(answer).error(), CardErrc::bad_uid_size), "size " << size);
  }
}

// What pcscd hands over when a card leaves during the APDU: success, and no bytes.
BOOST_AUTO_TEST_CASE(no_answer_is_a_card_gone) {
  BOOST_TEST(is(refusal_of(""), CardErrc::card_gone));
}

// ISO/IEC 7816-4, 5.1.3: a response ends in SW1 SW2, 6xxx or 9xxx.
BOOST_AUTO_TEST_CASE(answers_without_a_status_word) {
  BOOST_TEST(is(refusal_of("90"), CardErrc::bad_answer));
  BOOST_TEST(is(refusal_of("DEADBEEF"), CardErrc::bad_answer));
  BOOST_TEST(is(refusal_of("0102030400"), CardErrc::bad_answer));
}

// ISO/IEC 7816-4, 5.1.3; PC/SC part 3, 3.2.2.1.3 lists 6282, 6A81, 6Cxx for GET DATA.
BOOST_AUTO_TEST_CASE(errors_say_why) {
  const std::pair<const char*, const char*> expected[] = {
      {"6A81", "does not know GET DATA"}, {"6300", "did not answer"}, {"6982", "authentication"},
      {"6D00", "not a contactless"},      {"6C07", "wrong length"},   {"6282", "ended before"},
      {"6123", "does not name"},          {"9100", "does not name"},
  };
  for (const auto& [answer, word] : expected) {
    const auto error = refusal_of(answer);
    BOOST_TEST(is(error, CardErrc::refused));
    BOOST_TEST(error.detail.find(std::string(answer) + ": ") == 0u, error.detail);
    BOOST_TEST(error.detail.find(word) != std::string::npos, error.detail);
  }
}

// An error with data in front of it is still an error.
BOOST_AUTO_TEST_CASE(data_before_an_error_is_not_a_uid) {
  BOOST_TEST(is(refusal_of("010203046300"), CardErrc::refused));
}

// ISO/IEC 14443-3, 6.5.4: a single size UID that starts with 08 is drawn at random.
BOOST_AUTO_TEST_CASE(random_uid) {
  BOOST_TEST(is_random_uid(CardTechnology::iso14443a, hex("08A1B2C3")));
  BOOST_TEST(is_random_uid(CardTechnology::unknown, hex("08A1B2C3")));
  BOOST_TEST(!is_random_uid(CardTechnology::iso14443a, hex("0403B2C3")));
  BOOST_TEST(!is_random_uid(CardTechnology::iso14443a, hex("08A1B2C3D4E5F6")));
  BOOST_TEST(!is_random_uid(CardTechnology::iso14443b, hex("08A1B2C3")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::card
