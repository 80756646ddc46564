// Hexadecimal and CRC-32C. The CRC vectors are those of RFC 3720 (iSCSI), appendix B.4; there the CRC's bytes
// are written in the order they are sent, least significant first.
#include "shared/base/bytes.hpp"

#include <boost/test/unit_test.hpp>
#include <numeric>

using namespace sitegate;

BOOST_AUTO_TEST_SUITE(bytes)

BOOST_AUTO_TEST_CASE(crc32c_of_rfc3720_b4_zeroes_and_ones) {
  BOOST_TEST(crc32c(Bytes(32, 0x00)) == 0x8a9136aau);
  BOOST_TEST(crc32c(Bytes(32, 0xff)) == 0x62a8ab43u);
}

BOOST_AUTO_TEST_CASE(crc32c_of_rfc3720_b4_rising_and_falling) {
  Bytes rising(32);
  std::iota(rising.begin(), rising.end(), std::uint8_t{0});
  BOOST_TEST(crc32c(rising) == 0x46dd794eu);
  BOOST_TEST(crc32c(Bytes(rising.rbegin(), rising.rend())) == 0x113fdb5cu);
}

BOOST_AUTO_TEST_CASE(crc32c_of_rfc3720_b4_scsi_read_command) {
  const auto command = from_hex(
      "01c000000000000000000000000000001400000000000400"
      "000000140000001828000000000000000200000000000000");
  BOOST_REQUIRE(command);
  BOOST_TEST(crc32c(*command) == 0xd9963a56u);
}

BOOST_AUTO_TEST_CASE(crc32c_sees_every_single_flipped_bit) {
  const Bytes record = to_bytes(as_bytes("one technician, one site, one work date"));
  const std::uint32_t right = crc32c(record);
  for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
    Bytes damaged = record;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    BOOST_TEST(crc32c(damaged) != right);
  }
}

BOOST_AUTO_TEST_CASE(crc32c_of_nothing_is_zero) {
  BOOST_TEST(crc32c({}) == 0u);
}

BOOST_AUTO_TEST_CASE(hex_round_trip_of_every_byte) {
  Bytes all(256);
  std::iota(all.begin(), all.end(), std::uint8_t{0});
  const std::string hex = to_hex(all);
  BOOST_TEST(hex.size() == 512u);
  BOOST_TEST(hex.substr(0, 8) == "00010203");
  BOOST_TEST(hex.substr(506) == "fdfeff");
  BOOST_TEST((from_hex(hex) == all));
}

BOOST_AUTO_TEST_CASE(hex_takes_both_cases) {
  BOOST_TEST((from_hex("aBcD") == Bytes{0xab, 0xcd}));
}

BOOST_AUTO_TEST_CASE(hex_of_nothing_is_nothing) {
  BOOST_TEST(to_hex({}).empty());
  BOOST_TEST((from_hex("") == Bytes{}));
}

BOOST_AUTO_TEST_CASE(hex_refuses_what_is_not_hex) {
  for (const char* wrong : {"a", "abc", "0g", "g0", "0x10", " 0", "0 ", "-1", "é"})
    BOOST_TEST(!from_hex(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(text_and_bytes_are_two_views_of_the_same) {
  const std::string text = "就業履歴";
  BOOST_TEST(as_bytes(text).size() == 12u);
  BOOST_TEST(as_text(as_bytes(text)) == text);
}

BOOST_AUTO_TEST_SUITE_END()
