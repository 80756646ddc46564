// Batches by size and age, resending, receipts: everything by a clock that the test moves.
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
  BOOST_TEST(run(1ms).size() == 5u);
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

BOOST_AUTO_TEST_CASE(no_more_is_in_flight_than_allowed) {
  record(500);
  BOOST_TEST(run(1s).size() == settings_.batches_in_flight_max);
  give(receipt_through(100));
  BOOST_TEST(run(1ms).size() >= 1u);
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

BOOST_AUTO_TEST_SUITE_END()
