// Who calls: RFC 3261 20.10 (name-addr, addr-spec), RFC 3325 9.1 and 9.3 (P-Asserted-Identity, Privacy: id),
// RFC 3323 4.1.1.3 and 4.2 (anonymous From, Privacy: user).
#include "devices/phone/caller.hpp"

#include <boost/test/unit_test.hpp>

namespace sitegate::devices::phone {
namespace {

const NumberPlan japan;

// The number, or the error's name.
std::string caller(const CallerHeaders& headers) {
  const auto number = caller_number(headers, japan);
  if (number) return number.value();
  if (is(number.error(), PhoneErrc::withheld)) return "withheld";
  if (is(number.error(), PhoneErrc::no_identity)) return "no identity";
  return "bad number";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(phone_caller)

BOOST_AUTO_TEST_CASE(rfc_3261_20_10_forms_of_an_address) {
  const Party expected{"sip", "+819012345678", "trunk.example"};
  for (const auto* text :
       {"<sip:+819012345678@trunk.example>", "sip:+819012345678@trunk.example;tag=1",
        "\"Suzuki\" <sip:+819012345678@trunk.example;user=phone>;tag=a",
        "Suzuki <SIP:+819012345678@Trunk.Example:5060>",
        "\"a <sip:evil@x> \\\" b\" <sip:+819012345678@trunk.example>",
        "  <sip:+819012345678@trunk.example>  ", "<sip:+819012345678:secret@trunk.example>"})
    BOOST_TEST((parse_party(text) == expected), text);
  BOOST_TEST((parse_party("<tel:+81-90-1234-5678;ext=1>") == Party{"tel", "+81-90-1234-5678;ext=1", ""}));
  BOOST_TEST((parse_party("tel:+819012345678") == Party{"tel", "+819012345678", ""}));
  BOOST_TEST((parse_party("<sip:trunk.example>") == Party{"sip", "", "trunk.example"}));
  BOOST_TEST((parse_party("<sips:090@[2001:DB8::1]:5061>") == Party{"sips", "090", "[2001:db8::1]"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_address) {
  for (const auto* text :
       {"", "<", "<sip:", "<sip:>", "\"open", "mailto:a@b", "<http://a>", "sip", "<sip:a@>", "tel:"})
    BOOST_TEST(!parse_party(text), text);
  BOOST_TEST(!parse_party("<sip:" + std::string(2000, '9') + "@a>"));
}

BOOST_AUTO_TEST_CASE(rfc_3325_9_1_the_asserted_identity_is_believed_before_from) {
  BOOST_TEST(caller({"<sip:0312345678@t>", {"<sip:+819012345678@t>"}, ""}) == "+819012345678");
  BOOST_TEST(caller({"<sip:0312345678@t>", {"<sip:suzuki@t>", "<tel:+819012345678>"}, ""}) ==
             "+819012345678");
  BOOST_TEST(caller({"<sip:0312345678@t>", {}, ""}) == "+81312345678");
  // An identity that cannot be used is not replaced by one the caller wrote himself.
  BOOST_TEST(caller({"<sip:0312345678@t>", {"<sip:suzuki@t>"}, ""}) == "bad number");
  BOOST_TEST(caller({"<sip:0312345678@t>", {"nothing"}, ""}) == "no identity");
}

BOOST_AUTO_TEST_CASE(rfc_3323_and_3325_withheld_numbers) {
  BOOST_TEST(caller({"<sip:anonymous@anonymous.invalid>", {}, ""}) == "withheld");
  BOOST_TEST(caller({"\"Anonymous\" <sip:Anonymous@trunk.example>", {}, ""}) == "withheld");
  BOOST_TEST(caller({"<sip:c8oqz84zk7z@anonymous.invalid>", {"<sip:+819012345678@t>"}, ""}) == "withheld");
  BOOST_TEST(caller({"<sip:09012345678@t>", {"<sip:+819012345678@t>"}, "id"}) == "withheld");
  BOOST_TEST(caller({"<sip:09012345678@t>", {}, "header; User"}) == "withheld");
  BOOST_TEST(caller({"<sip:09012345678@t>", {}, "critical,id"}) == "withheld");
  BOOST_TEST(caller({"<sip:09012345678@t>", {}, "none"}) == "+819012345678");
  BOOST_TEST(caller({"<sip:unavailable@unknown.invalid>", {}, ""}) == "withheld");
}

BOOST_AUTO_TEST_CASE(callers_without_a_number) {
  BOOST_TEST(caller({"<sip:suzuki@trunk.example>", {}, ""}) == "bad number");
  BOOST_TEST(caller({"<sip:trunk.example>", {}, ""}) == "no identity");
  BOOST_TEST(caller({"", {}, ""}) == "no identity");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
