// Full means: nothing is lost, appending is refused, and sending, receipts and forgetting make room again.
#include <algorithm>

#include "tests/edge/outbox/outbox_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct SmallFixture : OutboxFixture {
  SmallFixture() {
    options.map_size = std::size_t{12} << 20;
    options.reserve = outbox_reserve_min;
    options.sync = false;
    reopen();
  }
  /// Appends until refused; returns the last sequence that was taken.
  Sequence fill(std::size_t size) {
    for (;;) {
      const Sequence next = outbox->state().next_sequence;
      const auto taken = outbox->append(entry_bytes(next, size));
      if (taken) continue;
      fails_with(taken, OutboxErrc::full);
      return next - 1;
    }
  }
  /// Seals batches as large as what they hold, until nothing is left or there is no room.
  Result<void> seal_all(std::size_t count, std::size_t entry_size) {
    for (;;) {
      const OutboxState state = outbox->state();
      if (state.unsealed_count == 0) return success();
      const Sequence first = state.sealed_through + 1;
      const Sequence through = std::min(state.sealed_through + count, state.next_sequence - 1);
      const Bytes envelope = envelope_bytes(first, through, (through - first + 1) * entry_size);
      SITEGATE_TRYV(outbox->seal(first, through, envelope, hash_of(through), morning));
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(outbox_full, SmallFixture)

BOOST_AUTO_TEST_CASE(a_full_outbox_refuses_loses_nothing_and_recovers) {
  Sequence held = 0;
  for (const std::size_t size : {1000, 1999, 150, 700}) {  // each round on the free pages of the one before
    held = fill(size);
    BOOST_TEST_CONTEXT("entries of " << size << " bytes, " << held << " so far") {
      BOOST_TEST(must(reopen().unsealed(all, all)).back().sequence == held);
      must(seal_all(100, size));
      must(outbox->receipt(held, morning));
      BOOST_TEST(must(outbox->expire(morning, std::chrono::hours(0))) > 0u);
      BOOST_TEST(must(outbox->append(entry_bytes(held + 1, size))) == held + 1);
      BOOST_TEST(outbox->state().pending_bytes == size);
    }
  }
  BOOST_TEST(reopen().state().next_sequence == held + 2);
}

BOOST_AUTO_TEST_CASE(when_even_sealing_finds_no_room_receipts_still_make_it) {
  fill(1000);
  // Envelopes far larger than what they hold: the half of the reserve that sealing may use runs out.
  Result<void> sealed = success();
  while (sealed) {
    const Sequence next = outbox->state().sealed_through + 1;
    sealed = outbox->seal(next, next, envelope_bytes(next, next, 100'000), hash_of(next), morning);
  }
  fails_with(sealed, OutboxErrc::full);
  fails_with(outbox->append(entry_bytes(1)), OutboxErrc::full);
  must(outbox->receipt(outbox->state().sealed_through, morning));
  BOOST_TEST(must(outbox->expire(morning, std::chrono::hours(0))) > 0u);
  must(seal_all(100, 500));
  must(outbox->receipt(outbox->state().sealed_through, morning));
  must(outbox->expire(morning, std::chrono::hours(0)));
  const Sequence next = reopen().state().next_sequence;
  BOOST_TEST(must(outbox->append(entry_bytes(next))) == next);
}

BOOST_AUTO_TEST_CASE(a_larger_map_helps_too) {
  const Sequence held = fill(1000);
  options.map_size *= 2;
  BOOST_TEST(must(reopen().append(entry_bytes(held + 1))) == held + 1);
}

BOOST_AUTO_TEST_SUITE_END()
