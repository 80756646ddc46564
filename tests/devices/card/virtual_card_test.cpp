// The virtual card says what PC/SC part 3 (3.1.3.2.3, 3.2.2.1.3) asks of a card.
#include "devices/card/virtual_card.hpp"

#include <boost/test/unit_test.hpp>

#include "devices/card/card_protocol.hpp"

namespace sitegate::devices::card {

BOOST_AUTO_TEST_SUITE(virtual_card)

// The golden ATRs are listed by pcsc-tools for MIFARE 1K and FeliCa.
BOOST_AUTO_TEST_CASE(atrs) {
  const Bytes uid{1, 2, 3, 4};
  BOOST_TEST(to_hex(VirtualCard(CardTechnology::iso14443a, uid).atr()) ==
             "3b8f8001804f0ca000000306030001000000006a");
  BOOST_TEST(to_hex(VirtualCard(CardTechnology::felica, uid).atr()) ==
             "3b8f8001804f0ca00000030611003b0000000042");
  BOOST_TEST(to_hex(VirtualCard(CardTechnology::unknown, uid).atr()) == "3b8180018080");
  for (const auto technology : {CardTechnology::iso14443a, CardTechnology::iso14443b, CardTechnology::felica})
    BOOST_TEST((technology_of_atr(VirtualCard(technology, uid).atr()) == technology));
}

BOOST_AUTO_TEST_CASE(answers) {
  const Bytes uid{0x01, 0x2E, 0x3D, 0x4C, 0x5B, 0x6A, 0x79, 0x88};
  const VirtualCard card(CardTechnology::felica, uid);
  BOOST_TEST(to_hex(card.answer(get_uid_command)) == "012e3d4c5b6a79889000");
  BOOST_TEST(to_hex(card.answer(Bytes{0x00, 0xA4, 0x04, 0x00})) == "6d00");
  BOOST_TEST(to_hex(card.answer(Bytes{})) == "6d00");
}

BOOST_AUTO_TEST_CASE(faults_break_only_the_uid) {
  const Bytes uid{1, 2, 3, 4};
  for (const auto fault : {CardFault::short_answer, CardFault::garbage, CardFault::not_supported}) {
    const VirtualCard card(CardTechnology::iso14443a, uid, fault);
    BOOST_TEST(parse_uid_answer(card.answer(get_uid_command)).has_error());
  }
}

BOOST_AUTO_TEST_CASE(no_reader_there) {
  const auto inserted = InsertedCard::insert(VirtualCard(CardTechnology::felica, {1}), "127.0.0.1", 1);
  BOOST_REQUIRE(!inserted);
  BOOST_TEST(is(inserted.error(), VirtualErrc::cannot_insert));
  BOOST_TEST(inserted.error().detail.find("127.0.0.1:1") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::card
