// Base 41: RFC 9285's way of counting with 41 letters.
#include "shared/codes/base41.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

namespace sitegate::codes {

BOOST_AUTO_TEST_SUITE(base41)

BOOST_AUTO_TEST_CASE(counts_as_rfc_9285_does_with_another_base) {
  // 0x4142 = 16706 = 19 + 38 × 41 + 9 × 41², least significant first.
  BOOST_TEST(to_base41(as_bytes("AB")) == "J.9");
  BOOST_TEST(to_base41(Bytes{0, 0}) == "000");
  BOOST_TEST(to_base41(Bytes{0xFF, 0xFF}) == "H:.");
  BOOST_TEST(to_base41(Bytes{}) == "");
  BOOST_TEST(to_base41(Bytes{40}) == ":0");
  BOOST_TEST(to_base41(Bytes{41}) == "01");
}

BOOST_AUTO_TEST_CASE(any_bytes_come_back) {
  std::mt19937 chance(3);
  for (std::size_t size = 0; size < 100; ++size) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(chance());
    const auto text = to_base41(bytes);
    BOOST_TEST(text.size() == size / 2 * 3 + size % 2 * 2);
    BOOST_TEST(text.find_first_not_of(base41_letters) == std::string::npos);
    BOOST_TEST((from_base41(text) == bytes));
  }
}

BOOST_AUTO_TEST_CASE(what_stands_for_no_bytes) {
  BOOST_TEST(!from_base41("0"));
  BOOST_TEST(!from_base41("0000"));
  BOOST_TEST(!from_base41(":::"));  // 68,920
  BOOST_TEST(!from_base41("::"));   // 1,680
  BOOST_TEST(!from_base41("a00"));
  BOOST_TEST(!from_base41("0 0"));
  BOOST_TEST(!from_base41("00%"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::codes
