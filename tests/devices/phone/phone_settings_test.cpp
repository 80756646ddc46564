// What a phone reader's URL may say, and what is said of what it may not.
#include "devices/phone/phone_settings.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "tests/devices/phone/phone_fixture.hpp"

namespace sitegate::devices::phone {
namespace {

std::string refusal(const std::string& url) {
  const auto settings = phone_settings(parse_url(url).value());
  return settings ? "" : settings.error().text();
}
std::string with(const std::string& query) {
  return "phone+sip://0.0.0.0:5060?trunk=192.0.2.10&" + query;
}
bool says(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(phone_settings_urls)

BOOST_AUTO_TEST_CASE(everything_left_unsaid) {
  const auto settings = phone_settings(parse_url("phone+sip://0.0.0.0?trunk=192.0.2.10").value());
  BOOST_REQUIRE(settings);
  const auto& known = settings.value();
  BOOST_TEST(known.address == "0.0.0.0");
  BOOST_TEST(known.port == 5060);
  BOOST_TEST((known.udp && known.tcp));
  BOOST_TEST((known.answer == CallAnswer::decline));
  BOOST_TEST(known.plan.country == "81");
  BOOST_TEST(known.numbers.size() == 0u);
  BOOST_TEST(!known.account);
}

BOOST_AUTO_TEST_CASE(addresses) {
  const auto six = phone_settings(parse_url("phone+sip://[2001:db8::1]:5070?trunk=192.0.2.10").value());
  BOOST_REQUIRE(six);
  BOOST_TEST(six.value().address == "2001:db8::1");
  BOOST_TEST(six.value().port == 5070);
  BOOST_TEST(phone_settings(parse_url("phone+sip://[::]?trunk=192.0.2.10").value()).value().port == 5060);
  for (const auto* bad : {"gate.example:5060", "0.0.0.0:0", "0.0.0.0:70000", "[::", "", "0.0.0.0:x"})
    BOOST_TEST(refusal(std::string("phone+sip://") + bad + "?trunk=192.0.2.10") != "", bad);
}

BOOST_AUTO_TEST_CASE(without_a_trusted_trunk_it_does_not_open) {
  BOOST_TEST(says(refusal("phone+sip://0.0.0.0:5060"), "trunk"));
  BOOST_TEST(says(refusal("phone+sip://0.0.0.0:5060?trunk=everybody"), "everybody"));
}

BOOST_AUTO_TEST_CASE(damaged_values_are_named) {
  BOOST_TEST(says(refusal(with("mode=ring")), "mode: ring"));
  BOOST_TEST(says(refusal(with("transport=sctp")), "sctp"));
  BOOST_TEST(says(refusal(with("country=Japan")), "Japan"));
  BOOST_TEST(says(refusal(with("rtp=9000-8000")), "rtp"));
  BOOST_TEST(says(refusal(with("rtp=9000")), "rtp"));
  BOOST_TEST(says(refusal(with("numbers=101:door")), "door"));
  BOOST_TEST(says(refusal(with("numbers=101&numbers_file=/x")), "either"));
  BOOST_TEST(says(refusal(with("numbers_file=/no/such/file")), "/no/such/file"));
  BOOST_TEST(says(refusal(with("accepted_sound=/no/such/file")), "/no/such/file"));
  BOOST_TEST(says(refusal(with("number=101")), "\"number\""));
}

BOOST_AUTO_TEST_CASE(lists_and_passwords_come_from_files) {
  const tests::TemporaryFolder folder;
  const auto numbers = write_file(folder, "numbers", "# north\n+81312345678:gate=north:entry\n");
  const auto password = write_file(folder, "password", "s3cret\n");
  ::chmod(password.c_str(), 0600);
  const auto query = "numbers_file=" + numbers + "&register=0312345678@192.0.2.10:5070&password=" + password;
  const auto settings = phone_settings(parse_url(with(query)).value());
  BOOST_REQUIRE(settings);
  BOOST_TEST((settings.value().numbers.find("0312345678") == CalledPlace{"north", Direction::entry}));
  BOOST_TEST(settings.value().account->host == "192.0.2.10:5070");
  BOOST_TEST(settings.value().account->password == "s3cret");
  ::chmod(password.c_str(), 0644);
  BOOST_TEST(says(refusal(with(query)), "chmod 600"));
  BOOST_TEST(says(refusal(with("register=0312345678@192.0.2.10")), "password"));
  BOOST_TEST(says(refusal(with("register=0312345678&password=" + password)), "expected <user>@<registrar>"));
  BOOST_TEST(says(refusal(with("register=a>b@host&password=" + password)), "expected <user>@<registrar>"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
