// Messages through a real broker, MQTT 5.0 and 3.1.1, QoS 1 (MQTT 5.0 section 4.3.2).
#include <boost/test/unit_test.hpp>

#include "tests/shared/mqtt/recorder.hpp"
#include "tests/support/mosquitto_fixture.hpp"

namespace sitegate::mqtt {
namespace {

using tests::MosquittoFixture;
using Kind = PublishOutcome::Kind;

BrokerSettings open_settings(const MosquittoFixture& broker, const std::string& client_id,
                             Protocol protocol) {
  BrokerSettings settings;
  settings.url = broker.url();
  settings.client_id = client_id;
  settings.protocol = protocol;
  settings.retry_base = std::chrono::milliseconds(20);
  settings.retry_cap = std::chrono::milliseconds(200);
  settings.retry_seed = 1;
  return settings;
}

void publish_and_hear_it(Protocol protocol) {
  MosquittoFixture broker(MosquittoFixture::Security::open);
  Recorder client(open_settings(broker, "one", protocol), {"a/+", "b/#"});
  BOOST_REQUIRE(client.wait_connected());
  const std::string payload("\0\1binary\xff", 9);
  BOOST_REQUIRE(client->publish("a/x", as_bytes(payload), 7).has_value());
  BOOST_REQUIRE(client->publish("b/y/z", as_bytes(""), 8).has_value());
  BOOST_TEST(client.wait_message("a/x", payload));
  BOOST_TEST(client.wait_message("b/y/z", ""));
  for (const std::uint64_t tag : {7, 8}) {
    const auto outcome = client.wait_outcome(tag);
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->kind == Kind::delivered));
  }
  const auto state = client->state();
  BOOST_TEST(state.connected);
  BOOST_TEST((state.protocol == (protocol == Protocol::v3_1_1 ? Protocol::v3_1_1 : Protocol::v5)));
  BOOST_TEST(state.delivered == 2U);
  BOOST_TEST(state.received == 2U);
  BOOST_TEST(state.in_flight == 0U);
}

BOOST_AUTO_TEST_CASE(round_trip_mqtt_5) {
  publish_and_hear_it(Protocol::automatic);
}
BOOST_AUTO_TEST_CASE(round_trip_mqtt_3_1_1) {
  publish_and_hear_it(Protocol::v3_1_1);
}

BOOST_AUTO_TEST_CASE(after_kill_of_the_broker_it_returns_and_subscribes_again) {
  MosquittoFixture broker(MosquittoFixture::Security::open);
  Recorder client(open_settings(broker, "one", Protocol::automatic), {"a/#"});
  BOOST_REQUIRE(client.wait_connected());
  broker.kill();
  BOOST_REQUIRE(tests::wait_until([&] { return !client->connected(); }));
  const auto refused = client->publish("a/x", as_bytes("early"), 1);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(is(refused.error(), MqttErrc::not_connected), refused.error().text());
  broker.start();
  BOOST_REQUIRE(client.wait_connected(2));
  BOOST_REQUIRE(client->publish("a/x", as_bytes("late"), 2).has_value());
  BOOST_TEST(client.wait_message("a/x", "late"));
  BOOST_TEST(client.seen().disconnected.size() == 1U);
  BOOST_TEST(client->state().connections == 2U);
}

}  // namespace
}  // namespace sitegate::mqtt
