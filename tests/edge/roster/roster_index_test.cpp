// Cards find their holders: by UID bytes and compatible technology.
#include <boost/test/unit_test.hpp>

#include "edge/roster/roster_index.hpp"
#include "tests/edge/site_example.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

BOOST_AUTO_TEST_SUITE(roster_index)

BOOST_AUTO_TEST_CASE(a_card_finds_its_one_holder) {
  const RosterIndex index(example_roster());
  const auto holders = index.find(card(2));
  BOOST_REQUIRE_EQUAL(holders.technicians.size(), 1);
  BOOST_TEST((holders.technicians.front().technician->technician == sato));
  BOOST_TEST((holders.technicians.front().expires_on == day("2023-07-31")));
  BOOST_TEST(index.find(card(4)).technicians.empty());
  BOOST_TEST(index.find(suzuki)->technician.text() == "00000000000003");
  BOOST_TEST(index.find(*TechnicianId::parse("00000000000009")) == nullptr);
}

BOOST_AUTO_TEST_CASE(an_unknown_technology_matches_any_and_two_known_ones_must_agree) {
  const RosterIndex index(example_roster());
  BOOST_TEST(index.find(card(1, CardTechnology::unknown)).technicians.size() == 1u);
  BOOST_TEST(index.find(card(1, CardTechnology::iso14443a)).technicians.empty());
  SiteRoster roster = example_roster();
  roster.technicians[0].credentials[0].credential = card(1, CardTechnology::unknown);
  BOOST_TEST(RosterIndex(roster).find(card(1, CardTechnology::iso14443b)).technicians.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_uid_that_begins_another_is_another) {
  const RosterIndex index(example_roster());
  CardCredential shorter = card(1);
  shorter.uid.resize(4);
  BOOST_TEST(index.find(shorter).technicians.empty());
}

BOOST_AUTO_TEST_CASE(two_technicians_with_one_card_are_both_named) {
  SiteRoster roster = example_roster();
  roster.technicians[1].credentials.push_back({card(1), std::nullopt});
  BOOST_TEST(RosterIndex(roster).find(card(1)).technicians.size() == 2u);
}

BOOST_AUTO_TEST_CASE(one_technicians_card_named_twice_is_one_holder_with_the_later_expiry) {
  SiteRoster roster = example_roster();
  roster.technicians[1].credentials.push_back({card(2, CardTechnology::unknown), day("2024-01-01")});
  auto holders = RosterIndex(roster).find(card(2));
  BOOST_REQUIRE_EQUAL(holders.technicians.size(), 1);
  BOOST_TEST((holders.technicians.front().expires_on == day("2024-01-01")));
  roster.technicians[1].credentials.push_back({card(2), std::nullopt});
  BOOST_TEST(!RosterIndex(roster).find(card(2)).technicians.front().expires_on);
}

BOOST_AUTO_TEST_CASE(without_a_roster_nobody_is_known) {
  const RosterIndex index;
  BOOST_TEST(!index.known());
  BOOST_TEST(index.find(card(1)).technicians.empty());
  BOOST_TEST((index.settings() == SiteSettings{}));
}

BOOST_AUTO_TEST_SUITE_END()
