// Telephone numbers: ITU-T E.164 6 (international number, at most 15 digits), RFC 3966 3 and 5.1 (tel URI).
#include "devices/phone/phone_number.hpp"

#include <boost/test/unit_test.hpp>

namespace sitegate::devices::phone {
namespace {

const NumberPlan japan;

std::string full(std::string_view text, const NumberPlan& plan = japan) {
  const auto number = to_e164(text, plan);
  return number ? number.value() : "refused";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(phone_number)

BOOST_AUTO_TEST_CASE(the_ways_a_japanese_trunk_writes_one_number) {
  for (const auto* text : {"09012345678", "090-1234-5678", "+819012345678", "+81 90 1234 5678",
                           "819012345678", "010819012345678", "%2B819012345678",
                           "+81-90-1234-5678;user=phone", "090.1234.5678", "+81(90)12345678"})
    BOOST_TEST(full(text) == "+819012345678", text);
}

BOOST_AUTO_TEST_CASE(land_lines_and_foreign_numbers) {
  BOOST_TEST(full("0312345678") == "+81312345678");
  BOOST_TEST(full("0101 212 555 0123") == "+12125550123");
  BOOST_TEST(full("+84901234567") == "+84901234567");
  BOOST_TEST(full("0901234567", NumberPlan{"84", "00"}) == "+84901234567");
  BOOST_TEST(full("0081312345678", NumberPlan{"84", "00"}) == "+81312345678");
}

BOOST_AUTO_TEST_CASE(rfc_3966_5_1_5_phone_context) {
  BOOST_TEST(full("1234567;phone-context=+8190") == "+81901234567");
  BOOST_TEST(full("0901234567;phone-context=+84;ext=1") == "+84901234567");
  BOOST_TEST(full("09012345678;phone-context=example.jp") == "+819012345678");
}

BOOST_AUTO_TEST_CASE(what_names_nobody) {
  for (const auto* text :
       {"", "+", "101", "8112", "anonymous", "suzuki", "+0312345678", "++819012345678", "090x1234567",
        "+1234567890123456", "+123456", "%2", "%ZZ", "0", "010", ";phone-context=+81", "９０１２"})
    BOOST_TEST(full(text) == "refused", text);
  BOOST_TEST(full(std::string(number_size_max + 1, '1')) == "refused");
  BOOST_TEST(is(to_e164("101", japan).error(), PhoneErrc::bad_number));
}

BOOST_AUTO_TEST_CASE(logs_show_no_whole_number) {
  BOOST_TEST(masked_number("+819012345678") == "+8190…78");
  BOOST_TEST(masked_number("101") == "101");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
