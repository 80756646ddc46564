// Ed25519: the test vectors of RFC 8032 section 7.1 (1 to 3 and SHA(abc)), and what must not verify.
#include "shared/crypto/signing.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace sitegate::crypto::test {

struct Vector {
  std::string name, secret, public_key, message, signature;
};
std::ostream& operator<<(std::ostream& out, const Vector& vector) {
  return out << vector.name;
}

const std::vector<Vector> rfc_8032_vectors{
    {"TEST 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"TEST 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"TEST 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    {"TEST SHA(abc)", "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
     "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"}};

template <std::size_t size>
std::array<std::uint8_t, size> array_of(const std::string& hex) {
  const Bytes bytes = *from_hex(hex);
  BOOST_REQUIRE(bytes.size() == size);
  std::array<std::uint8_t, size> array{};
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

BOOST_DATA_TEST_CASE(rfc_8032_section_7_1, boost::unit_test::data::make(rfc_8032_vectors)) {
  const auto key = SigningKey::from_seed(array_of<32>(sample.secret));
  const Bytes message = *from_hex(sample.message);
  BOOST_TEST(to_hex(key.public_key()) == sample.public_key);
  BOOST_TEST(to_hex(key.sign(message)) == sample.signature);
  BOOST_TEST(verify(array_of<32>(sample.public_key), message, array_of<64>(sample.signature)));
}

BOOST_AUTO_TEST_CASE(another_message_key_or_signature_does_not_verify) {
  const auto key = SigningKey::from_seed({1});
  const auto message = as_bytes("a passage");
  const auto good = key.sign(message);
  BOOST_TEST(verify(key.public_key(), message, good));
  BOOST_TEST(!verify(key.public_key(), as_bytes("a Passage"), good));
  BOOST_TEST(!verify(key.public_key(), as_bytes(""), good));
  BOOST_TEST(!verify(SigningKey::from_seed({2}).public_key(), message, good));
  BOOST_TEST(!verify(key.public_key(), message, Signature{}));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
    BOOST_REQUIRE_MESSAGE(!verify(key.public_key(), message, bad), "bit " << bit);
  }
}

BOOST_AUTO_TEST_CASE(a_signature_with_s_not_below_the_order_does_not_verify) {
  // RFC 8032 section 5.1.7: S is decoded in 0 <= S < L; S + L would verify too, were it not refused.
  const auto key = SigningKey::from_seed({1});
  const auto message = as_bytes("a passage");
  auto malleated = key.sign(message);
  const auto order = array_of<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(malleated[32 + i]) + order[i];
    malleated[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  BOOST_TEST(!verify(key.public_key(), message, malleated));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_point_verify_nothing) {
  PublicKey no_point{};
  no_point.fill(0xff);
  BOOST_TEST(!verify(no_point, as_bytes("a passage"), Signature{}));
  no_point.fill(0);
  no_point[0] = 2;  // y = 2 has no x on the curve
  BOOST_TEST(!verify(no_point, as_bytes("a passage"), Signature{}));
}

BOOST_AUTO_TEST_CASE(two_generated_keys_differ) {
  BOOST_TEST((SigningKey::generate().public_key() != SigningKey::generate().public_key()));
}

}  // namespace sitegate::crypto::test
