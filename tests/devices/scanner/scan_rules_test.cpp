// What a scanned line names, and why it names nobody.
#include "devices/scanner/scan_rules.hpp"

#include <boost/test/unit_test.hpp>

#include "devices/reader.hpp"

namespace sitegate::devices::scanner {

namespace {

ScanRules rules_of(const std::string& query) {
  auto rules = scan_rules(parse_url("scanner+serial:///dev/x?" + query).value());
  if (!rules) BOOST_FAIL(rules.error().text());
  return std::move(rules).value();
}
std::string refusal_of_rules(const std::string& query) {
  const auto rules = scan_rules(parse_url("scanner+serial:///dev/x?" + query).value());
  BOOST_REQUIRE(!rules);
  BOOST_TEST(is(rules.error(), ReaderErrc::bad_setting));
  return rules.error().detail;
}
/// The text of the code, "technician …", or "!" and the category of the refusal.
std::string scanned(const std::string& query, std::string_view line) {
  const auto credential = scanned_credential(rules_of(query), line);
  if (!credential)
    return "!" + std::string(errc_text(static_cast<ScanErrc>(credential.error().code.value())));
  if (const auto* code = std::get_if<CodeCredential>(&credential.value())) return code->text;
  return "technician " + std::get<TechnicianCredential>(credential.value()).technician.text();
}

const std::string no_code = "!no usable code";
const std::string foreign = "!not a code of this kind";
const std::string wrong_check = "!the check digit is wrong";
const std::string no_technician = "!not a technician ID";

}  // namespace

BOOST_AUTO_TEST_SUITE(scan_rules_suite)

BOOST_AUTO_TEST_CASE(a_code_is_kept_as_scanned) {
  BOOST_TEST(scanned("", "A-17/b c") == "A-17/b c");
  BOOST_TEST(scanned("", " A-17 ") == "A-17");
  BOOST_TEST(scanned("", "00123456789012") == "00123456789012");
  BOOST_TEST(scanned("", "https://example.jp/?t=1") == "https://example.jp/?t=1");
}

BOOST_AUTO_TEST_CASE(what_no_code_holds_is_refused) {
  BOOST_TEST(scanned("", std::string_view("A\0B", 3)) == no_code);
  BOOST_TEST(scanned("",
                     "A\x1d"
                     "B") == no_code);
  BOOST_TEST(scanned("", "青空") == no_code);
  BOOST_TEST(scanned("", "  ") == no_code);
  BOOST_TEST(scanned("", std::string(64, 'x')) == std::string(64, 'x'));
  BOOST_TEST(scanned("", std::string(65, 'x')) == no_code);
}

BOOST_AUTO_TEST_CASE(a_technicians_code_is_handed_on_whole_and_no_other_long_one) {
  const std::string code = "SG1:" + std::string(141, 'A');  // whether it is good, the gate finds out
  BOOST_TEST(scanned("", code) == code);
  BOOST_TEST(scanned("aim=strip", "]Q1" + code + " ") == code);
  BOOST_TEST(scanned("", code + "A") == no_code);
  BOOST_TEST(scanned("", std::string(145, 'A')) == no_code);
}

BOOST_AUTO_TEST_CASE(the_reason_does_not_tell_the_code) {
  for (const auto* query : {"", "accept=technician_id", "check=luhn", "prefix=X"}) {
    const auto credential = scanned_credential(rules_of(query), "SECRET\x01");
    BOOST_REQUIRE(!credential);
    BOOST_TEST(credential.error().text().find("SECRET") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_technician_id_is_taken_only_where_the_site_says_so) {
  BOOST_TEST(scanned("accept=technician_id", "00000000000101") == "technician 00000000000101");
  BOOST_TEST(scanned("accept=technician_id", "0000000000101") == no_technician);
  BOOST_TEST(scanned("accept=technician_id", "00000000000000") == no_technician);
  BOOST_TEST(scanned("accept=technician_id", "0000000000010A") == no_technician);
  BOOST_TEST(scanned("accept=code", "00000000000101") == "00000000000101");
}

// ISO/IEC 15424:2008, section 4: "]", code character, modifier.
BOOST_AUTO_TEST_CASE(symbology_identifiers_of_iso_15424) {
  BOOST_TEST(scanned("", "]Q1A17") == "]Q1A17");
  BOOST_TEST(scanned("aim=strip", "]Q1A17") == "A17");
  BOOST_TEST(scanned("aim=strip", "A17") == "A17");
  BOOST_TEST(scanned("aim=strip", "]17") == "]17");
  BOOST_TEST(scanned("aim=QC", "]Q1A17") == "A17");
  BOOST_TEST(scanned("aim=QC", "]C0A17") == "A17");
  BOOST_TEST(scanned("aim=QC", "]A0A17") == foreign);
  BOOST_TEST(scanned("aim=QC", "A17") == foreign);
  BOOST_TEST(scanned("aim=strip", "]Q1") == no_code);
}

BOOST_AUTO_TEST_CASE(prefix_and_suffix_must_be_there_and_are_no_part) {
  BOOST_TEST(scanned("prefix=SG:&suffix=;", "SG:A17;") == "A17");
  BOOST_TEST(scanned("prefix=SG:&suffix=;", "SG:A17") == foreign);
  BOOST_TEST(scanned("prefix=SG:", "XX:A17") == foreign);
  BOOST_TEST(scanned("prefix=SG:&aim=strip", "]Q1SG:A17") == "A17");
  BOOST_TEST(scanned("prefix=AB&suffix=BC", "ABC") == foreign);
}

BOOST_AUTO_TEST_CASE(a_check_is_kept_or_removed) {
  BOOST_TEST(scanned("check=luhn", "79927398713") == "79927398713");
  BOOST_TEST(scanned("check=luhn&check_character=remove", "79927398713") == "7992739871");
  BOOST_TEST(scanned("check=luhn", "79927398710") == wrong_check);
  BOOST_TEST(scanned("check=mod43&prefix=N", "N159AZH") == "159AZH");
}

BOOST_AUTO_TEST_CASE(a_roster_sheets_technician_id_with_a_check) {
  BOOST_TEST(scanned("accept=technician_id&check=mod10&prefix=T", "T000000000001014") ==
             "technician 00000000000101");
  BOOST_TEST(scanned("accept=technician_id&check=mod10&prefix=T", "T000000000001013") == wrong_check);
  BOOST_TEST(scanned("accept=technician_id&check=mod10&check_character=keep", "00000000001014") ==
             "technician 00000000001014");
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_used_are_refused) {
  BOOST_TEST(refusal_of_rules("accept=all").find("code or technician_id") != std::string::npos);
  refusal_of_rules("aim=Q1");
  refusal_of_rules("aim=");
  refusal_of_rules("check=mod7");
  refusal_of_rules("check=luhn&check_character=yes");
  refusal_of_rules("prefix=%0a");
  refusal_of_rules("suffix=" + std::string(33, 'x'));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::scanner
