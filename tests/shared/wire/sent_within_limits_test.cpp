// What is sent is never refused on the other side for its form: texts are cut, lists are bounded.
#include <boost/test/unit_test.hpp>

#include "tests/shared/wire/random_messages.hpp"

namespace sitegate::wire::test {

BOOST_AUTO_TEST_CASE(a_receipt_cuts_its_texts_between_characters) {
  auto receipt = plain_receipt();
  receipt.refused = {{4, std::string(127, 'x') + "技"}};
  receipt.problem = std::string(500, 'x');
  const auto decoded = decode_receipt(encode(receipt));
  BOOST_REQUIRE(decoded);
  BOOST_TEST(decoded.value().refused[0].reason == std::string(127, 'x'));
  BOOST_TEST(decoded.value().problem == std::string(256, 'x'));
}

BOOST_AUTO_TEST_CASE(a_receipt_sends_the_first_of_too_many_entries_and_gaps) {
  auto receipt = plain_receipt();
  receipt.refused.assign(refused_count_max + 5, {4, "bad_value"});
  receipt.gaps.assign(gap_count_max + 5, {1, 2});
  const auto decoded = decode_receipt(encode(receipt));
  BOOST_REQUIRE(decoded);
  BOOST_TEST(decoded.value().refused.size() == refused_count_max);
  BOOST_TEST(decoded.value().gaps.size() == gap_count_max);
}

BOOST_AUTO_TEST_CASE(health_shows_what_a_device_calls_itself_whatever_its_bytes) {
  auto health = plain_health();
  health.problem = "disk\n\x83\x65 full\x7f";
  health.readers[0].state = std::string(300, 'x');
  health.readers.resize(readers_max + 1, health.readers[0]);
  const auto decoded = decode_health(encode(health));
  BOOST_REQUIRE(decoded);
  BOOST_TEST(decoded.value().problem == "disk?e full");
  BOOST_TEST(decoded.value().readers[0].state.size() == 256U);
  BOOST_TEST(decoded.value().readers.size() == readers_max);
}

BOOST_AUTO_TEST_CASE(a_drawer_full_of_cards_keeps_no_site_without_a_roster) {
  auto roster = plain_roster();
  auto& credentials = roster.technicians[0].credentials;
  credentials.clear();
  for (std::uint8_t i = 0; i < 20; ++i)
    credentials.push_back({CardCredential{CardTechnology::felica, {i}},
                           Date{*parse_date("2030-01-01") + std::chrono::days{i}}});
  credentials[0].expires_on.reset();  // good for ever
  const auto decoded = decode_site_roster(encode(roster).value());
  BOOST_REQUIRE(decoded);
  const auto& sent = decoded.value().technicians[0].credentials;
  BOOST_REQUIRE(sent.size() == technician_credentials_max);
  BOOST_TEST((sent.front() == credentials[0]));
  BOOST_TEST((sent.back() == credentials[5]));
}

}  // namespace sitegate::wire::test
