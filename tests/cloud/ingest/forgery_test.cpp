// What must not count: each message is listed with its reason, and the honest ones around it are not held up.
#include "tests/cloud/ingest/ingest_fixture.hpp"

using namespace sitegate;
using namespace sitegate::tests;

namespace {

class ForgeryFixture : public IngestFixture {
 public:
  /// `bad` between two honest batches: exactly the honest ones count, and `reason` is listed once.
  void expect_listed(const Bytes& bad, const std::string& reason,
                     const std::string& topic = "sitegate/v1/5/gate-1/history") {
    const auto first = sample_sealed(sample_batch(1, 5), key_);
    const auto second = sample_sealed(sample_batch(6, 5, first.hash), key_);
    process({first.bytes});
    BOOST_TEST(process({bad}, topic).quarantined == 1u);
    BOOST_TEST(process({bad}, topic).quarantined == 0u);  // the same again fills no list
    process({second.bytes});
    BOOST_TEST(registered() == 10u);
    const auto listed = quarantine();
    BOOST_REQUIRE(listed.size() == 1u);
    BOOST_TEST(listed[0].reason == reason);
    BOOST_TEST(listed[0].source == topic);
    BOOST_TEST(listed[0].size == bad.size());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(forgery, ForgeryFixture)

BOOST_AUTO_TEST_CASE(a_flipped_bit) {
  Bytes bytes = sample_sealed(sample_batch(6, 5), key_).bytes;
  bytes[bytes.size() / 2] ^= 0x10;
  expect_listed(bytes, "bad_signature");
}

BOOST_AUTO_TEST_CASE(a_foreign_signature) {
  expect_listed(sample_sealed(sample_batch(6, 5), sample_key(2)).bytes, "bad_signature");
}

BOOST_AUTO_TEST_CASE(a_wrong_chain) {
  Digest wrong{};
  wrong.fill(1);
  expect_listed(sample_sealed(sample_batch(6, 5, wrong), key_).bytes, "bad_chain");
}

BOOST_AUTO_TEST_CASE(a_batch_that_overlaps_what_is_registered) {
  expect_listed(sample_sealed(sample_batch(4, 5), key_).bytes, "bad_chain");
}

BOOST_AUTO_TEST_CASE(another_batch_under_sequences_that_are_registered) {
  auto other = sample_batch(1, 5);
  other.passages[0].person = sample_technician(50);
  expect_listed(sample_sealed(other, key_).bytes, "conflicting_batch");
}

BOOST_AUTO_TEST_CASE(a_batch_of_ten_megabytes) {
  expect_listed(Bytes(10'000'000, 0x41), "too_large");
}

BOOST_AUTO_TEST_CASE(messages_of_which_only_the_size_is_left) {
  const auto came = [&](std::uint64_t size) {
    const std::vector<cloud::IncomingMessage> messages{
        {"sitegate/v1/5/gate-1/history", {}, clock_.now(), size}};
    return ingest_->process(messages).value().quarantined;
  };
  BOOST_TEST(came(20'000'000) == 1u);
  BOOST_TEST(came(20'000'000) == 0u);
  BOOST_TEST(came(20'000'001) == 1u);
  BOOST_REQUIRE(quarantine().size() == 2u);
  BOOST_TEST(quarantine()[1].reason == "too_large");
  BOOST_TEST(quarantine()[1].size == 20'000'001u);
}

BOOST_AUTO_TEST_CASE(garbage) {
  expect_listed(Bytes(500, 0x41), "malformed");
}

BOOST_AUTO_TEST_CASE(an_unregistered_gateway) {
  auto batch = sample_batch(6, 5);
  batch.gateway = *GatewayId::parse("gate-2");
  expect_listed(sample_sealed(batch, key_).bytes, "unknown_signer", "sitegate/v1/5/gate-2/history");
}

BOOST_AUTO_TEST_CASE(a_gateway_that_speaks_for_another) {
  auto batch = sample_batch(6, 5);
  batch.gateway = *GatewayId::parse("gate-2");
  const Bytes payload = wire::encode(batch);
  expect_listed(wire::seal(wire::MessageKind::history, "gate-1", payload, key_).bytes, "wrong_gateway");
}

BOOST_AUTO_TEST_CASE(a_site_that_is_not_the_gateways) {
  auto batch = sample_batch(6, 5);
  batch.site = *SiteId::from_number(78);
  expect_listed(sample_sealed(batch, key_).bytes, "wrong_site");
}

BOOST_AUTO_TEST_CASE(a_topic_that_is_none) {
  expect_listed(sample_sealed(sample_batch(6, 5), key_).bytes, "bad_topic", "sitegate/v1/05/gate-1/history");
}

BOOST_AUTO_TEST_CASE(every_passage_out_of_range) {
  auto batch = sample_batch(1, 3);
  batch.passages[0].admission = static_cast<Admission>(99);
  batch.passages[1].evidence[0].method = static_cast<Method>(77);
  batch.passages[2].work_date += std::chrono::days{30};
  const auto counts = process({sample_sealed(batch, key_).bytes});
  BOOST_TEST(counts.quarantined == 3u);
  BOOST_TEST(registered() == 0u);
  BOOST_REQUIRE(quarantine().size() == 3u);
  for (const auto& item : quarantine()) BOOST_TEST(item.reason == "bad_value");
}

BOOST_AUTO_TEST_CASE(a_replay_is_no_second_count) {
  const auto first = sample_sealed(sample_batch(1, 5), key_);
  process({first.bytes});
  process({sample_sealed(sample_batch(6, 5, first.hash), key_).bytes});
  BOOST_TEST(process({first.bytes}).batches_duplicate == 1u);
  BOOST_TEST(registered() == 10u);
  BOOST_TEST(store_->begin_read().value()->positions().value()[0].duplicates == 1u);
}

BOOST_AUTO_TEST_CASE(a_replay_is_listed_with_its_times) {
  const auto first = sample_sealed(sample_batch(1, 5), key_);
  process({first.bytes});
  clock_.advance(std::chrono::hours{1});
  process({first.bytes});
  reopen();
  clock_.advance(std::chrono::hours{24});
  process({first.bytes, first.bytes});
  const auto listed = store_->begin_read().value()->repeated_batches(sample_gateway, 10).value();
  const cloud::RepeatedBatch expected{.gateway = sample_gateway,
                                      .epoch = 9,
                                      .first = 1,
                                      .through = 5,
                                      .hash = first.hash,
                                      .first_again = sample_time + std::chrono::hours{1},
                                      .last_again = sample_time + std::chrono::hours{25},
                                      .times = 3};
  BOOST_TEST((listed == std::vector{expected}));
  BOOST_TEST(quarantine().empty());  // information, not an alarm
}

BOOST_AUTO_TEST_CASE(a_revoked_gateway) {
  auto transaction = store_->begin_write().value();
  BOOST_REQUIRE(
      transaction->put(GatewayRecord{sample_gateway, sample_site, sample_bucket, key_.public_key(), true}));
  BOOST_REQUIRE(transaction->commit());
  BOOST_TEST(process({sample_sealed(sample_batch(1, 5), key_).bytes}).quarantined == 1u);
  BOOST_TEST(registered() == 0u);
  BOOST_TEST(quarantine()[0].reason == "unknown_signer");
}

BOOST_AUTO_TEST_SUITE_END()
