// A site with tags, for the tests of devices/tag: table and keys as files, and the chips that go with them.
#pragma once
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>

#include "devices/tag/tag_table.hpp"
#include "devices/tag/virtual_tag.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::tag {

inline const crypto::AesKey zero_key;
inline const crypto::AesKey meta_key = *crypto::AesKey::from_hex("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
inline const crypto::AesKey file_key = *crypto::AesKey::from_hex("00112233445566778899aabbccddeeff");
inline const crypto::AesKey enrolment_key = *crypto::AesKey::from_hex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
inline const Bytes diversify_with = *from_hex("3042f54e585020416275");

inline const TagUid north_uid = *parse_uid("04A1B2C3D4E5F6");
inline const TagUid south_uid = *parse_uid("04A1B2C3D4E5F7");
inline const TagUid yard_uid = *parse_uid("04A1B2C3D4E5F8");
inline constexpr Position tokyo_station{35.681236, 139.767125};

inline constexpr std::string_view keys_text = R"([site-meta]
aes128 = "0F1E2D3C4B5A69788796A5B4C3D2E1F0"
[site-file]
aes128 = "00112233445566778899AABBCCDDEEFF"
diversify_with = "3042F54E585020416275"
[yard]
aes128 = "00112233445566778899AABBCCDDEEFF"
[enrolment]
aes128 = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"
)";
inline constexpr std::string_view table_text = R"([table]
keys = "keys.toml"
enrolment_key = "enrolment"

[04A1B2C3D4E5F6]
name = "北門"
direction = "entry"
meta_key = "site-meta"
file_key = "site-file"

[04A1B2C3D4E5F7]
name = "South <b>gate</b> & \"yard\""
gate = "2"
direction = "exit"
meta_key = "site-meta"
file_key = "site-file"
file_data = "SITE77"

[04a1b2c3d4e5f8]
name = "資材置場"
file_key = "yard"
position = "35.681236, 139.767125"
radius_m = 100
)";

/// The value, or the case ends with the error's text.
template <typename T>
T must(Result<T> result) {
  BOOST_REQUIRE_MESSAGE(result.has_value(), (result ? std::string() : result.error().text()));
  return std::move(result).value();
}

struct TagFiles {
  tests::TemporaryFolder folder;
  std::filesystem::path table = folder / "tags.toml";

  TagFiles() {
    write("keys.toml", keys_text, 0600);
    write("tags.toml", table_text, 0644);
  }
  void write(const std::string& name, std::string_view text, mode_t mode) const {
    const auto path = folder / name;
    std::ofstream(path) << text;
    BOOST_REQUIRE(::chmod(path.c_str(), mode) == 0);
  }
  [[nodiscard]] TagTable load() const { return must(TagTable::load(table)); }
};

// The chips of the table above.
inline VirtualTag north_tag() {
  return VirtualTag({north_uid, meta_key, diversified_key(file_key, north_uid, diversify_with), ""});
}
inline VirtualTag south_tag() {
  return VirtualTag(
      {south_uid, meta_key, diversified_key(file_key, south_uid, diversify_with), "SITE77 south gate"});
}
inline VirtualTag yard_tag() {
  return VirtualTag({yard_uid, std::nullopt, file_key, ""});
}

}  // namespace sitegate::devices::tag
