// Tokens and the links that bring them to a phone.
#include "devices/tag/device_token.hpp"

#include <boost/test/unit_test.hpp>

#include "shared/crypto/digest.hpp"
#include "tests/devices/tag/tag_fixture.hpp"

namespace sitegate::devices::tag {
namespace {

const UtcTime end{std::chrono::seconds{1'690'756'200}};

bool refused(const std::string& query) {
  const auto link = parse_enrolment(query, enrolment_key);
  return !link && is(link.error(), TagErrc::bad_token);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(device_token)

BOOST_AUTO_TEST_CASE(tokens) {
  const auto token = DeviceToken::make();
  BOOST_TEST(token.text().size() == 64u);
  BOOST_TEST(DeviceToken::parse(token.text())->text() == token.text());
  BOOST_TEST((token.hash() == crypto::sha256(*from_hex(token.text()))));
  BOOST_TEST(DeviceToken::make().text() != token.text());
}

BOOST_AUTO_TEST_CASE(what_is_no_token) {
  for (const auto& text : {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'),
                           std::string(64, 'g'), std::string(63, 'a') + '\0', std::string(10'000, 'a')})
    BOOST_TEST(!DeviceToken::parse(text));
}

BOOST_AUTO_TEST_CASE(a_link_comes_back_as_it_was_made) {
  const EnrolmentLink link{DeviceToken::make(), end};
  const auto query = enrolment_query(link, enrolment_key);
  BOOST_TEST(query.find("&until=1690756200&code=") != std::string::npos);
  for (const auto& sent : {query, query + "&lang=vi"}) {
    const auto back = parse_enrolment(sent, enrolment_key);
    BOOST_REQUIRE(back);
    BOOST_TEST(back.value().token.text() == link.token.text());
    BOOST_TEST((back.value().until == end));
  }
}

BOOST_AUTO_TEST_CASE(altered_links_are_refused) {
  const auto query = enrolment_query({DeviceToken::make(), end}, enrolment_key);
  for (std::size_t at = query.find('=') + 1; at < query.size(); ++at) {
    auto altered = query;
    altered[at] = altered[at] == '1' ? '2' : '1';
    BOOST_TEST(refused(altered), altered);
  }
  BOOST_TEST(refused(""));
  BOOST_TEST(refused(query.substr(0, query.size() - 2)));
  BOOST_TEST(refused("x=1&" + query));
  BOOST_TEST(refused(query + std::string(enrolment_query_size_max, '&')));
  BOOST_TEST(refused("token=&until=&code="));
}

BOOST_AUTO_TEST_CASE(another_sites_link) {
  BOOST_TEST(refused(enrolment_query({DeviceToken::make(), end}, meta_key)));
}

BOOST_AUTO_TEST_CASE(errors_never_show_the_token) {
  const auto link = EnrolmentLink{DeviceToken::make(), end};
  auto query = enrolment_query(link, enrolment_key);
  query.back() = query.back() == '0' ? '1' : '0';
  BOOST_TEST(parse_enrolment(query, enrolment_key).error().text().find(link.token.text().substr(0, 8)) ==
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::tag
