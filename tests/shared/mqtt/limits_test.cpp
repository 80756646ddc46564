// Too much, too large, not connected, and settings that cannot work.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/shared/mqtt/recorder.hpp"
#include "tests/shared/mqtt/settings.hpp"
#include "tests/support/free_port.hpp"

namespace sitegate::mqtt {
namespace {

using tests::MosquittoFixture;

BOOST_AUTO_TEST_CASE(what_is_too_large_is_refused_before_it_is_sent) {
  MosquittoFixture broker(MosquittoFixture::Security::open);
  auto settings = quick_settings(broker.url(), "one");
  settings.message_size_max = 1000;
  Recorder client(settings, {"a/#"});
  BOOST_REQUIRE(client.wait_connected());
  const auto refused = client->publish("a/x", Bytes(1001), 1);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(is(refused.error(), MqttErrc::too_large), refused.error().text());
  BOOST_TEST(client->publish("a/x", Bytes(1000), 2).has_value());
  BOOST_TEST(client.wait_outcome(2).has_value());
  BOOST_TEST(client.seen().outcomes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_comes_in_too_large_is_dropped_and_counted) {
  MosquittoFixture broker(MosquittoFixture::Security::open);
  auto settings = quick_settings(broker.url(), "small");
  settings.message_size_max = 1000;
  Recorder small(settings, {"a/#"});
  Recorder large(quick_settings(broker.url(), "large"), {});
  BOOST_REQUIRE(small.wait_connected());
  BOOST_REQUIRE(large.wait_connected());
  BOOST_REQUIRE(large->publish("a/x", Bytes(1001), 1).has_value());
  BOOST_REQUIRE(large->publish("a/x", as_bytes("fits"), 2).has_value());
  BOOST_TEST(small.wait_message("a/x", "fits"));
  const auto seen = small.seen();
  BOOST_TEST(seen.messages.size() == 1U);
  BOOST_REQUIRE(seen.oversized.size() == 1U);
  BOOST_TEST(seen.oversized[0] == 1001U);
  BOOST_TEST(small->state().oversized == 1U);
}

BOOST_AUTO_TEST_CASE(in_flight_is_bounded_and_opens_again) {
  MosquittoFixture broker(MosquittoFixture::Security::open);
  auto settings = quick_settings(broker.url(), "one");
  settings.in_flight_max = 3;
  Recorder client(settings, {});
  BOOST_REQUIRE(client.wait_connected());
  broker.pause();
  for (std::uint64_t tag = 1; tag <= 3; ++tag)
    BOOST_REQUIRE(client->publish("a", as_bytes("x"), tag).has_value());
  const auto refused = client->publish("a", as_bytes("x"), 4);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(is(refused.error(), MqttErrc::too_much_in_flight), refused.error().text());
  broker.resume();
  for (std::uint64_t tag = 1; tag <= 3; ++tag) BOOST_REQUIRE(client.wait_outcome(tag).has_value());
  BOOST_REQUIRE(client->publish("a", as_bytes("x"), 4).has_value());
  BOOST_TEST(client.wait_outcome(4).has_value());
}

BOOST_AUTO_TEST_CASE(a_thousand_messages_under_the_default_bound_all_arrive) {
  MosquittoFixture broker(MosquittoFixture::Security::open);
  Recorder client(quick_settings(broker.url(), "one"), {"a/#"});
  BOOST_REQUIRE(client.wait_connected());
  for (std::uint64_t tag = 1; tag <= 1000; ++tag)
    BOOST_REQUIRE(tests::wait_until([&] { return client->publish("a/x", as_bytes("x"), tag).has_value(); }));
  BOOST_REQUIRE(tests::wait_until(
      [&] { return client->state().delivered == 1000 && client->state().received >= 1000; }));
  BOOST_TEST(client->state().connections == 1U);
  BOOST_TEST(client->state().failed == 0U);
}

BOOST_AUTO_TEST_CASE(publishing_without_a_broker_is_refused_and_the_state_says_why) {
  const auto port = std::to_string(tests::free_port());
  Recorder client(quick_settings("mqtt://127.0.0.1:" + port, "one"), {});
  const auto refused = client->publish("a", as_bytes("x"), 1);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(is(refused.error(), MqttErrc::not_connected), refused.error().text());
  BOOST_REQUIRE(tests::wait_until([&] { return client->state().attempts_failed > 0; }));
  BOOST_TEST(
      tests::wait_until([&] { return client->state().text.find("nothing listens at") != std::string::npos; }),
      client->state().text);
  BOOST_TEST(client.seen().connected == 0);
  BOOST_TEST(client.seen().disconnected.empty());
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_exist_is_told) {
  Recorder client(quick_settings("mqtt://no-such-broker.invalid:1883", "one"),
                  {});  // RFC 2606: never resolves
  BOOST_TEST(
      tests::wait_until([&] { return client->state().text.find("cannot be resolved") != std::string::npos; }),
      client->state().text);
}

void expect_bad(BrokerSettings settings, const std::string& word) {
  const auto started = Client::start(std::move(settings), {}, {});
  BOOST_REQUIRE(!started.has_value());
  BOOST_TEST(is(started.error(), MqttErrc::bad_settings), started.error().text());
  BOOST_TEST(started.error().text().find(word) != std::string::npos, started.error().text());
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_work_are_refused_at_once) {
  expect_bad(quick_settings("http://broker", "one"), "mqtts");
  expect_bad(quick_settings("broker:1883", "one"), "scheme");
  expect_bad(quick_settings("mqtt://", "one"), "host");
  expect_bad(quick_settings("mqtt://broker:0", "one"), "port");
  expect_bad(quick_settings("mqtt://broker:1883/path", "one"), "port");
  expect_bad(quick_settings("mqtt://broker", ""), "client_id");
  expect_bad(quick_settings("mqtts://broker", "one"), "ca_file");
  auto settings = quick_settings("mqtt://broker", "one");
  settings.in_flight_max = 0;
  expect_bad(settings, "in_flight_max");
}

}  // namespace
}  // namespace sitegate::mqtt
