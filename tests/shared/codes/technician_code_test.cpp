// Technicians' codes: what the cloud has signed (Ed25519, RFC 8032) is believed, and nothing else.
#include "shared/codes/technician_code.hpp"

#include <boost/test/unit_test.hpp>

#include "shared/codes/base41.hpp"

namespace sitegate::codes {
namespace {

crypto::SigningKey key_of(std::uint8_t number) {
  std::array<std::uint8_t, 32> seed{};
  seed.fill(number);
  return crypto::SigningKey::from_seed(seed);
}

const auto key = key_of(7);

CodeClaims example() {
  return {.kind = CodeKind::short_lived,
          .technician = *TechnicianId::from_number(12'345'678'901'234),
          .site = *SiteId::from_number(77),
          .serial = 0x7f3a'09c2'11d0'e4b5,
          .issued_at = UtcTime(std::chrono::milliseconds(1'690'756'200'000)),
          .expires_at = UtcTime(std::chrono::milliseconds(1'690'756'800'000))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(technician_code)

BOOST_AUTO_TEST_CASE(what_was_signed_is_read) {
  const auto text = make_technician_code(example(), key);
  BOOST_TEST(text.size() == technician_code_size);
  BOOST_TEST(text.size() == 145u);
  BOOST_TEST(is_technician_code(text));
  BOOST_TEST((verify_technician_code(text, key.public_key()).value() == example()));
  BOOST_TEST((read_technician_code(text).value() == example()));
  auto everywhere = example();
  everywhere.site.reset();
  everywhere.kind = CodeKind::printed;
  BOOST_TEST((verify_technician_code(make_technician_code(everywhere, key), key.public_key()).value() ==
              everywhere));
}

BOOST_AUTO_TEST_CASE(the_bytes_stay_as_they_are) {
  // Codes that are printed today must be read in years. 1,690,756,200 s after 1970 are 112,919,400 after
  // 2020.
  const auto bytes = from_base41(make_technician_code(example(), key).substr(4)).value();
  BOOST_TEST(to_hex(ByteView(bytes).first(30)) ==
             "0102"
             "0b3a73ce2ff2"
             "00000000004d"
             "7f3a09c211d0e4b5"
             "06bb0368"
             "06bb05c0");
}

BOOST_AUTO_TEST_CASE(another_key_is_forgery) {
  const auto text = make_technician_code(example(), key_of(8));
  const auto read = verify_technician_code(text, key.public_key());
  BOOST_REQUIRE(!read);
  BOOST_TEST(is(read.error(), CodeErrc::forged));
  BOOST_TEST(read.error().text().find("7f3a09c211d0e4b5") != std::string::npos);
  BOOST_TEST(read.error().text().find(text.substr(60)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_letter_can_be_changed) {
  const auto text = make_technician_code(example(), key);
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = changed[i] == '0' ? '1' : '0';
    BOOST_TEST(!verify_technician_code(changed, key.public_key()), i);
  }
}

BOOST_AUTO_TEST_CASE(what_is_none_of_ours_or_damaged) {
  const auto text = make_technician_code(example(), key);
  BOOST_TEST(is(read_technician_code("A-17").error(), CodeErrc::no_code));
  BOOST_TEST(is(read_technician_code("").error(), CodeErrc::no_code));
  BOOST_TEST(is(read_technician_code(text.substr(0, 100)).error(), CodeErrc::damaged));
  BOOST_TEST(is(read_technician_code(text + "0").error(), CodeErrc::damaged));
  BOOST_TEST(is(read_technician_code("SG1:" + std::string(141, ' ')).error(), CodeErrc::damaged));
  BOOST_TEST(is(read_technician_code("SG1:" + std::string(141, '0')).error(), CodeErrc::newer));
  BOOST_TEST(!is_technician_code("SG1:abc"));
  BOOST_TEST(!is_technician_code("XX1:" + text.substr(4)));
}

BOOST_AUTO_TEST_CASE(words) {
  for (const auto kind : {CodeKind::printed, CodeKind::short_lived})
    BOOST_TEST((parse_code_kind(to_text(kind)) == kind));
  BOOST_TEST(!parse_code_kind("eternal"));
  BOOST_TEST(serial_text(0xAB) == "00000000000000ab");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::codes
