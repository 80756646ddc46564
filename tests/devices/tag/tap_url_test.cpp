// The query of a tag's URL: what is taken, what is refused and why.
#include "devices/tag/tap_url.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/devices/tag/tag_fixture.hpp"

namespace sitegate::devices::tag {
namespace {

struct Site : TagFiles {
  TagTable tags = load();

  Result<VerifiedTap> verified(const std::string& query) const {
    const auto url = parse_tap_url(query);
    if (!url) return url.error();
    return verify_tap(url.value(), tags);
  }
  [[nodiscard]] bool refused(const std::string& query, TagErrc why) const {
    const auto tap = verified(query);
    return !tap && is(tap.error(), why);
  }
};

// Another digit at this place of the query.
std::string altered(std::string query, std::size_t at) {
  query[at] = query[at] == '0' ? '1' : '0';
  return query;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tap_url, Site)

// AN12196, 3.4.4.2, as the URLs stand there.
BOOST_AUTO_TEST_CASE(urls_of_an12196) {
  const auto table_4 = parse_tap_url("picc_data=EF963FF7828658A599F3041510671E88&cmac=94EED9EE65337086");
  BOOST_REQUIRE(table_4);
  BOOST_TEST(table_4.value().mac_input == "");
  const auto table_5 = parse_tap_url(
      "picc_data=FD91EC264309878BE6345CBE53BADF40&enc=CEE9A53E3E463EF1F459635736738962&cmac="
      "ECC1E7F6C6C73BF6");
  BOOST_REQUIRE(table_5);
  BOOST_TEST(table_5.value().mac_input == "CEE9A53E3E463EF1F459635736738962&cmac=");
  const auto plain = parse_tap_url("uid=041E3C8A2D6B80&ctr=000006&cmac=4B00064004B0B3D3");
  BOOST_REQUIRE(plain);
  BOOST_TEST((plain.value().plain == PiccData{*parse_uid("041E3C8A2D6B80"), 6}));
  BOOST_TEST(parse_tap_url("uid=041E3C8A2D6B80&ctr=012345&cmac=4B00064004B0B3D3").value().plain.counter ==
             0x012345u);
}

BOOST_AUTO_TEST_CASE(urls_of_an12196_are_verified) {
  write("keys.toml", "[zero]\naes128 = \"00000000000000000000000000000000\"\n", 0600);
  write("tags.toml", R"([table]
keys = "keys.toml"
[04DE5F1EACC040]
meta_key = "zero"
file_key = "zero"
[04958CAA5C5E80]
meta_key = "zero"
file_key = "zero"
file_data = "xxxxxxxxxxxxxxxx"
[041E3C8A2D6B80]
file_key = "zero"
)",
        0644);
  tags = load();
  const std::pair<std::string, std::uint32_t> urls[] = {
      {"picc_data=EF963FF7828658A599F3041510671E88&cmac=94EED9EE65337086", 61},
      {"picc_data=FD91EC264309878BE6345CBE53BADF40&enc=CEE9A53E3E463EF1F459635736738962&cmac="
       "ECC1E7F6C6C73BF6",
       8},
      {"uid=041E3C8A2D6B80&ctr=000006&cmac=4B00064004B0B3D3", 6}};
  for (const auto& [query, counter] : urls) {
    BOOST_TEST(must(verified(query)).counter == counter);
    BOOST_TEST(refused(altered(query, query.size() - 1), TagErrc::forged));
  }
}

BOOST_AUTO_TEST_CASE(each_kind_of_tag_is_recognised) {
  for (auto chip : {north_tag(), south_tag(), yard_tag()})
    for (std::uint32_t counter = 1; counter < 4; ++counter) {
      const auto tap = must(verified(chip.tap()));
      BOOST_TEST((tap.tag->uid == chip.uid()));
      BOOST_TEST(tap.counter == counter);
    }
  BOOST_TEST(verified(north_tag().query_at(counter_max)).value().counter == counter_max);
}

// Lower case, a language and other people's names change nothing; the order before enc and cmac neither.
BOOST_AUTO_TEST_CASE(what_does_not_matter) {
  const auto query = yard_tag().tap();
  BOOST_TEST(verified("utm=1&" + query + "&lang=vi&x").has_value());
  BOOST_TEST(parse_tap_url(query + "&lang=vi").value().language == "vi");
  BOOST_TEST(parse_tap_url(query + "&lang=<b>").value().language == "");
  BOOST_TEST(parse_tap_url(query + "&lang=japanese").value().language == "");
  BOOST_TEST(verified(query + "&&").has_value());
}

// The rebuilt query is as good as the one sent, and holds nothing but names of ours and hexadecimal digits.
BOOST_AUTO_TEST_CASE(the_rebuilt_query_is_the_same_tap) {
  for (auto chip : {north_tag(), south_tag(), yard_tag()}) {
    const auto query = chip.tap();
    const auto again = parse_tap_url("x=\"><script>&" + query + "&lang=en").value().query;
    BOOST_TEST(verified(again).has_value());
    BOOST_TEST(again.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEF0123456789_=&") == again.npos);
  }
}

BOOST_AUTO_TEST_CASE(garbage_is_a_damaged_link) {
  const auto good = north_tag().tap();
  const auto mac = "&cmac=0011223344556677";
  const std::string garbage[] = {
      "",
      "&",
      "=",
      "cmac",
      "cmac=0011223344556677",
      good.substr(0, good.size() - 1),
      good + "0",
      good + "&cmac=0011223344556677",
      good + "&picc_data=",
      good + "&uid=04A1B2C3D4E5F6&ctr=000001",
      std::string("uid=04A1B2C3D4E5F6") + mac,
      std::string("uid=04A1B2C3D4E5&ctr=000001") + mac,
      std::string("uid=04A1B2C3D4E5F6&ctr=0001") + mac,
      std::string("uid=%30%34A1B2C3D4E5F6&ctr=000001") + mac,
      std::string("picc_data=EF963FF7828658A599F3041510671E8") + mac,
      std::string("picc_data=EF963FF7828658A599F3041510671E8G") + mac,
      std::string("picc_data=EF963FF7828658A599F3041510671E88&enc=") + mac,
      std::string("picc_data=EF963FF7828658A599F3041510671E88&enc=00") + mac,
      std::string("picc_data=EF963FF7828658A599F3041510671E88&enc=" + std::string(224, '0')) + mac,
      "cmac=0011223344556677&picc_data=EF963FF7828658A599F3041510671E88&enc=" + std::string(32, '0'),
      "picc_data=EF963FF7828658A599F3041510671E88&enc=" + std::string(32, '0') + "&x=1" + mac,
      std::string(tap_query_size_max + 1, 'x'),
      good + "&x=" + std::string(tap_query_size_max, 'x'),
      std::string("\0\xff\n", 3),
  };
  for (const auto& query : garbage) BOOST_TEST(refused(query, TagErrc::damaged_link), query);
}

BOOST_AUTO_TEST_CASE(a_wrong_digit_anywhere_is_refused) {
  for (auto chip : {north_tag(), south_tag(), yard_tag()}) {
    const auto query = chip.tap();
    for (std::size_t at = query.find('=') + 1; at < query.size(); ++at)
      if (std::isxdigit(static_cast<unsigned char>(query[at])) != 0)
        BOOST_TEST(!verified(altered(query, at)), query << " at " << at);
  }
}

// The counter in plain raised by one: the MAC is of the other counter.
BOOST_AUTO_TEST_CASE(a_raised_counter_is_forged) {
  auto query = yard_tag().query_at(1);
  query.replace(query.find("000001"), 6, "000002");
  BOOST_TEST(refused(query, TagErrc::forged));
}

BOOST_AUTO_TEST_CASE(foreign_tags_are_refused) {
  const auto stranger = *parse_uid("04FFFFFFFFFFFF");
  BOOST_TEST(refused(VirtualTag({stranger, meta_key, file_key, ""}).tap(), TagErrc::foreign_tag));
  BOOST_TEST(refused(VirtualTag({stranger, std::nullopt, file_key, ""}).tap(), TagErrc::foreign_tag));
  BOOST_TEST(refused(VirtualTag({north_uid, zero_key, zero_key, ""}).tap(), TagErrc::foreign_tag));
}

// A chip with our tag's UID, but not its keys.
BOOST_AUTO_TEST_CASE(an_imitated_tag_is_forged) {
  BOOST_TEST(refused(VirtualTag({yard_uid, std::nullopt, zero_key, ""}).tap(), TagErrc::forged));
  BOOST_TEST(refused(VirtualTag({north_uid, meta_key, zero_key, ""}).tap(), TagErrc::forged));
}

// A tag set to encrypted PICCData never shows its UID in plain: who does so is somebody else.
BOOST_AUTO_TEST_CASE(plain_where_encrypted_is_expected) {
  const auto own = diversified_key(file_key, north_uid, diversify_with);
  BOOST_TEST(refused(VirtualTag({north_uid, std::nullopt, own, ""}).tap(), TagErrc::foreign_tag));
  BOOST_TEST(refused(VirtualTag({yard_uid, meta_key, file_key, ""}).tap(), TagErrc::foreign_tag));
}

BOOST_AUTO_TEST_CASE(other_file_data_than_the_table_says) {
  const auto own = diversified_key(file_key, south_uid, diversify_with);
  BOOST_TEST(refused(VirtualTag({south_uid, meta_key, own, "SITE78"}).tap(), TagErrc::forged));
  BOOST_TEST(refused(VirtualTag({south_uid, meta_key, own, ""}).tap(), TagErrc::forged));
}

// What an error says goes into the log: nothing secret, nothing of the sender's letters.
BOOST_AUTO_TEST_CASE(errors_hold_nothing_of_the_query) {
  for (const std::string query : {"picc_data=\nfake log line&cmac=0011223344556677", "cmac=<script>"}) {
    const auto tap = verified(query);
    BOOST_REQUIRE(!tap);
    BOOST_TEST(tap.error().text().find("fake") == std::string::npos);
    BOOST_TEST(tap.error().text().find('<') == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::tag
