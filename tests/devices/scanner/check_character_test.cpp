// Check digits against examples of the standards that define them.
#include "devices/scanner/check_character.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace sitegate::devices::scanner {

namespace {

/// The text keeps the rule, and with any other last character of `alphabet` it does not.
void check_only(CheckRule rule, const std::string& text, std::string_view alphabet = "0123456789") {
  BOOST_TEST_CONTEXT(to_text(rule) << " " << text) {
    BOOST_TEST(check_holds(rule, text));
    for (const char letter : alphabet)
      BOOST_TEST(check_holds(rule, text.substr(0, text.size() - 1) + letter) == (letter == text.back()));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check_character)

// GS1 General Specifications, section 7.9.1: GTIN-13, GTIN-14 and GTIN-8.
BOOST_AUTO_TEST_CASE(gs1_general_specifications_7_9) {
  check_only(CheckRule::mod10, "4006381333931");
  check_only(CheckRule::mod10, "10614141543219");
  check_only(CheckRule::mod10, "96385074");
}

// ISO/IEC 7812-1:2017, annex B.
BOOST_AUTO_TEST_CASE(iso_7812_1_annex_b) {
  check_only(CheckRule::luhn, "79927398713");
  check_only(CheckRule::luhn, "4992739871600" /* its check digit is the last 0 */);
}

// ISO/IEC 16388:2007, annex A: the sum of the characters' values modulo 43.
BOOST_AUTO_TEST_CASE(iso_16388_annex_a) {
  const std::string_view all = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
  check_only(CheckRule::mod43, "159AZH", all);
  check_only(CheckRule::mod43, "CODE39W", all);
  BOOST_TEST(!check_holds(CheckRule::mod43, "159azH"));
}

// ISO/IEC 7064:2003, MOD 11-2: "0794" has the check 0; and the ISNI/ORCID examples with digit and X.
BOOST_AUTO_TEST_CASE(iso_7064_mod_11_2) {
  check_only(CheckRule::mod11_2, "07940", "0123456789X");
  check_only(CheckRule::mod11_2, "0000000218250097", "0123456789X");
  check_only(CheckRule::mod11_2, "000000021694233X", "0123456789X");
}

// ISO/IEC 7064:2003, MOD 97-10: "794" has the check 44.
BOOST_AUTO_TEST_CASE(iso_7064_mod_97_10) {
  check_only(CheckRule::mod97, "79444");
  BOOST_TEST(check_size(CheckRule::mod97) == 2U);
}

BOOST_AUTO_TEST_CASE(a_check_alone_or_a_foreign_character_keeps_no_rule) {
  for (const auto rule :
       {CheckRule::mod10, CheckRule::luhn, CheckRule::mod43, CheckRule::mod11_2, CheckRule::mod97}) {
    BOOST_TEST(!check_holds(rule, ""));
    BOOST_TEST(!check_holds(rule, "0"));
    BOOST_TEST(!check_holds(rule,
                            "12\xff"
                            "4"));
    BOOST_TEST((parse_check_rule(to_text(rule)) == rule));
  }
  BOOST_TEST(check_holds(CheckRule::none, ""));
  BOOST_TEST(!parse_check_rule("mod7"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::scanner
