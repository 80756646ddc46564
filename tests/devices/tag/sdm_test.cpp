// Secure Dynamic Messaging of the NTAG 424 DNA: the examples of NXP AN12196 rev. 2.0 (tables 1 to 5), of the
// widely used plain example with zero keys, and of NXP AN10922 (AES-128).
#include "devices/tag/sdm.hpp"

#include <boost/test/unit_test.hpp>

#include "devices/tag/tap_url.hpp"
#include "tests/devices/tag/tag_fixture.hpp"

namespace sitegate::devices::tag {
namespace {

crypto::AesBlock block(std::string_view hex) {
  crypto::AesBlock bytes{};
  const auto parsed = from_hex(hex).value();
  std::copy(parsed.begin(), parsed.end(), bytes.begin());
  return bytes;
}

PiccData picc(std::string_view uid, std::uint32_t counter) {
  return {parse_uid(uid).value(), counter};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sdm)

// AN12196, 3.3, table 1.
BOOST_AUTO_TEST_CASE(session_keys_an12196_table_1) {
  const auto key = *crypto::AesKey::from_hex("5ACE7E50AB65D5D51FD5BF5A16B8205B");
  const auto keys = session_keys(key, picc("04C767F2066180", 1));
  BOOST_TEST(to_hex(keys.encryption.bytes()) == "66da61797e23deca5d8eca13bbadf7a9");
  BOOST_TEST(to_hex(keys.mac.bytes()) == "3a3e8110e05311f7a3fcf0d969bf2b48");
}

// AN12196, 3.4.2.1, table 2.
BOOST_AUTO_TEST_CASE(picc_data_an12196_table_2) {
  const auto data = decrypt_picc_data(zero_key, block("EF963FF7828658A599F3041510671E88"));
  BOOST_REQUIRE(data.has_value());
  BOOST_TEST((*data == picc("04DE5F1EACC040", 61)));
  BOOST_TEST(to_hex(encrypt_picc_data(zero_key, *data, {0xDA, 0x5C, 0xF6, 0x09, 0x41})) ==
             "ef963ff7828658a599f3041510671e88");
}

// AN12196, 3.4.3.2, table 3.
BOOST_AUTO_TEST_CASE(file_data_an12196_table_3) {
  const auto data = decrypt_picc_data(zero_key, block("FDE4AFA99B5C820A2C1BB0F1C792D0EB"));
  BOOST_REQUIRE(data.has_value());
  BOOST_TEST((*data == picc("04958CAA5C5E80", 1)));
  const auto keys = session_keys(zero_key, *data);
  BOOST_TEST(to_hex(keys.encryption.bytes()) == "8097d73344d53f963b09e23e03b62336");
  const auto encrypted = from_hex("94592FDE69FA06E8E3B6CA686A22842B").value();
  const auto plain = decrypt_file_data(keys, data->counter, encrypted).value();
  BOOST_TEST(as_text(plain) == "xxxxxxxxxxxxxxxx");
  BOOST_TEST((encrypt_file_data(keys, data->counter, plain).value() == encrypted));
}

// AN12196, 3.4.4.2.1, table 4: SDMMACInputOffset = SDMMACOffset, a MAC over nothing.
BOOST_AUTO_TEST_CASE(mac_over_nothing_an12196_table_4) {
  const auto keys = session_keys(zero_key, picc("04DE5F1EACC040", 61));
  BOOST_TEST(to_hex(keys.mac.bytes()) == "3fb5f6e3a807a03d5e3570ace393776f");
  BOOST_TEST(to_hex(sdm_mac(keys, "")) == "94eed9ee65337086");
}

// AN12196, 3.4.4.2.2, table 5: a MAC over the encrypted file data and what stands behind them.
BOOST_AUTO_TEST_CASE(mac_over_file_data_an12196_table_5) {
  const auto data = decrypt_picc_data(zero_key, block("FD91EC264309878BE6345CBE53BADF40"));
  BOOST_REQUIRE(data.has_value());
  BOOST_TEST((*data == picc("04958CAA5C5E80", 8)));
  BOOST_TEST(to_hex(sdm_mac(session_keys(zero_key, *data), "CEE9A53E3E463EF1F459635736738962&cmac=")) ==
             "ecc1e7f6c6c73bf6");
}

// UID and counter mirrored in plain, zero key.
BOOST_AUTO_TEST_CASE(mac_of_a_plain_mirror) {
  BOOST_TEST(to_hex(sdm_mac(session_keys(zero_key, picc("041E3C8A2D6B80", 6)), "")) == "4b00064004b0b3d3");
}

// AN10922, 2.2.1: master key, UID, application 3042F5 and system "NXP Abu".
BOOST_AUTO_TEST_CASE(diversified_key_an10922_aes_128) {
  const auto master = *crypto::AesKey::from_hex("00112233445566778899AABBCCDDEEFF");
  const auto own = diversified_key(master, *parse_uid("04782E21801D80"), *from_hex("3042F54E585020416275"));
  BOOST_TEST(to_hex(own.bytes()) == "a8dd63a3b89d54b37ca802473fda9175");
}

BOOST_AUTO_TEST_CASE(another_key_opens_nothing) {
  const auto other = *crypto::AesKey::from_hex("00000000000000000000000000000001");
  BOOST_TEST(!decrypt_picc_data(other, block("EF963FF7828658A599F3041510671E88")));
}

// PICCDataTag other than C7: only a part mirrored, or a UID of another length.
BOOST_AUTO_TEST_CASE(only_uid_and_counter_together_are_taken) {
  for (const std::uint8_t picc_tag : {0x87, 0x47, 0xC4, 0x00, 0xFF}) {
    crypto::AesBlock plain{picc_tag};
    const auto encrypted = crypto::aes_cbc_encrypt(zero_key, {}, plain).value();
    BOOST_TEST(!decrypt_picc_data(zero_key, block(to_hex(encrypted))));
  }
}

BOOST_AUTO_TEST_CASE(uids) {
  BOOST_TEST(uid_text(*parse_uid("04de5f1eacc040")) == "04DE5F1EACC040");
  for (const auto* bad : {"", "04DE5F1EACC0", "04DE5F1EACC04000", "04DE5F1EACC04G", "04DE5F1EACC04"})
    BOOST_TEST(!parse_uid(bad));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::tag
