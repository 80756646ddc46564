// Batches are chained, signed once, and name what the disk lost.
#include "tests/edge/publisher/publisher_fixture.hpp"

using namespace sitegate;
using namespace sitegate::tests;

BOOST_FIXTURE_TEST_SUITE(sealer, PublisherFixture)

BOOST_AUTO_TEST_CASE(each_batch_names_the_hash_of_the_one_before) {
  record(25);
  edge::Sealer sealer(*outbox_, identity_, key_);
  BOOST_TEST(sealer.seal_next(10, clock_.now()).value() == 10u);
  reopen();
  edge::Sealer after_restart(*outbox_, identity_, key_);
  BOOST_TEST(after_restart.seal_next(10, clock_.now()).value() == 10u);
  BOOST_TEST(after_restart.seal_next(10, clock_.now()).value() == 5u);
  BOOST_TEST(after_restart.seal_next(10, clock_.now()).value() == 0u);
  const auto batches = outbox_->batches(1, 10, 1'000'000).value();
  BOOST_REQUIRE(batches.size() == 3u);
  Digest previous{};
  for (const auto& batch : batches) {
    const auto decoded = opened(batch.envelope);
    BOOST_TEST((decoded.batch.previous_hash == previous));
    BOOST_TEST(decoded.batch.first_sequence == batch.first);
    BOOST_TEST(decoded.through == batch.through);
    previous = batch.hash;
  }
  BOOST_TEST((outbox_->state().chain_head == previous));
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_no_passage_stops_nobody) {
  record(2);
  BOOST_REQUIRE(outbox_->append(Bytes(40, 0xEE)));
  record(2);
  edge::Sealer sealer(*outbox_, identity_, key_);
  BOOST_TEST(sealer.seal_next(10, clock_.now()).value() == 5u);
  const auto decoded = opened(outbox_->batches(1, 1, 1'000'000).value().front().envelope);
  BOOST_TEST(decoded.batch.passages.size() == 4u);
  BOOST_REQUIRE(decoded.batch.damaged.size() == 1u);
  BOOST_TEST(decoded.batch.damaged[0] == 3u);
  BOOST_TEST(decoded.through == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
