// What was written by the released version 1 is read for ever, with the same values and a valid signature.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "tests/shared/wire/golden_messages.hpp"
#include "tests/shared/wire/random_messages.hpp"

namespace sitegate::wire::test {

Bytes golden_file(const std::string& name) {
  const char* source = std::getenv("SITEGATE_SOURCE");
  BOOST_REQUIRE_MESSAGE(source != nullptr, "SITEGATE_SOURCE names the root of the sources");
  const std::string path = std::string(source) + "/tests/golden/wire/v1/" + name;
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file, path << " is missing");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Another FlatBuffers or zstd may lay out the same message differently: told, and no failure.
void tell_if_differs(const std::string& name, const Bytes& golden, const Bytes& today) {
  if (golden != today)
    BOOST_TEST_MESSAGE(name << ": today's encoder writes other bytes for the same message");
}

/// The payload of an envelope that must open with the signer's key.
Bytes opened(const std::string& name, MessageKind kind, std::string_view signer,
             const crypto::SigningKey& key) {
  const Bytes bytes = golden_file(name);
  const auto message = open(bytes, kind, roster_size_max, [&](std::string_view who) {
    return who == signer ? std::optional(key.public_key()) : std::nullopt;
  });
  BOOST_REQUIRE_MESSAGE(message, why(message));
  tell_if_differs(name, bytes, seal(kind, signer, message.value().payload, key).bytes);
  return message.value().payload;
}

const std::string gateway_signer = golden_batch().gateway.text();

BOOST_AUTO_TEST_CASE(a_passage_of_version_1) {
  const Bytes bytes = golden_file("passage.bin");
  const auto passage = decode_passage(bytes);
  BOOST_REQUIRE(passage);
  BOOST_TEST((passage.value() == golden_passage()));
  tell_if_differs("passage.bin", bytes, encode_passage(golden_passage()));
}

BOOST_AUTO_TEST_CASE(a_batch_of_version_1) {
  const Bytes payload = opened("history.bin", MessageKind::history, gateway_signer, golden_gateway_key());
  const auto batch = decode_work_history_batch(payload);
  BOOST_REQUIRE(batch);
  BOOST_TEST((batch.value().batch == golden_batch()));
  BOOST_TEST(batch.value().refused.empty());
  tell_if_differs("history.bin", payload, encode(golden_batch()));
}

BOOST_AUTO_TEST_CASE(health_of_version_1) {
  const Bytes payload = opened("health.bin", MessageKind::health, gateway_signer, golden_gateway_key());
  const auto health = decode_health(payload);
  BOOST_REQUIRE(health);
  BOOST_TEST((health.value() == golden_health()));
  tell_if_differs("health.bin", payload, encode(golden_health()));
}

BOOST_AUTO_TEST_CASE(a_receipt_of_version_1) {
  const Bytes payload = opened("receipt.bin", MessageKind::receipt, cloud_signer, golden_cloud_key());
  const auto receipt = decode_receipt(payload);
  BOOST_REQUIRE(receipt);
  BOOST_TEST((receipt.value() == golden_receipt()));
  tell_if_differs("receipt.bin", payload, encode(golden_receipt()));
}

BOOST_AUTO_TEST_CASE(a_roster_of_version_1) {
  const Bytes payload = opened("roster.bin", MessageKind::roster, cloud_signer, golden_cloud_key());
  const auto roster = decode_site_roster(payload);
  BOOST_REQUIRE(roster);
  BOOST_TEST((roster.value() == golden_roster()));
  tell_if_differs("roster.bin", payload, encode(golden_roster()).value());
}

BOOST_AUTO_TEST_CASE(a_roster_that_tells_companies) {
  const Bytes payload = opened("roster_companies.bin", MessageKind::roster, cloud_signer, golden_cloud_key());
  const auto roster = decode_site_roster(payload);
  BOOST_REQUIRE(roster);
  BOOST_TEST((roster.value() == golden_roster_of_companies()));
  tell_if_differs("roster_companies.bin", payload, encode(golden_roster_of_companies()).value());
}

}  // namespace sitegate::wire::test
