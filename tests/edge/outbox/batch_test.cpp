// Sealing, receipts and forgetting: each step holds after re-opening.
#include "tests/edge/outbox/outbox_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;
using std::chrono::hours;

namespace {

struct SealedFixture : OutboxFixture {
  SealedFixture() {
    reopen();
    append(10);
    seal(1, 4);
    seal(5, 8);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(outbox_batches, SealedFixture)

BOOST_AUTO_TEST_CASE(a_sealed_batch_is_kept_byte_for_byte_and_its_entries_are_gone) {
  const auto batches = must(reopen().batches(1, all, all));
  BOOST_REQUIRE_EQUAL(batches.size(), 2);
  BOOST_TEST((batches[0] == SealedBatch{1, 4, morning, std::nullopt, hash_of(4), envelope_bytes(1, 4)}));
  BOOST_TEST((batches[1] == SealedBatch{5, 8, morning, std::nullopt, hash_of(8), envelope_bytes(5, 8)}));
  const auto entries = must(outbox->unsealed(all, all));
  BOOST_REQUIRE_EQUAL(entries.size(), 2);
  BOOST_TEST(entries.front().sequence == 9u);
  BOOST_TEST((outbox->state().chain_head == hash_of(8)));
  BOOST_TEST(outbox->state().sealed_through == 8u);
  BOOST_TEST(outbox->state().next_sequence == 11u);
}

BOOST_AUTO_TEST_CASE(pending_bytes_are_the_same_counted_and_measured) {
  const auto counted = outbox->state().pending_bytes;
  BOOST_TEST(counted == entry_bytes(9).size() + entry_bytes(10).size() + envelope_bytes(1, 4).size() +
                            envelope_bytes(5, 8).size());
  BOOST_TEST(reopen().state().pending_bytes == counted);
  must(outbox->receipt(4, morning));
  const auto after_receipt = outbox->state().pending_bytes;
  BOOST_TEST(after_receipt == counted - envelope_bytes(1, 4).size());
  BOOST_TEST(reopen().state().pending_bytes == after_receipt);
}

BOOST_AUTO_TEST_CASE(numbering_goes_on_when_everything_is_sealed) {
  seal(9, 10);
  BOOST_TEST(must(reopen().append(entry_bytes(11))) == 11u);
}

BOOST_AUTO_TEST_CASE(only_the_next_range_can_be_sealed) {
  const Bytes envelope = envelope_bytes(9, 9);
  fails_with(outbox->seal(10, 10, envelope, hash_of(1), morning), OutboxErrc::out_of_order);
  fails_with(outbox->seal(8, 9, envelope, hash_of(1), morning), OutboxErrc::out_of_order);
  fails_with(outbox->seal(9, 11, envelope, hash_of(1), morning), OutboxErrc::out_of_order);
  fails_with(outbox->seal(9, 8, envelope, hash_of(1), morning), OutboxErrc::out_of_order);
  fails_with(outbox->seal(9, 10, {}, hash_of(1), morning), OutboxErrc::too_large);
  fails_with(outbox->seal(9, 10, Bytes(outbox_envelope_size_max + 1), hash_of(1), morning),
             OutboxErrc::too_large);
  BOOST_TEST(reopen().state().sealed_through == 8u);
  BOOST_TEST(must(outbox->unsealed(all, all)).size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_largest_envelope_comes_back_whole) {
  const Bytes envelope = envelope_bytes(9, 10, outbox_envelope_size_max);
  must(outbox->seal(9, 10, envelope, hash_of(10), morning));
  BOOST_TEST(must(reopen().batches(9, all, all)).front().envelope == envelope);
}

BOOST_AUTO_TEST_CASE(batches_are_found_by_any_sequence_in_them) {
  BOOST_TEST(must(outbox->batches(0, 1, all)).front().first == 1u);
  BOOST_TEST(must(outbox->batches(4, 1, all)).front().first == 1u);
  BOOST_TEST(must(outbox->batches(5, 1, all)).front().first == 5u);
  BOOST_TEST(must(outbox->batches(8, 1, all)).front().first == 5u);
  BOOST_TEST(must(outbox->batches(9, 1, all)).empty());
  BOOST_TEST(must(outbox->batches(1, all, 1)).size() == 1u);
  BOOST_TEST((must(outbox->next_batch(1)) == std::optional<Sequence>(5)));
  BOOST_TEST((must(outbox->next_batch(5)) == std::optional<Sequence>()));
}

BOOST_AUTO_TEST_CASE(receipts_only_ever_move_forward) {
  must(outbox->receipt(4, morning));
  must(outbox->receipt(2, morning + hours(1)));
  must(outbox->receipt(4, morning + hours(2)));
  BOOST_TEST(reopen().state().receipted_through == 4u);
  const auto batches = must(outbox->batches(1, all, all));
  BOOST_TEST((batches[0].receipted_at == morning));
  BOOST_TEST(!batches[1].receipted_at);
  fails_with(outbox->receipt(9, morning), OutboxErrc::receipt_beyond);
  BOOST_TEST(reopen().state().receipted_through == 4u);
}

BOOST_AUTO_TEST_CASE(a_batch_counts_as_receipted_when_all_of_it_is) {
  must(outbox->receipt(6, morning));
  BOOST_TEST(!must(outbox->batches(5, all, all)).front().receipted_at);
  must(reopen().receipt(8, morning + hours(1)));
  BOOST_TEST((must(reopen().batches(5, all, all)).front().receipted_at == morning + hours(1)));
}

BOOST_AUTO_TEST_CASE(one_receipt_covers_any_number_of_batches) {
  options.sync = false;
  reopen();
  append(700);
  for (Sequence sequence = 9; sequence <= 700; ++sequence) seal(sequence, sequence);
  must(outbox->receipt(700, morning));
  BOOST_TEST(reopen().state().receipted_through == 700u);
  for (const SealedBatch& batch : must(outbox->batches(1, all, all)))
    BOOST_TEST(batch.receipted_at.has_value());
  BOOST_TEST(must(outbox->expire(morning + hours(1), hours(1))) == 694u);
  BOOST_TEST(must(reopen().batches(1, all, all)).empty());
}

BOOST_AUTO_TEST_CASE(only_receipted_batches_past_the_retention_are_forgotten) {
  must(outbox->receipt(4, morning + hours(1)));
  BOOST_TEST(must(outbox->expire(morning + outbox_retention_default)) == 0u);
  BOOST_TEST(must(outbox->expire(morning + outbox_retention_default + hours(1))) == 1u);
  const auto left = must(reopen().batches(0, all, all));
  BOOST_REQUIRE_EQUAL(left.size(), 1);
  BOOST_TEST(left.front().first == 5u);
  BOOST_TEST(must(outbox->expire(morning + hours(1'000'000))) == 0u);
  BOOST_TEST(reopen().state().next_sequence == 11u);
}

BOOST_AUTO_TEST_CASE(a_receipt_taken_under_an_unset_clock_is_still_a_receipt) {
  must(outbox->receipt(4, UtcTime{}));
  BOOST_TEST(must(reopen().batches(1, 1, all)).front().receipted_at.has_value());
  BOOST_TEST(must(outbox->expire(morning)) == 0u);  // counted from the sealing, the later of the two
}

BOOST_AUTO_TEST_SUITE_END()
