// scrypt by the vectors of RFC 7914, section 12, and passwords kept by it.
#include "shared/crypto/password.hpp"

#include <boost/test/unit_test.hpp>

using namespace sitegate;
using crypto::PasswordHash;
using crypto::ScryptCost;

namespace {

/// Cheap: the tests ask often.
const ScryptCost cheap{16, 1, 1};

std::string scrypt_hex(std::string_view password, std::string_view salt, const ScryptCost& cost) {
  return to_hex(crypto::scrypt(password, as_bytes(salt), cost, 64));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(passwords)

BOOST_AUTO_TEST_CASE(scrypt_gives_the_standards_values) {
  BOOST_TEST(scrypt_hex("", "", {16, 1, 1}) ==
             "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
             "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
  BOOST_TEST(scrypt_hex("password", "NaCl", {1024, 8, 16}) ==
             "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
             "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
  BOOST_TEST(scrypt_hex("pleaseletmein", "SodiumChloride", {16384, 8, 1}) ==
             "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
             "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
}

BOOST_AUTO_TEST_CASE(a_password_is_recognised_after_it_was_kept_as_text) {
  const auto kept = PasswordHash::of("ひみつ no. 1", cheap);
  const auto again = PasswordHash::parse(kept.text());
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(again->matches("ひみつ no. 1"));
  BOOST_TEST(!again->matches("ひみつ no. 2"));
  BOOST_TEST(!again->matches(""));
  BOOST_TEST(again->text() == kept.text());
}

BOOST_AUTO_TEST_CASE(the_same_password_is_kept_differently_each_time) {
  BOOST_TEST(PasswordHash::of("same", cheap).text() != PasswordHash::of("same", cheap).text());
}

BOOST_AUTO_TEST_CASE(what_is_no_such_text_or_too_dear_is_refused) {
  const std::string salt(32, 'a');
  const std::string key(64, 'b');
  const auto text = [&](const std::string& costs) { return "scrypt$" + costs + "$" + salt + "$" + key; };
  BOOST_TEST(PasswordHash::parse(text("16$1$1")).has_value());
  for (const std::string costs : {"0$1$1", "1$1$1", "15$1$1", "16$0$1", "16$1$0", "16$1$5", "16$65$1",
                                  "1048576$8$1", "-16$1$1", "16 $1$1", "$1$1", "99999999999$1$1", "16$1"})
    BOOST_TEST(!PasswordHash::parse(text(costs)).has_value(), costs);
  BOOST_TEST(!PasswordHash::parse("").has_value());
  BOOST_TEST(!PasswordHash::parse(text("16$1$1") + "$").has_value());
  BOOST_TEST(!PasswordHash::parse(text("16$1$1") + "0").has_value());
  BOOST_TEST(!PasswordHash::parse("bcrypt$16$1$1$" + salt + "$" + key).has_value());
  BOOST_TEST(!PasswordHash::parse("scrypt$16$1$1$" + salt.substr(2) + "$" + key).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
