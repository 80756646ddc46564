// Another epoch in the same outbox: what has no receipt goes over, signed anew, in one transaction;
// everything else stays as it is, over restarts, and older programs refuse the folder.
#include "edge/outbox/records.hpp"
#include "tests/edge/outbox/outbox_fixture.hpp"

namespace sitegate::edge::testing {
namespace {

constexpr Epoch second_epoch = 77;

Digest new_hash(Sequence through) {
  return hash_of(through + 1'000);
}

Bytes new_envelope(const SealedBatch& batch) {
  return envelope_bytes(batch.first + 5'000, batch.through);
}

/// Notes what it was asked for.
struct Resealing {
  std::vector<SealedBatch> batches;
  std::vector<Digest> previous;
  Reseal function() {
    return [this](const SealedBatch& batch, const OutboxState& state) -> Result<ResealedBatch> {
      BOOST_TEST(state.epoch == second_epoch);
      batches.push_back(batch);
      previous.push_back(state.chain_head);
      return ResealedBatch{new_envelope(batch), new_hash(batch.through)};
    };
  }
};

/// 1 to 5 receipted, 6 to 9 and 10 to 12 sealed, 13 to 15 not.
struct EpochFixture : OutboxFixture {
  EpochFixture() {
    reopen();
    append(15);
    seal(1, 5);
    seal(6, 9);
    seal(10, 12);
    must(outbox->receipt(5, morning));
    first_epoch = outbox->state().epoch;
  }
  Epoch first_epoch = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(epochs, EpochFixture)

BOOST_AUTO_TEST_CASE(what_has_no_receipt_is_signed_anew_and_chained_from_nothing) {
  Resealing resealing;
  must(outbox->begin_epoch(second_epoch, 5, resealing.function()));
  BOOST_REQUIRE(resealing.batches.size() == 2u);
  BOOST_TEST((resealing.batches[0].envelope == envelope_bytes(6, 9)));
  BOOST_TEST((resealing.previous[0] == Digest{}));
  BOOST_TEST((resealing.previous[1] == new_hash(9)));
  for (int opening = 0; opening < 2; ++opening) {
    const OutboxState state = outbox->state();
    BOOST_TEST(state.epoch == second_epoch);
    BOOST_TEST(state.epoch_base == 5u);
    BOOST_TEST(state.next_sequence == 16u);
    BOOST_TEST(state.sealed_through == 12u);
    BOOST_TEST(state.receipted_through == 5u);
    BOOST_TEST(state.unsealed_count == 3u);
    BOOST_TEST((state.chain_head == new_hash(12)));
    BOOST_REQUIRE(state.ended.size() == 1u);
    BOOST_TEST((state.ended[0] == EndedEpoch{first_epoch, 0, 15}));
    const auto batches = must(outbox->batches(1, all, all));
    BOOST_REQUIRE(batches.size() == 3u);
    BOOST_TEST((batches[0].envelope == envelope_bytes(1, 5)));
    BOOST_TEST(batches[0].receipted_at.has_value());
    BOOST_TEST((batches[1].envelope == new_envelope(batches[1])));
    BOOST_TEST(batches[1].first == 6u);
    BOOST_TEST(batches[1].through == 9u);
    BOOST_TEST((batches[1].hash == new_hash(9)));
    BOOST_TEST(must(outbox->unsealed(all, all)).size() == 3u);
    const auto measured = state.pending_bytes;
    reopen();
    BOOST_TEST(outbox->state().pending_bytes == measured);
  }
  append(16);
  seal(13, 16);
  must(outbox->receipt(16, morning));
}

BOOST_AUTO_TEST_CASE(only_an_outbox_that_ended_an_epoch_is_of_the_newer_format) {
  const auto version = [this] {
    outbox.reset();
    Bytes found;
    {
      const auto environment = must(lmdb::Environment::open(folder.path(), {}));
      const auto table = must(environment->table("meta"));
      const auto reading = must(environment->begin_read());
      found = to_bytes(must(reading.get(table, records::format_key)).value());
    }
    reopen();
    return found;
  };
  BOOST_TEST((version() == Bytes{0, 0, 0, 1}));
  Resealing resealing;
  must(outbox->begin_epoch(second_epoch, 5, resealing.function()));
  BOOST_TEST((version() == Bytes{0, 0, 0, 2}));
}

BOOST_AUTO_TEST_CASE(a_batch_whose_signing_fails_changes_nothing) {
  const auto refuse = [](const SealedBatch& batch, const OutboxState&) -> Result<ResealedBatch> {
    if (batch.first == 6) return ResealedBatch{new_envelope(batch), new_hash(9)};
    return fail(OutboxErrc::bad_setting, "no");
  };
  fails_with(outbox->begin_epoch(second_epoch, 5, refuse), OutboxErrc::bad_setting);
  for (int opening = 0; opening < 2; ++opening) {
    BOOST_TEST(outbox->state().epoch == first_epoch);
    BOOST_TEST(outbox->state().ended.empty());
    BOOST_TEST((must(outbox->batches(6, 1, all))[0].envelope == envelope_bytes(6, 9)));
    reopen();
  }
}

BOOST_AUTO_TEST_CASE(an_epoch_begins_at_the_end_of_a_batch_only) {
  Resealing resealing;
  fails_with(outbox->begin_epoch(second_epoch, 7, resealing.function()), OutboxErrc::out_of_order);
  fails_with(outbox->begin_epoch(second_epoch, 13, resealing.function()), OutboxErrc::out_of_order);
  fails_with(outbox->begin_epoch(0, 5, resealing.function()), OutboxErrc::out_of_order);
  BOOST_TEST(outbox->state().epoch == first_epoch);
}

BOOST_AUTO_TEST_CASE(what_was_receipted_can_go_over_too) {
  Resealing resealing;
  must(outbox->begin_epoch(second_epoch, 0, resealing.function()));
  BOOST_TEST(resealing.batches.size() == 3u);
  BOOST_TEST(outbox->state().receipted_through == 0u);
  BOOST_TEST(!must(outbox->batches(1, 1, all))[0].receipted_at.has_value());
  must(outbox->receipt(12, morning));
}

BOOST_AUTO_TEST_CASE(the_oldest_ended_epochs_are_forgotten_and_the_newest_kept) {
  const auto same = [](const SealedBatch& batch, const OutboxState&) -> Result<ResealedBatch> {
    return ResealedBatch{batch.envelope, batch.hash};
  };
  for (Epoch epoch = 100; epoch < 100 + ended_epochs_max + 3; ++epoch)
    must(outbox->begin_epoch(epoch, 5, same));
  reopen();
  BOOST_TEST(outbox->state().ended.size() == ended_epochs_max);
  BOOST_TEST(outbox->state().ended.back().epoch == 100 + ended_epochs_max + 1);
}

BOOST_AUTO_TEST_CASE(the_batch_that_holds_a_sequence_is_known_by_its_end_and_hash) {
  const auto middle = must(outbox->batch_holding(7));
  BOOST_REQUIRE(middle.has_value());
  BOOST_TEST(middle->through == 9u);
  BOOST_TEST((middle->hash == hash_of(9)));
  BOOST_TEST(!must(outbox->batch_holding(13)).has_value());
  must(outbox->expire(morning + std::chrono::hours(1), std::chrono::hours(0)));
  BOOST_TEST(!must(outbox->batch_holding(5)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::edge::testing
