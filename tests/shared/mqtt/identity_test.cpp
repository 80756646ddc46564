// Mutual TLS with the deployed broker configuration: who gets in, and what they may say.
#include <boost/test/unit_test.hpp>

#include "tests/shared/mqtt/recorder.hpp"
#include "tests/shared/mqtt/settings.hpp"

namespace sitegate::mqtt {
namespace {

using tests::MosquittoFixture;
using Kind = PublishOutcome::Kind;

bool wait_text(const Recorder& client, const std::string& words) {
  return tests::wait_until([&] { return client->state().text.find(words) != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_gateway_and_the_cloud_hear_each_other) {
  MosquittoFixture broker;
  Recorder cloud(identified_settings(broker, "cloud"), {"sitegate/v1/+/+/history"});
  Recorder gateway(identified_settings(broker, "gate-1"), {"sitegate/v1/+/gate-1/receipt"});
  BOOST_REQUIRE(cloud.wait_connected());
  BOOST_REQUIRE(gateway.wait_connected());
  BOOST_REQUIRE(gateway->publish("sitegate/v1/7/gate-1/history", as_bytes("batch"), 1).has_value());
  BOOST_TEST(cloud.wait_message("sitegate/v1/7/gate-1/history", "batch"));
  BOOST_REQUIRE(cloud->publish("sitegate/v1/7/gate-1/receipt", as_bytes("receipt"), 1).has_value());
  BOOST_TEST(gateway.wait_message("sitegate/v1/7/gate-1/receipt", "receipt"));
}

BOOST_AUTO_TEST_CASE(a_gateway_cannot_write_anothers_topic_nor_the_clouds) {
  MosquittoFixture broker;
  Recorder gateway(identified_settings(broker, "gate-1"), {});
  BOOST_REQUIRE(gateway.wait_connected());
  std::uint64_t tag = 0;
  for (const char* topic : {"sitegate/v1/7/gate-2/history", "sitegate/v1/7/gate-1/receipt",
                            "sitegate/v1/7/history", "elsewhere"}) {
    BOOST_REQUIRE(gateway->publish(topic, as_bytes("forged"), ++tag).has_value());
    const auto outcome = gateway.wait_outcome(tag);
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->kind == Kind::denied), topic);
    BOOST_TEST(outcome->reason_code == 0x87);
    BOOST_TEST(outcome->text == "not authorised (0x87)");
  }
  BOOST_TEST(gateway->state().denied == 4U);
  BOOST_TEST(gateway->connected());
}

BOOST_AUTO_TEST_CASE(a_gateway_does_not_hear_what_is_meant_for_another) {
  MosquittoFixture broker;
  Recorder cloud(identified_settings(broker, "cloud"), {});
  Recorder curious(identified_settings(broker, "gate-1"), {"sitegate/#"});
  BOOST_REQUIRE(cloud.wait_connected());
  BOOST_REQUIRE(curious.wait_connected());
  BOOST_REQUIRE(cloud->publish("sitegate/v1/7/gate-2/roster", as_bytes("names"), 1).has_value());
  BOOST_REQUIRE(cloud->publish("sitegate/v1/7/gate-1/roster", as_bytes("mine"), 2).has_value());
  BOOST_TEST(curious.wait_message("sitegate/v1/7/gate-1/roster", "mine"));
  BOOST_TEST(curious.seen().messages.size() == 1U);
}

BOOST_AUTO_TEST_CASE(nobody_takes_over_anothers_session_by_its_client_id) {
  MosquittoFixture broker;
  Recorder honest(identified_settings(broker, "gate-1"), {"sitegate/v1/+/gate-1/command"});
  BOOST_REQUIRE(honest.wait_connected());
  auto settings = identified_settings(broker, "gate-2");
  settings.client_id = "gate-1";
  Recorder thief(settings, {"sitegate/v1/+/gate-1/command"});
  Recorder cloud(identified_settings(broker, "cloud"), {});
  BOOST_REQUIRE(thief.wait_connected());
  BOOST_REQUIRE(cloud.wait_connected());
  BOOST_REQUIRE(cloud->publish("sitegate/v1/7/gate-1/command", as_bytes("open"), 1).has_value());
  BOOST_TEST(honest.wait_message("sitegate/v1/7/gate-1/command", "open"));
  BOOST_TEST(honest->connected());
  BOOST_TEST(honest.seen().disconnected.empty());
  BOOST_TEST(thief.seen().messages.empty());
}

BOOST_AUTO_TEST_CASE(a_broker_of_a_foreign_authority_is_refused) {
  MosquittoFixture broker;
  tests::TemporaryFolder foreign;
  const auto authority = crypto::make_authority(foreign.path(), SystemClock().now());
  auto settings = identified_settings(broker, "gate-1");
  settings.ca_file = authority.value().certificate;
  Recorder client(settings, {});
  BOOST_TEST(wait_text(client, "not signed by the authority in ca_file"), client->state().text);
  BOOST_TEST(client.seen().connected == 0);
}

BOOST_AUTO_TEST_CASE(a_client_of_a_foreign_authority_is_told_so) {
  MosquittoFixture broker;
  tests::TemporaryFolder foreign;
  const UtcTime now = SystemClock().now();
  const auto authority = crypto::make_authority(foreign.path(), now);
  const auto files = crypto::issue_client(authority.value(), foreign.path(), "gate-1", now);
  auto settings = identified_settings(broker, "gate-1");
  settings.certificate_file = files.value().certificate;
  settings.key_file = files.value().key;
  Recorder client(settings, {});
  BOOST_TEST(wait_text(client, "the server does not take our certificate"), client->state().text);
  BOOST_TEST(client.seen().connected == 0);
}

BOOST_AUTO_TEST_CASE(a_client_without_a_certificate_is_told_so) {
  MosquittoFixture broker;
  auto settings = identified_settings(broker, "gate-1");
  settings.certificate_file.clear();
  settings.key_file.clear();
  Recorder client(settings, {});
  BOOST_TEST(wait_text(client, "the server wants a client certificate"), client->state().text);
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_named_with_its_dates) {
  MosquittoFixture broker;
  tests::TemporaryFolder folder;
  const UtcTime long_ago = SystemClock().now() - std::chrono::days(400);
  const crypto::CertificateFiles& authority = broker.authority();
  const auto files = crypto::issue_client(authority, folder.path(), "gate-1", long_ago);
  auto settings = identified_settings(broker, "gate-1");
  settings.certificate_file = files.value().certificate;
  settings.key_file = files.value().key;
  Recorder client(settings, {});
  BOOST_TEST(wait_text(client, "certificate expired"), client->state().text);
  const auto info = crypto::read_certificate(files.value().certificate);
  BOOST_TEST(client->state().text.find(to_text(info.value().not_after)) != std::string::npos,
             client->state().text);
}

BOOST_AUTO_TEST_CASE(a_broker_under_another_name_is_refused) {
  MosquittoFixture broker;
  auto settings = identified_settings(broker, "gate-1");
  settings.url = "mqtts://127.0.0.2:" + std::to_string(broker.port());
  Recorder elsewhere(settings, {});  // nothing listens there: the port is right, the machine is not
  BOOST_TEST(wait_text(elsewhere, "nothing listens at"), elsewhere->state().text);
  settings.url =
      "mqtts://127.1:" + std::to_string(broker.port());  // 127.0.0.1, but the certificate does not say so
  Recorder client(settings, {});
  BOOST_TEST(wait_text(client, "does not name 127.1"), client->state().text);
  BOOST_TEST(client.seen().connected == 0);
}

}  // namespace
}  // namespace sitegate::mqtt
