// Topics (MQTT 5.0 section 4.7; here without wildcards, spaces or empty levels).
#include "shared/wire/topic.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace sitegate::wire::test {

BOOST_AUTO_TEST_CASE(a_topic_comes_out_as_it_went_in) {
  for (const char* gateway : {"a", "Gate-1", "000000000000000000000000000000000000000000000000"})
    for (const std::uint16_t bucket : {0, 1, 63, 64, 1'023})
      for (const auto channel :
           {Channel::history, Channel::receipt, Channel::roster, Channel::health, Channel::command}) {
        const Topic topic{bucket, *GatewayId::parse(gateway), channel};
        BOOST_TEST((parse_topic(to_text(topic)) == topic));
      }
}

BOOST_AUTO_TEST_CASE(the_form_is_bucket_gateway_channel) {
  BOOST_TEST(to_text(Topic{7, *GatewayId::parse("gate-1"), Channel::history}) ==
             "sitegate/v1/7/gate-1/history");
  BOOST_TEST(topic_filter(Channel::health) == "sitegate/v1/+/+/health");
}

const char* const refused_topics[] = {
    "",
    "sitegate",
    "sitegate/v1/",
    "sitegate/v1/7",
    "sitegate/v1/7/gate-1",
    "sitegate/v1/7/gate-1/",
    "sitegate/v1/7/gate-1/other",
    "sitegate/v1/7/gate-1/history/",
    "sitegate/v1/7/gate-1/history/more",
    "sitegate/v1/7//history",
    "sitegate/v1//gate-1/history",
    "sitegate/v1/+/gate-1/history",
    "sitegate/v1/7/+/history",
    "sitegate/v1/7/#",
    "sitegate/v1/07/gate-1/history",
    "sitegate/v1/-1/gate-1/history",
    "sitegate/v1/ 7/gate-1/history",
    "sitegate/v1/7x/gate-1/history",
    "sitegate/v1/1024/gate-1/history",
    "sitegate/v1/65536/gate-1/history",
    "sitegate/v1/99999999999999999999/gate-1/history",
    "sitegate/v2/7/gate-1/history",
    "Sitegate/v1/7/gate-1/history",
    "/sitegate/v1/7/gate-1/history",
    "sitegate/v1/7/gate 1/history",
    "sitegate/v1/7/gate_1/history",
    "sitegate/v1/7/ゲート/history",
    "sitegate/v1/7/0000000000000000000000000000000000000000000000000/history",
    "sitegate/v1/7/gate-1/History",
    "sitegate/v1/7/gate-1/history ",
};

BOOST_DATA_TEST_CASE(any_other_form_is_no_topic, boost::unit_test::data::make(refused_topics)) {
  BOOST_TEST(!parse_topic(sample));
}

BOOST_AUTO_TEST_CASE(a_gateway_lives_in_one_of_64_buckets) {
  std::array<int, 64> gateways{};
  for (int i = 0; i < 6'400; ++i) {
    const auto bucket = default_bucket(*GatewayId::parse("gate-" + std::to_string(i)));
    BOOST_REQUIRE(bucket < 64);
    ++gateways[bucket];
  }
  for (const int count : gateways) BOOST_TEST((count > 40 && count < 180));  // 100 each on average
  BOOST_TEST(default_bucket(*GatewayId::parse("gate-1")) == default_bucket(*GatewayId::parse("gate-1")));
}

}  // namespace sitegate::wire::test
