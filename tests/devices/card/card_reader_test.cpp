// Taps through a real pcscd: virtual cards on virtual readers, read by the gateway's own reader.
// PC/SC Workgroup parts 3 and 5; the cards' side is the vpcd wire.
#include "devices/card/card_reader.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/devices/card/pcscd_fixture.hpp"

namespace sitegate::devices::card {
namespace {

CardCredential card_of(const CredentialRead& read) {
  return std::get<CardCredential>(read.credential);
}

// FeliCa cards 1 to n: IDm of 8 bytes.
Bytes idm(int number) {
  return {0x01, 0x2E, 0x3D, 0x4C, 0x5B, 0x6A, 0x00, static_cast<std::uint8_t>(number)};
}
VirtualCard felica(int number) {
  return VirtualCard(CardTechnology::felica, idm(number));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(card_reader, *boost::unit_test::precondition(pcscd_can_run))

BOOST_AUTO_TEST_CASE(twenty_cards_on_two_readers_give_one_read_a_tap) {
  auto& readers = fresh_readers(2);
  Gate north("card+pcsc:///00%2000?id=north&direction=entry");
  Gate south("card+pcsc:///00%2001?id=south&direction=exit");
  BOOST_REQUIRE(north.watches(1) && south.watches(1));
  std::set<Bytes> expected_north;
  std::set<Bytes> expected_south;
  for (int round = 1; round <= 10; ++round) {
    const auto a = put_on(readers.readers()[0], felica(round));
    const auto b = put_on(readers.readers()[1], felica(100 + round));
    BOOST_REQUIRE(north.has_reads(static_cast<std::size_t>(round)));
    BOOST_REQUIRE(south.has_reads(static_cast<std::size_t>(round)));
    expected_north.insert(idm(round));
    expected_south.insert(idm(100 + round));
    // The read can be here before the card has noted that it answered.
    BOOST_TEST(a->was_asked(std::chrono::seconds(5)));
    BOOST_TEST(b->was_asked(std::chrono::seconds(5)));
    BOOST_TEST(a->times_asked() == 1u);
    BOOST_TEST(b->times_asked() == 1u);
  }
  std::set<Bytes> read_north;
  for (const auto& read : north.reads()) {
    BOOST_TEST(read.reader_id == "north");
    read_north.insert(card_of(read).uid);
  }
  std::set<Bytes> read_south;
  for (const auto& read : south.reads()) read_south.insert(card_of(read).uid);
  BOOST_TEST((read_north == expected_north));
  BOOST_TEST((read_south == expected_south));
  BOOST_TEST(north.health().failed_reads == 0u);
}

BOOST_AUTO_TEST_CASE(every_technology) {
  auto& readers = fresh_readers(2);
  Gate gate("card+pcsc:///?id=any");
  BOOST_REQUIRE(gate.watches(2));
  const CardCredential cards[] = {
      {CardTechnology::iso14443a, {0x04, 0x95, 0x8C, 0xAA, 0x5C, 0x5E, 0x80}},
      {CardTechnology::iso14443a, {0xDE, 0xAD, 0xBE, 0xEF}},
      {CardTechnology::iso14443b, {0x50, 0x12, 0x34, 0x56}},
      {CardTechnology::felica, idm(1)},
      {CardTechnology::unknown, {0x11, 0x22, 0x33, 0x44}},
  };
  std::size_t taps = 0;
  for (const auto& card : cards) {
    const auto there = put_on(readers.readers()[taps % 2], VirtualCard(card.technology, card.uid));
    BOOST_REQUIRE(gate.has_reads(++taps));
    const auto read = gate.reads().back();
    BOOST_TEST((card_of(read) == card), masked_text(read.credential));
    BOOST_TEST(read.reader_id == "any");
    BOOST_TEST((read.event_time.time_since_epoch().count() > 0 && read.monotonic.count() > 0));
  }
}

BOOST_AUTO_TEST_CASE(a_card_that_stays_is_read_once) {
  auto& readers = fresh_readers(2);
  Gate gate("card+pcsc:///?id=gate");
  BOOST_REQUIRE(gate.watches(2));
  const auto stays = put_on(readers.readers()[0], felica(1));
  BOOST_REQUIRE(gate.has_reads(1));
  for (int tap = 2; tap <= 4; ++tap) {  // three rounds of pcscd's look-around go by
    const auto other = put_on(readers.readers()[1], felica(tap));
    BOOST_REQUIRE(gate.has_reads(static_cast<std::size_t>(tap)));
  }
  BOOST_TEST(stays->times_asked() == 1u);
}

BOOST_AUTO_TEST_CASE(the_same_card_twice_is_two_taps) {
  auto& readers = fresh_readers(2);
  Gate gate("card+pcsc:///00%2000?id=gate");
  BOOST_REQUIRE(gate.watches(1));
  for (std::size_t tap = 1; tap <= 3; ++tap) {
    const auto card = put_on(readers.readers()[0], felica(1));
    BOOST_REQUIRE(gate.has_reads(tap));
  }
}

BOOST_AUTO_TEST_CASE(a_card_that_lies_there_at_the_start_is_no_tap) {
  auto& readers = fresh_readers(2);
  const auto waiting_for_it = [&] {
    Gate first("card+pcsc:///00%2000?id=first");
    BOOST_REQUIRE(first.watches(1));
    auto card = put_on(readers.readers()[0], felica(1));
    BOOST_REQUIRE(first.has_reads(1));
    return card;
  };
  auto card = waiting_for_it();
  Gate second("card+pcsc:///?id=second");
  BOOST_REQUIRE(second.watches(2));
  const auto other = put_on(readers.readers()[1], felica(2));
  BOOST_REQUIRE(second.has_reads(1));
  BOOST_TEST((card_of(second.reads().front()).uid == idm(2)));
  BOOST_TEST(card->times_asked() == 1u);
  card.reset();
  card = put_on(readers.readers()[0], felica(1));
  BOOST_REQUIRE(second.has_reads(2));
  BOOST_TEST((card_of(second.reads().back()).uid == idm(1)));
}

// 16 readers are more than one call of SCardGetStatusChange takes beside the plug-and-play entry.
BOOST_AUTO_TEST_CASE(sixteen_readers_at_once) {
  auto& readers = fresh_readers(16);
  BOOST_REQUIRE_EQUAL(readers.readers().size(), 16u);
  Gate gate("card+pcsc:///SiteGate%20Virtual?id=all");
  BOOST_REQUIRE(gate.watches(16));
  std::vector<std::unique_ptr<InsertedCard>> cards;
  for (const auto& reader : readers.readers())
    cards.push_back(put_on(reader, felica(static_cast<int>(cards.size()))));
  BOOST_REQUIRE(gate.has_reads(16));
  std::set<Bytes> seen;
  for (const auto& read : gate.reads()) seen.insert(card_of(read).uid);
  BOOST_TEST(seen.size() == 16u);
}

BOOST_AUTO_TEST_CASE(waits_for_a_reader_that_is_not_there) {
  fresh_readers(2);
  Gate gate("card+pcsc:///ACR1252?id=gate");
  BOOST_TEST(gate.becomes([](const ReaderHealth& health) {
    return health.state ==
           "no reader whose name contains \"ACR1252\"; attached: SiteGate Virtual 1 00 00, SiteGate Virtual "
           "1 00 01";
  }));
  BOOST_TEST(gate.health().running);
  BOOST_TEST(gate.health().failures == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::card
