// The table of tags and the key file: what is read, and what is said of what cannot be.
#include "devices/tag/tag_table.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/devices/tag/tag_fixture.hpp"

namespace sitegate::devices::tag {
namespace {

struct Files : TagFiles {
  // The error's text after the table (or the key file) was changed; "" if it loads.
  std::string refusal(std::string_view what, std::string_view with, bool in_keys = false) {
    std::string text(in_keys ? keys_text : table_text);
    const auto at = text.find(what);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, what);
    text.replace(at, what.size(), with);
    write("keys.toml", in_keys ? text : std::string(keys_text), 0600);
    write("tags.toml", in_keys ? std::string(table_text) : text, 0644);
    const auto loaded = TagTable::load(table);
    return loaded ? "" : loaded.error().text();
  }
};

bool says(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tag_table, Files)

BOOST_AUTO_TEST_CASE(everything_a_tag_has) {
  const auto tags = load();
  BOOST_TEST(tags.size() == 3u);
  BOOST_TEST(tags.meta_read_keys().size() == 1u);  // the two tags' common key, once
  BOOST_TEST(tags.enrolment_key().has_value());
  const auto* north = tags.find(north_uid);
  BOOST_REQUIRE(north != nullptr);
  BOOST_TEST(north->name == "北門");
  BOOST_TEST((north->direction == Direction::entry));
  BOOST_TEST(north->gate == "");
  BOOST_TEST(!north->place.has_value());
  BOOST_TEST((*north->meta_read_key == meta_key));
  BOOST_TEST((north->file_read_key == diversified_key(file_key, north_uid, diversify_with)));
  const auto* south = tags.find(south_uid);
  BOOST_REQUIRE(south != nullptr);
  BOOST_TEST(south->gate == "2");
  BOOST_TEST((south->direction == Direction::exit));
  BOOST_TEST(south->file_data == "SITE77");
  BOOST_TEST(!(south->file_read_key == north->file_read_key));
  const auto* yard = tags.find(yard_uid);
  BOOST_REQUIRE(yard != nullptr);
  BOOST_TEST(!yard->direction.has_value());
  BOOST_TEST(!yard->meta_read_key.has_value());
  BOOST_TEST((yard->file_read_key == file_key));
  BOOST_REQUIRE(yard->place.has_value());
  BOOST_TEST(yard->place->position.latitude == 35.681236);
  BOOST_TEST(yard->place->position.longitude == 139.767125);
  BOOST_TEST(yard->place->radius_m == 100);
  BOOST_TEST(yard->place->required);
  BOOST_TEST(tags.find(*parse_uid("04000000000000")) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_table_may_be_empty) {
  write("tags.toml", "[table]\nkeys = \"keys.toml\"\n", 0644);
  const auto tags = load();
  BOOST_TEST(tags.size() == 0u);
  BOOST_TEST(!tags.enrolment_key().has_value());
}

// Each is an error with the file's name, the line and what is expected.
BOOST_AUTO_TEST_CASE(what_a_table_may_not_say) {
  const std::pair<std::string_view, std::string_view> wrong[] = {
      {"[04A1B2C3D4E5F6]", "[04A1B2C3D4E5]"},
      {"[04A1B2C3D4E5F6]", "[north]"},
      {"[04A1B2C3D4E5F6]", "[04A1B2C3D4E5F8]"},  // the third tag, in capitals
      {"direction = \"entry\"", "direction = \"in\""},
      {"file_key = \"site-file\"", "file_key = \"nobody\""},
      {"file_key = \"site-file\"", ""},
      {"meta_key = \"site-meta\"", "meta_key = \"site-file\""},  // diversified: not for the meta key
      {"\"35.681236, 139.767125\"", "\"35.681236\""},
      {"\"35.681236, 139.767125\"", "\"135.681236, 39.767125\""},
      {"\"35.681236, 139.767125\"", "\"35.681236, nan\""},
      {"radius_m = 100", "radius_m = 1"},
      {"gate = \"2\"", "gaet = \"2\""},
      {"gate = \"2\"", "gate = 2"},
      {"enrolment_key = \"enrolment\"", "enrolment_key = \"nobody\""},
  };
  for (const auto& [what, with] : wrong) {
    const auto text = refusal(what, with);
    BOOST_TEST(says(text, "tags.toml"), what << " -> " << with << ": " << text);
  }
  BOOST_TEST(says(refusal("file_key = \"site-file\"", "file_key = \"nobody\""), "tags.toml:9"));
}

BOOST_AUTO_TEST_CASE(what_a_key_file_may_not_say) {
  const std::pair<std::string_view, std::string_view> wrong[] = {
      {"A0A1A2A3A4A5A6A7A8A9AAABACADAEAF", "A0A1A2A3A4A5A6A7A8A9AAABACADAE"},
      {"A0A1A2A3A4A5A6A7A8A9AAABACADAEAF", "A0A1A2A3A4A5A6A7A8A9AAABACADAEAX"},
      {"3042F54E585020416275", "3042F5"},
      {"3042F54E585020416275", "30"},
      {"aes128", "aes256"},
  };
  for (const auto& [what, with] : wrong) {
    const auto text = refusal(what, with, true);
    BOOST_TEST(says(text, "keys.toml"), what << " -> " << with << ": " << text);
    // No error shows a key.
    BOOST_TEST(!says(text, "A0A1A2"));
    BOOST_TEST(!says(text, "0F1E2D"));
  }
}

BOOST_AUTO_TEST_CASE(keys_that_everyone_may_read_are_refused) {
  write("keys.toml", keys_text, 0644);
  const auto loaded = TagTable::load(table);
  BOOST_REQUIRE(!loaded);
  BOOST_TEST(is(loaded.error(), TagErrc::bad_table));
  BOOST_TEST(says(loaded.error().text(), "chmod 600"));
  write("keys.toml", keys_text, 0640);
  BOOST_TEST(TagTable::load(table).has_value());
}

BOOST_AUTO_TEST_CASE(files_that_are_not_there) {
  BOOST_TEST(!TagTable::load(folder / "no.toml"));
  std::filesystem::remove(folder / "keys.toml");
  const auto loaded = TagTable::load(table);
  BOOST_REQUIRE(!loaded);
  BOOST_TEST(says(loaded.error().text(), "keys.toml"));
}

BOOST_AUTO_TEST_CASE(too_many_meta_keys) {
  std::string keys;
  std::string tags = "[table]\nkeys = \"keys.toml\"\n";
  for (unsigned i = 0; i <= meta_read_keys_max; ++i) {
    const auto number = std::to_string(100 + i);
    keys += "[k" + number + "]\naes128 = \"" + std::string(29, '0') + number + "\"\n";
    tags += "[04000000000" + number + "]\nmeta_key = \"k" + number + "\"\nfile_key = \"k" + number + "\"\n";
  }
  write("keys.toml", keys, 0600);
  write("tags.toml", tags, 0644);
  BOOST_TEST(is(TagTable::load(table).error(), TagErrc::bad_table));
}

BOOST_AUTO_TEST_CASE(one_key_by_its_name) {
  BOOST_TEST((load_key(folder / "keys.toml", "enrolment").value() == enrolment_key));
  BOOST_TEST(is(load_key(folder / "keys.toml", "nobody").error(), TagErrc::bad_table));
}

// Distances on the sphere: Tokyo station to Shinjuku station, and one minute of latitude (a sea mile).
BOOST_AUTO_TEST_CASE(distances) {
  BOOST_TEST(distance_m(tokyo_station, {35.690921, 139.700258}) == 6140, boost::test_tools::tolerance(0.01));
  BOOST_TEST(distance_m({35, 139}, {35 + 1.0 / 60, 139}) == 1853, boost::test_tools::tolerance(0.001));
  BOOST_TEST(distance_m({0, 179.9995}, {0, -179.9995}) == 111.2, boost::test_tools::tolerance(0.01));
  BOOST_TEST(distance_m(tokyo_station, tokyo_station) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::tag
