// AES-128-CMAC: the examples of RFC 4493 section 4; CBC: NIST SP 800-38A, F.2.1 and F.2.2.
#include "shared/crypto/aes.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace sitegate::crypto::test {
namespace {

const AesKey key = *AesKey::from_hex("2b7e151628aed2a6abf7158809cf4f3c");
const Bytes message = *from_hex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

std::string cmac_of_first(std::size_t size) {
  return to_hex(aes_cmac(key, ByteView(message).first(size)));
}

}  // namespace

BOOST_AUTO_TEST_CASE(cmac_rfc_4493_section_4) {
  BOOST_TEST(cmac_of_first(0) == "bb1d6929e95937287fa37d129b756746");
  BOOST_TEST(cmac_of_first(16) == "070a16b46b4d4144f79bdd9dd04a287c");
  BOOST_TEST(cmac_of_first(40) == "dfa66747de9ae63030ca32611497c827");
  BOOST_TEST(cmac_of_first(64) == "51f0bebf7e3b9d92fc49741779363cfe");
}

BOOST_AUTO_TEST_CASE(cbc_sp_800_38a_f_2) {
  AesBlock initial{};
  for (std::uint8_t i = 0; i < initial.size(); ++i) initial[i] = i;
  const std::string encrypted =
      "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
      "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7";
  BOOST_TEST(to_hex(aes_cbc_encrypt(key, initial, message).value()) == encrypted);
  BOOST_TEST((aes_cbc_decrypt(key, initial, *from_hex(encrypted)).value() == message));
}

BOOST_AUTO_TEST_CASE(cbc_takes_whole_blocks_only) {
  BOOST_TEST(is(aes_cbc_decrypt(key, {}, ByteView(message).first(15)).error(), CryptoErrc::bad_size));
  BOOST_TEST(is(aes_cbc_encrypt(key, {}, ByteView(message).first(17)).error(), CryptoErrc::bad_size));
  BOOST_TEST(aes_cbc_decrypt(key, {}, {}).value().empty());
}

BOOST_AUTO_TEST_CASE(keys_are_32_digits) {
  BOOST_TEST((*AesKey::from_hex("2B7E151628AED2A6ABF7158809CF4F3C") == key));
  BOOST_TEST(!AesKey::from_hex("2b7e151628aed2a6abf7158809cf4f3"));
  BOOST_TEST(!AesKey::from_hex("2b7e151628aed2a6abf7158809cf4f3c00"));
  BOOST_TEST(!AesKey::from_hex("2b7e151628aed2a6abf7158809cf4f3x"));
  BOOST_TEST(!AesKey::from_hex(""));
}

BOOST_AUTO_TEST_CASE(comparison) {
  BOOST_TEST(equal_in_constant_time(message, message));
  BOOST_TEST(!equal_in_constant_time(message, ByteView(message).first(63)));
  auto other = message;
  other.back() ^= 1;
  BOOST_TEST(!equal_in_constant_time(message, other));
  BOOST_TEST(equal_in_constant_time({}, {}));
}

BOOST_AUTO_TEST_CASE(random_bytes_do_not_repeat) {
  std::set<Bytes> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_bytes(32));
  BOOST_TEST(seen.size() == 100u);
  BOOST_TEST(random_bytes(0).empty());
}

}  // namespace sitegate::crypto::test
