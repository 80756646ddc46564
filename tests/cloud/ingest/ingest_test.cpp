// Watermarks, duplicates, gaps and receipts for honest gateways.
#include "tests/cloud/ingest/ingest_fixture.hpp"

using namespace sitegate;
using namespace sitegate::tests;

BOOST_FIXTURE_TEST_SUITE(ingest, IngestFixture)

BOOST_AUTO_TEST_CASE(a_batch_is_registered_and_receipted) {
  const auto counts = process({sample_sealed(sample_batch(1, 10), key_).bytes});
  BOOST_TEST(counts.batches_taken == 1u);
  BOOST_TEST(counts.registration.added == 10u);
  const auto sent = receipts();
  BOOST_REQUIRE(sent.size() == 1u);
  BOOST_TEST(sent[0].sequence_through == 10u);
  BOOST_TEST(sent[0].problem == "");
  BOOST_TEST(registered() == 10u);
}

BOOST_AUTO_TEST_CASE(a_batch_that_comes_again_changes_nothing_and_is_receipted_again) {
  const Bytes batch = sample_sealed(sample_batch(1, 10), key_).bytes;
  process({batch});
  receipts();
  reopen();
  const auto counts = process({batch, batch});
  BOOST_TEST(counts.batches_duplicate == 2u);
  BOOST_TEST(counts.registration.added == 0u);
  const auto sent = receipts();
  BOOST_REQUIRE(sent.size() == 1u);
  BOOST_TEST(sent[0].sequence_through == 10u);
  BOOST_TEST(registered() == 10u);
  BOOST_TEST(quarantine().empty());
}

BOOST_AUTO_TEST_CASE(duplicates_are_counted_where_an_operator_can_see_them) {
  const Bytes batch = sample_sealed(sample_batch(1, 3), key_).bytes;
  process({batch});
  process({batch, batch});
  reopen();
  const auto positions = store_->begin_read().value()->positions().value();
  BOOST_REQUIRE(positions.size() == 1u);
  BOOST_TEST(positions[0].duplicates == 2u);
}

BOOST_AUTO_TEST_CASE(a_gap_is_asked_for_and_nothing_behind_it_counts) {
  const auto first = sample_sealed(sample_batch(1, 5), key_);
  const auto second = sample_sealed(sample_batch(6, 5, first.hash), key_);
  const auto counts = process({second.bytes});
  BOOST_TEST(counts.batches_behind_a_gap == 1u);
  const auto sent = receipts();
  BOOST_REQUIRE(sent.size() == 1u);
  BOOST_TEST(sent[0].sequence_through == 0u);
  BOOST_REQUIRE(sent[0].gaps.size() == 1u);
  BOOST_TEST((sent[0].gaps[0] == wire::SequenceRange{1, 5}));
  process({first.bytes, second.bytes});
  BOOST_TEST(receipts()[0].sequence_through == 10u);
  BOOST_TEST(registered() == 10u);
}

BOOST_AUTO_TEST_CASE(a_chain_goes_on_over_restarts) {
  const auto first = sample_sealed(sample_batch(1, 5), key_);
  process({first.bytes});
  reopen();
  process({sample_sealed(sample_batch(6, 5, first.hash), key_).bytes});
  BOOST_TEST(registered() == 10u);
  const auto kept = store_->begin_read().value()->kept_batches(sample_gateway, 9, 1, 10).value();
  BOOST_REQUIRE(kept.size() == 2u);
  BOOST_TEST(kept[0].through == 5u);
  BOOST_TEST((kept[0].envelope == first.bytes));
}

BOOST_AUTO_TEST_CASE(one_bad_passage_is_set_apart_and_the_others_count) {
  auto batch = sample_batch(1, 5);
  batch.passages[2].direction = static_cast<Direction>(9);
  const auto counts = process({sample_sealed(batch, key_).bytes});
  BOOST_TEST(counts.registration.added == 4u);
  const auto sent = receipts();
  BOOST_TEST(sent[0].sequence_through == 5u);
  BOOST_REQUIRE(sent[0].refused.size() == 1u);
  BOOST_TEST(sent[0].refused[0].sequence == 3u);
  BOOST_TEST(sent[0].refused[0].reason == "bad_value");
  BOOST_TEST(registered() == 4u);
  const auto listed = quarantine();
  BOOST_REQUIRE(listed.size() == 1u);
  BOOST_TEST(listed[0].source == "gate-1/9/3");
}

BOOST_AUTO_TEST_CASE(what_the_gateways_disk_lost_is_listed) {
  auto batch = sample_batch(1, 3);
  batch.damaged = {4};
  process({sample_sealed(batch, key_).bytes});
  BOOST_TEST(receipts()[0].sequence_through == 4u);
  BOOST_TEST(registered() == 3u);
  BOOST_REQUIRE(quarantine().size() == 1u);
  BOOST_TEST(quarantine()[0].reason == "damaged_at_gateway");
}

BOOST_AUTO_TEST_CASE(a_receipt_that_cannot_be_sent_costs_only_a_resend) {
  const Bytes batch = sample_sealed(sample_batch(1, 5), key_).bytes;
  transport_.set_connected(false);
  process({batch});
  transport_.set_connected(true);
  BOOST_TEST(receipts().empty());
  process({batch});
  BOOST_TEST(receipts()[0].sequence_through == 5u);
  BOOST_TEST(registered() == 5u);
}

// ---- what is missing, and another epoch ----

BOOST_AUTO_TEST_CASE(a_batch_behind_a_gap_is_remembered_until_the_gap_is_filled) {
  const auto first = sample_sealed(sample_batch(1, 5), key_);
  const auto second = sample_sealed(sample_batch(6, 5, first.hash), key_);
  process({second.bytes});
  reopen();
  const auto known = [this] {
    return store_->begin_read().value()->reach(sample_gateway, 9).value().value_or(cloud::EpochReach{});
  };
  BOOST_REQUIRE(known().marks.size() == 1u);
  BOOST_TEST((known().marks[0] == cloud::ReachMark{10, sample_time, cloud::Witness::batch}));
  process({first.bytes});
  BOOST_TEST(known().marks.size() == 1u);
  process({second.bytes});
  BOOST_TEST(known().marks.empty());
  BOOST_TEST(known().told_through == 10u);
}

BOOST_AUTO_TEST_CASE(receipts_name_the_hash_of_the_batch_they_end_with) {
  const auto first = sample_sealed(sample_batch(1, 5), key_);
  process({first.bytes});
  BOOST_TEST((receipts()[0].chain_head == first.hash));
}

BOOST_AUTO_TEST_CASE(a_contradiction_is_kept_with_its_epoch) {
  process({sample_sealed(sample_batch(1, 5), key_).bytes});
  auto other = sample_batch(1, 5);
  other.passages[0].gate = "2";
  process({sample_sealed(other, key_).bytes});
  reopen();
  const auto known = store_->begin_read().value()->reach(sample_gateway, 9).value();
  BOOST_REQUIRE(known.has_value());
  BOOST_TEST(known->forks == 1u);
  BOOST_TEST(known->fork.starts_with("conflicting_batch"), known->fork);
  BOOST_REQUIRE(quarantine().size() == 1u);
  BOOST_TEST(!quarantine()[0].bytes.empty());
}

/// Of epoch 9 the cloud has 1 to 10; epoch 12 sends again what was 6 to 14 there.
BOOST_AUTO_TEST_CASE(what_is_registered_under_the_earlier_epoch_is_recognised_and_the_rest_is_taken) {
  auto before = sample_batch(1, 10);
  for (Sequence i : {6, 7}) {
    before.passages[i - 1].evidence.front().method = Method::typed;
    before.passages[i - 1].typed = TypedEntry{"clerk", "why", sample_time, 0};
  }
  process({sample_sealed(before, key_).bytes});
  wire::WorkHistoryBatch again = sample_batch(6, 9);
  again.passages[0].typed = before.passages[5].typed;
  again.passages[0].evidence = before.passages[5].evidence;
  // Another passage than what was 7: recorded after the old copy of the disk was put back.
  again.passages[1].gate = "other";
  again.passages[1].typed = before.passages[6].typed;
  again.passages[1].evidence = before.passages[6].evidence;
  // Evidence that came later makes no other passage of it.
  again.passages[2].evidence.push_back({Method::face, 0.9F, std::nullopt});
  again.epoch = 12;
  again.first_sequence = 1;
  for (auto& passage : again.passages) passage.sequence -= 5;
  again.earlier = {{9, 6, 14}, {5, 100, 120}};
  const auto counts = process({sample_sealed(again, key_).bytes});
  BOOST_TEST(counts.batches_taken == 1u);
  BOOST_TEST(counts.passages == 9u);
  BOOST_TEST(counts.passages_known == 4u);  // 6, 8, 9, 10
  BOOST_TEST(counts.registration.awaiting == 1u);
  BOOST_TEST(counts.registration.added == 4u);  // 11 to 14
  reopen();
  BOOST_TEST(store_->begin_read().value()->typed_passages(sample_site, 10).value().size() == 3u);
  BOOST_TEST(registered() == 12u);
}

BOOST_AUTO_TEST_SUITE_END()
