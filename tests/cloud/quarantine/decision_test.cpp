// Released: it counts as if it had come now, once. Discarded: never. Either way it stays listed, with who and
// why.
#include "cloud/gaps/gap_report.hpp"
#include "cloud/quarantine/quarantine.hpp"
#include "tests/cloud/ingest/ingest_fixture.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using cloud::QuarantineErrc;

namespace {

const cloud::Operator sato{"佐藤", "the key was exchanged"};

class DecisionFixture : public IngestFixture {
 public:
  /// From now on the gateway signs with it, and the registry knows.
  void exchange_key(const crypto::SigningKey& key) {
    const auto writing = store_->begin_write().value();
    BOOST_REQUIRE(
        writing->put(GatewayRecord{sample_gateway, sample_site, sample_bucket, key.public_key(), false}));
    BOOST_REQUIRE(writing->commit());
  }
  std::uint64_t list(cloud::QuarantineItem item) {
    const auto writing = store_->begin_write().value();
    const auto number = writing->add_to_quarantine(std::move(item)).value();
    BOOST_REQUIRE(writing->commit());
    return number;
  }
  Result<cloud::RegistrationCounts> release(std::uint64_t number) {
    return cloud::release(*store_, number, sato, clock_);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(decision, DecisionFixture)

BOOST_AUTO_TEST_CASE(a_message_is_refused_again_until_its_cause_is_gone_and_then_counts_once) {
  const auto batch = sample_sealed(sample_batch(1, 10), sample_key(2));
  process({batch.bytes});
  BOOST_REQUIRE(quarantine().size() == 1u);
  const auto refused = release(1);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(is(refused.error(), QuarantineErrc::still_refused));
  BOOST_TEST(refused.error().text().find("bad_signature") != std::string::npos, refused.error().text());
  BOOST_TEST(quarantine().size() == 1u);
  BOOST_TEST(!quarantine()[0].decision.has_value());

  exchange_key(sample_key(2));
  BOOST_TEST(release(1).value().added == 10u);
  BOOST_TEST(registered() == 10u);
  BOOST_REQUIRE(quarantine().size() == 1u);
  const auto decision = quarantine()[0].decision.value();
  BOOST_TEST((decision.outcome == cloud::QuarantineOutcome::released));
  BOOST_TEST(decision.by == "佐藤");
  BOOST_TEST((decision.at == clock_.now()));

  BOOST_TEST(is(release(1).error(), QuarantineErrc::decided));
  const auto again = process({batch.bytes});  // as the gateway goes on sending it
  BOOST_TEST(again.batches_duplicate == 1u);
  BOOST_TEST(registered() == 10u);
}

BOOST_AUTO_TEST_CASE(a_message_behind_a_gap_waits_for_what_is_missing) {
  const auto first = sample_sealed(sample_batch(1, 5), sample_key(2));
  const auto second = sample_sealed(sample_batch(6, 5, first.hash), sample_key(2));
  process({second.bytes});
  exchange_key(sample_key(2));
  BOOST_TEST(is(release(1).error(), QuarantineErrc::still_refused));
  BOOST_TEST(!quarantine()[0].decision.has_value());
  process({first.bytes});
  BOOST_TEST(release(1).value().added == 5u);
  BOOST_TEST(registered() == 10u);
}

BOOST_AUTO_TEST_CASE(what_contradicts_the_registered_chain_stays_refused_and_is_not_listed_twice) {
  process({sample_sealed(sample_batch(1, 10), key_).bytes});
  auto other = sample_batch(1, 10);
  other.passages[0].reader = "another";
  process({sample_sealed(other, key_).bytes});
  BOOST_REQUIRE(quarantine().size() == 1u);
  BOOST_TEST(is(release(1).error(), QuarantineErrc::still_refused));
  BOOST_TEST(quarantine().size() == 1u);
  BOOST_TEST(registered() == 10u);
}

BOOST_AUTO_TEST_CASE(a_passage_is_read_again_from_its_batch_and_never_counts_twice) {
  process({sample_sealed(sample_batch(1, 5), key_).bytes});
  const auto number = list({.source = "gate-1/9/3", .reason = "bad_value", .detail = {}, .bytes = {}});
  const auto counts = release(number).value();
  BOOST_TEST(counts.added == 0u);
  BOOST_TEST(counts.unchanged == 1u);
  BOOST_TEST(registered() == 5u);
}

BOOST_AUTO_TEST_CASE(a_passage_that_still_cannot_be_read_says_why) {
  auto batch = sample_batch(1, 5);
  batch.passages[2].direction = static_cast<Direction>(9);
  process({sample_sealed(batch, key_).bytes});
  const auto refused = release(1);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(is(refused.error(), QuarantineErrc::still_refused));
  BOOST_TEST(refused.error().text().find("direction") != std::string::npos, refused.error().text());
  BOOST_TEST(is(release(2).error(), QuarantineErrc::not_listed));
  const auto unkept = list({.source = "gate-1/9/4711", .reason = "bad_value", .detail = {}, .bytes = {}});
  BOOST_TEST(is(release(unkept).error(), QuarantineErrc::still_refused));
}

BOOST_AUTO_TEST_CASE(what_a_disk_had_lost_is_missing_until_somebody_writes_it_off) {
  auto batch = sample_batch(1, 3);
  batch.damaged = {4};
  process({sample_sealed(batch, key_).bytes});
  const auto report = [&] {
    reopen();
    return cloud::gap_report(*store_->begin_read().value(), clock_.now(), std::chrono::hours(1)).value();
  };
  BOOST_TEST(report().gaps.size() == 1u);
  BOOST_REQUIRE(cloud::discard(*store_, 1, {"sato", "the card was broken"}, clock_.now()));
  BOOST_TEST(report().nothing_missing());
  BOOST_TEST(report().given_up == 1u);
  BOOST_TEST(report().quarantined == 0u);
  BOOST_TEST(quarantine()[0].decision->why == "the card was broken");
}

BOOST_AUTO_TEST_CASE(a_message_of_which_not_all_is_kept_cannot_be_released) {
  const auto number = list({.source = "sitegate/v1/5/gate-1/history",
                            .reason = "too_large",
                            .detail = {},
                            .size = cloud::quarantine_bytes_max + 1,
                            .bytes = Bytes(cloud::quarantine_bytes_max, 7)});
  BOOST_TEST(is(release(number).error(), QuarantineErrc::cut));
}

BOOST_AUTO_TEST_CASE(who_decides_must_be_said) {
  const auto number = list({.source = "a", .reason = "bad_topic", .detail = {}, .bytes = {}});
  BOOST_TEST(!cloud::discard(*store_, number, {"", "why"}, clock_.now()));
  BOOST_TEST(!quarantine()[0].decision.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
