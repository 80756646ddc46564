// Batches by size and age, resending, receipts: everything by a clock that the test moves.
#include "edge/publisher/health.hpp"
#include "tests/edge/publisher/publisher_fixture.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(publisher, PublisherFixture)

BOOST_AUTO_TEST_CASE(a_lone_passage_goes_when_it_is_old_enough) {
  record(1);
  BOOST_TEST(run(400ms).empty());
  const auto batches = run(300ms);
  BOOST_REQUIRE(batches.size() == 1u);
  BOOST_TEST(batches[0].through == 1u);
}

BOOST_AUTO_TEST_CASE(full_batches_go_at_once) {
  record(25);
  const auto batches = run(1ms);
  BOOST_REQUIRE(batches.size() == 2u);
  BOOST_TEST(batches[0].batch.passages.size() == 10u);
  BOOST_TEST(batches[1].batch.first_sequence == 11u);
}

BOOST_AUTO_TEST_CASE(away_from_the_broker_only_full_batches_are_sealed) {
  transport_.set_connected(false);
  record(25);
  BOOST_TEST(run(60s).empty());
  BOOST_TEST(outbox_->state().sealed_through == 20u);
  transport_.set_connected(true);
  publisher_->on_connected();
  BOOST_TEST(run(1s).size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_receipt_is_the_only_thing_that_forgets) {
  record(10);
  run(1ms);
  publisher_->on_delivered({mqtt::PublishOutcome::Kind::delivered, 0, ""});
  BOOST_TEST(outbox_->state().receipted_through == 0u);
  give(receipt_through(10));
  BOOST_TEST(outbox_->state().receipted_through == 10u);
  BOOST_TEST(run(120s).empty());
  reopen();
  BOOST_TEST(outbox_->state().receipted_through == 10u);
}

BOOST_AUTO_TEST_CASE(without_a_receipt_the_same_bytes_go_again_later_and_later) {
  record(10);
  BOOST_REQUIRE(publisher_->step());
  const auto first = transport_.take();
  BOOST_REQUIRE(first.size() == 1u);
  std::size_t again = 0;
  for (int second = 0; second < 600; ++second) {
    BOOST_REQUIRE(publisher_->step());
    for (const auto& sent : transport_.take()) {
      BOOST_TEST((sent.payload == first[0].payload));
      ++again;
    }
    clock_.advance(1s);
  }
  BOOST_TEST(again >= 600u / 66u);  // receipt timeout 5 s + back-off of at most 60 s
  BOOST_TEST(again <= 600u / 5u / 2u);
}

BOOST_AUTO_TEST_CASE(after_a_restart_everything_without_a_receipt_goes_again) {
  record(30);
  BOOST_TEST(run(1ms).size() == 3u);
  give(receipt_through(10));
  reopen();
  publisher_->on_connected();
  const auto batches = run(1ms);
  BOOST_REQUIRE(batches.size() == 2u);
  BOOST_TEST(batches[0].batch.first_sequence == 11u);
}

BOOST_AUTO_TEST_CASE(a_gap_is_filled_once_however_often_it_is_asked_for) {
  record(50);
  BOOST_TEST(run(1ms).size() == 4u);
  auto receipt = receipt_through(10);
  receipt.gaps = {{11, 20}};
  for (int i = 0; i < 3; ++i) give(receipt);
  const auto batches = run(1ms);
  BOOST_REQUIRE(batches.size() == 4u);
  BOOST_TEST(batches[0].batch.first_sequence == 11u);
}

BOOST_AUTO_TEST_CASE(a_cloud_restored_from_an_old_backup_gets_what_it_lost) {
  record(30);
  run(1ms);
  give(receipt_through(30));
  auto receipt = receipt_through(10);
  receipt.gaps = {{11, 30}};
  give(receipt);
  BOOST_TEST(run(1ms).size() == 2u);
}

BOOST_AUTO_TEST_CASE(each_receipt_lets_twice_as_many_go_and_silence_only_one) {
  record(1'000);
  std::size_t sent = run(1s).size();
  BOOST_TEST(sent == 4u);
  for (const std::size_t window : {8, 16, 16}) {
    BOOST_TEST(window <= settings_.batches_in_flight_max);
    give(receipt_through(10 * sent));  // all that was sent
    const std::size_t more = run(1s).size();
    BOOST_TEST(more == window);
    sent += more;
  }
  // The cloud says nothing any more: one batch at a time, until it does.
  BOOST_TEST(run(70s).size() <= 15u);
  publisher_->on_connected();
  BOOST_TEST(run(1s).size() == 4u);
}

BOOST_AUTO_TEST_CASE(receipts_that_are_forged_or_for_another_life_are_ignored) {
  record(10);
  run(1ms);
  give(receipt_through(10), 66);
  auto other_epoch = receipt_through(10);
  ++other_epoch.epoch;
  give(other_epoch);
  auto other_gateway = receipt_through(10);
  other_gateway.gateway = *GatewayId::parse("gate-2");
  give(other_gateway);
  publisher_->on_receipt(Bytes(100, 7));
  BOOST_TEST(publisher_->state().receipts_ignored == 4u);
  BOOST_TEST(outbox_->state().receipted_through == 0u);
}

BOOST_AUTO_TEST_CASE(a_receipt_for_what_was_never_sealed_is_a_problem_and_forgets_nothing) {
  record(10);
  run(1ms);
  give(receipt_through(11));
  BOOST_TEST(publisher_->state().problem != "");
  BOOST_TEST(outbox_->state().receipted_through == 0u);
}

BOOST_AUTO_TEST_CASE(the_brokers_refusal_is_said) {
  publisher_->on_delivered({mqtt::PublishOutcome::Kind::denied, 0x87, "not authorized"});
  BOOST_TEST(publisher_->state().problem.find("not authorized") != std::string::npos);
  record(10);
  run(1ms);
  give(receipt_through(10));
  BOOST_TEST(publisher_->state().problem == "");
}

// ---- epochs ----

BOOST_AUTO_TEST_CASE(a_receipt_with_the_own_hash_is_taken_and_one_with_another_begins_an_epoch) {
  record(25);
  BOOST_TEST(run(1s).size() == 3u);
  auto own = receipt_through(10);
  own.chain_head = outbox_->batch_holding(10).value()->hash;
  give(own);
  BOOST_TEST(outbox_->state().receipted_through == 10u);
  BOOST_TEST(publisher_->state().epochs_begun == 0u);

  const Epoch before = outbox_->state().epoch;
  auto other = receipt_through(20);
  other.chain_head = Digest{1, 2, 3};
  give(other);
  BOOST_TEST(publisher_->state().epochs_begun == 1u);
  BOOST_TEST(outbox_->state().epoch != before);
  const auto again = run(1s);
  BOOST_REQUIRE(again.size() == 2u);
  BOOST_TEST(again[0].batch.epoch == outbox_->state().epoch);
  BOOST_TEST(again[0].batch.first_sequence == 1u);
  BOOST_TEST(again[0].through == 10u);
  BOOST_TEST((again[0].batch.previous_hash == Digest{}));
  BOOST_REQUIRE(again[0].batch.earlier.size() == 1u);
  BOOST_TEST((again[0].batch.earlier[0] == wire::EarlierEpoch{before, 11, 25}));
  BOOST_TEST(again[1].through == 15u);
  // The old epoch's word counts no more, and asks for nothing.
  give(own);
  BOOST_TEST(outbox_->state().receipted_through == 10u);
  BOOST_TEST(run(1ms).empty());
  give(receipt_through(15));
  BOOST_TEST(outbox_->state().receipted_through == 25u);
  record(1);
  const auto next = run(1s);
  BOOST_REQUIRE(next.size() == 1u);
  BOOST_TEST(next[0].batch.first_sequence == 16u);
  BOOST_TEST(next[0].batch.passages[0].sequence == 16u);
  BOOST_TEST(next[0].batch.earlier.empty());
}

BOOST_AUTO_TEST_CASE(more_registered_than_was_ever_sealed_begins_an_epoch_with_what_is_not_sealed) {
  record(3);
  auto ahead = receipt_through(60);
  ahead.chain_head = Digest{1, 2, 3};
  give(ahead);
  BOOST_TEST(publisher_->state().epochs_begun == 1u);
  const auto batches = run(1s);
  BOOST_REQUIRE(batches.size() == 1u);
  BOOST_TEST(batches[0].batch.first_sequence == 1u);
  BOOST_TEST(batches[0].through == 3u);
  BOOST_TEST(batches[0].batch.earlier[0].through == 3u);
}

BOOST_AUTO_TEST_CASE(the_cloud_asks_for_what_is_no_longer_kept_so_the_rest_goes_on_in_another_epoch) {
  record(20);
  BOOST_TEST(run(1s).size() == 2u);
  give(receipt_through(10));
  BOOST_REQUIRE(outbox_->expire(clock_.now() + std::chrono::hours(1), std::chrono::hours(0)));
  auto old = receipt_through(4);
  old.gaps = {{5, 10}};
  give(old);
  BOOST_TEST(publisher_->state().epochs_begun == 1u);
  const auto batches = run(1s);
  BOOST_REQUIRE(batches.size() == 1u);
  BOOST_TEST(batches[0].batch.first_sequence == 1u);
  BOOST_TEST(batches[0].batch.earlier[0].first_sequence == 11u);
}

BOOST_AUTO_TEST_CASE(what_is_receipted_is_kept_for_the_retention_and_goes_again_when_it_is_asked_for) {
  record(20);
  BOOST_TEST(run(1s).size() == 2u);
  give(receipt_through(20));
  clock_.advance(settings_.retention - 1h);
  BOOST_TEST(run(1s).empty());
  auto asking = receipt_through(0);
  asking.gaps = {{1, 20}};
  give(asking);
  BOOST_TEST(run(1s).size() == 2u);
  give(receipt_through(20));
  clock_.advance(2h);
  run(1s);
  BOOST_TEST(outbox_->batches(1, 10, 1'000'000).value().empty());
}

BOOST_AUTO_TEST_CASE(
    what_has_a_receipt_under_an_ended_epoch_goes_again_as_it_was_signed_when_it_is_asked_for) {
  record(30);
  BOOST_TEST(run(1ms).size() == 3u);
  give(receipt_through(20));
  const Epoch before = outbox_->state().epoch;
  auto foreign = receipt_through(30);
  foreign.chain_head = Digest{1, 2, 3};
  give(foreign);
  BOOST_TEST(outbox_->state().epoch != before);
  BOOST_TEST(run(1s).size() == 1u);
  const auto health = edge::outbox_health(outbox_->state(), identity_, clock_);
  BOOST_REQUIRE(health.ended.size() == 1u);
  BOOST_TEST(health.ended[0].epoch == before);
  BOOST_TEST(health.ended[0].receipted_through == 20u);

  auto asked = receipt_through(10);
  asked.epoch = before;
  asked.gaps = {{11, 20}};
  for (int i = 0; i < 3; ++i) give(asked);  // one answer is enough
  const auto again = run(1ms);
  BOOST_REQUIRE(again.size() == 1u);
  BOOST_TEST(again[0].batch.epoch == before);
  BOOST_TEST(again[0].batch.first_sequence == 11u);
  BOOST_TEST(again[0].through == 20u);
  asked.sequence_through = 20;
  asked.gaps = {};
  give(asked);
  BOOST_TEST(run(1ms).empty());
  BOOST_TEST(publisher_->state().epochs_begun == 1u);
}

BOOST_AUTO_TEST_CASE(a_typed_passage_names_what_it_corrects_in_the_new_epochs_numbers) {
  record(12);
  BOOST_TEST(run(1s).size() == 2u);
  give(receipt_through(10));
  for (const Sequence corrects : {Sequence{4}, Sequence{12}}) {
    Passage typed = sample_passage(0, 1);
    typed.evidence.front().method = Method::typed;
    typed.typed = TypedEntry{"clerk", "why", clock_.now(), corrects};
    BOOST_REQUIRE(outbox_->append(wire::encode_passage(typed)));
  }
  auto other = receipt_through(12);
  other.chain_head = Digest{1, 2, 3};
  give(other);
  std::vector<Passage> passages;
  for (const auto& one : run(1s))
    passages.insert(passages.end(), one.batch.passages.begin(), one.batch.passages.end());
  BOOST_REQUIRE(passages.size() == 4u);
  BOOST_TEST(passages[2].typed->corrects == 0u);
  BOOST_TEST(passages[2].typed->reason == "why (corrects no. 4)");
  BOOST_TEST(passages[3].typed->corrects == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
