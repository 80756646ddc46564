// What the numbers called mean, and whom the line believes.
#include "devices/phone/called_numbers.hpp"

#include <boost/test/unit_test.hpp>

#include "devices/phone/trunk.hpp"

namespace sitegate::devices::phone {
namespace {

const NumberPlan japan;

std::string refusal(std::string_view list) {
  const auto numbers = CalledNumbers::parse(list, "numbers", japan);
  return numbers ? "" : numbers.error().text();
}

bool says(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

bool trusts(const TrunkPeers& peers, std::string_view address) {
  return peers.contains(parse_address(address).value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(called_numbers)

BOOST_AUTO_TEST_CASE(gate_and_direction_of_a_number) {
  const auto numbers = CalledNumbers::parse(
      "+81312345678:gate=north:entry,03-1234-5679:gate=north:exit\n# the back\n101:gate=back "
      "door\r\n4711:toggle",
      "numbers", japan);
  BOOST_REQUIRE(numbers);
  BOOST_TEST(numbers.value().size() == 4u);
  BOOST_TEST((numbers.value().find("0312345678") == CalledPlace{"north", Direction::entry}));
  BOOST_TEST((numbers.value().find("+81312345679") == CalledPlace{"north", Direction::exit}));
  BOOST_TEST((numbers.value().find("101") == CalledPlace{"back door", std::nullopt}));
  BOOST_TEST((numbers.value().find("4711") == CalledPlace{"", std::nullopt}));
  BOOST_TEST(!numbers.value().find("+81312345670"));
  BOOST_TEST(!numbers.value().find(""));
  BOOST_TEST(!numbers.value().find(std::string(1000, '1')));
}

BOOST_AUTO_TEST_CASE(without_a_list_every_number_is_the_readers) {
  BOOST_TEST((CalledNumbers().find("anything") == CalledPlace{}));
}

BOOST_AUTO_TEST_CASE(damaged_lists_say_which_entry) {
  BOOST_TEST(says(refusal("101,102:gat=1"), "entry 2: \"gat=1\""));
  BOOST_TEST(says(refusal("101,\n101:exit"), "stands there twice"));
  BOOST_TEST(says(refusal("03-1234-5678,+81312345678"), "stands there twice"));
  BOOST_TEST(says(refusal("# nothing"), "no number in it"));
  BOOST_TEST(says(refusal(""), "no number in it"));
  BOOST_TEST(says(refusal("<sip:1@2>"), "no number"));
  BOOST_TEST(says(refusal("101:gate="), "not understood"));
  BOOST_TEST(says(refusal("101:gate=" + std::string(65, 'x')), "not understood"));
  std::string many;
  for (int i = 0; i <= 4096; ++i) many += std::to_string(i) + "\n";
  BOOST_TEST(says(refusal(many), "more than 4096"));
}

BOOST_AUTO_TEST_CASE(trunk_addresses_and_networks) {
  const auto peers = TrunkPeers::parse("192.0.2.10,198.51.100.0/23,2001:db8::/33,::1");
  BOOST_REQUIRE(peers);
  for (const auto* address :
       {"192.0.2.10", "198.51.100.0", "198.51.101.255", "2001:db8:7fff::1", "::1", "::ffff:192.0.2.10"})
    BOOST_TEST(trusts(peers.value(), address), address);
  for (const auto* address : {"192.0.2.11", "198.51.102.0", "2001:db8:8000::", "::2", "0.0.0.0", "127.0.0.1"})
    BOOST_TEST(!trusts(peers.value(), address), address);
  BOOST_TEST(trusts(TrunkPeers::parse("0.0.0.0/0").value(), "203.0.113.9"));
  BOOST_TEST(!trusts(TrunkPeers::parse("0.0.0.0/0").value(), "2001:db8::1"));
}

BOOST_AUTO_TEST_CASE(damaged_trunk_lists) {
  for (const auto* text : {"", ",", "trunk.example", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/8x",
                           "2001:db8::/129", "1.2.3", "192.0.2.1,,192.0.2.2"})
    BOOST_TEST(is(TrunkPeers::parse(text).error(), PhoneErrc::bad_trunk), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
