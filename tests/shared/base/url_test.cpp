// URLs as in RFC 3986, the subset that names readers, brokers and stores.
#include "shared/base/url.hpp"

#include <boost/test/unit_test.hpp>

using namespace sitegate;

namespace {

Url url(std::string_view text) {
  return parse_url(text).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(urls)

BOOST_AUTO_TEST_CASE(a_reader_with_a_query) {
  const Url reader = url("card+pcsc:///ACR1252?gate=1&direction=entry");
  BOOST_TEST(reader.scheme == "card+pcsc");
  BOOST_TEST(reader.authority.empty());
  BOOST_TEST(reader.path == "/ACR1252");
  BOOST_TEST(reader.get("gate") == "1");
  BOOST_TEST(reader.get("direction") == "entry");
  BOOST_TEST(reader.get("absent").empty());
  BOOST_TEST(reader.get("absent", "otherwise") == "otherwise");
}

BOOST_AUTO_TEST_CASE(a_broker_with_host_and_port) {
  const Url broker = url("mqtts://broker.example:8883");
  BOOST_TEST(broker.scheme == "mqtts");
  BOOST_TEST(broker.authority == "broker.example:8883");
  BOOST_TEST(broker.path.empty());
}

BOOST_AUTO_TEST_CASE(a_store_by_absolute_and_by_relative_path) {
  BOOST_TEST(url("lmdb:/var/lib/store").path == "/var/lib/store");
  BOOST_TEST(url("lmdb:/var/lib/store").authority.empty());
  BOOST_TEST(url("lmdb:store").path == "store");
  BOOST_TEST(url("lmdb:///var/lib/store").path == "/var/lib/store");
}

BOOST_AUTO_TEST_CASE(percent_escapes_are_decoded_in_path_and_query) {
  const Url reader = url("card+pcsc:///ACS%20ACR1252%2f0?name=%E9%96%80&a%26b=c%3Dd");
  BOOST_TEST(reader.path == "/ACS ACR1252/0");
  BOOST_TEST(reader.get("name") == "門");
  BOOST_TEST(reader.get("a&b") == "c=d");
}

BOOST_AUTO_TEST_CASE(a_query_value_may_be_empty_and_may_hold_an_equals_sign) {
  BOOST_TEST(url("x:y?a=&b=1=2").get("a", "otherwise").empty());
  BOOST_TEST(url("x:y?a=&b=1=2").get("b") == "1=2");
}

BOOST_AUTO_TEST_CASE(without_a_scheme_there_is_no_url) {
  for (const char* wrong : {"", "store", "/var/lib/store", ":store"}) {
    const auto result = parse_url(wrong);
    BOOST_REQUIRE(!result);
    BOOST_TEST(is(result.error(), UrlErrc::no_scheme), wrong);
  }
}

BOOST_AUTO_TEST_CASE(a_broken_escape_is_named) {
  for (const char* wrong : {"x:%", "x:a%4", "x:%zz", "x:y?a=%", "x:y?%1=b"}) {
    const auto result = parse_url(wrong);
    BOOST_REQUIRE(!result);
    BOOST_TEST(is(result.error(), UrlErrc::bad_escape), wrong);
  }
}

BOOST_AUTO_TEST_CASE(a_query_part_without_a_key_or_a_value_is_named) {
  for (const char* wrong : {"x:y?a", "x:y?=b", "x:y?a=1&b", "x:y?a=1&&b=2"}) {
    const auto result = parse_url(wrong);
    BOOST_REQUIRE(!result);
    BOOST_TEST(is(result.error(), UrlErrc::bad_query), wrong);
  }
}

BOOST_AUTO_TEST_SUITE_END()
