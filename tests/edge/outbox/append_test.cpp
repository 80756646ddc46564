// An appended entry is kept, numbered without gaps, and there again after every opening.
#include <thread>

#include "tests/edge/outbox/outbox_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

BOOST_FIXTURE_TEST_SUITE(outbox_append, OutboxFixture)

BOOST_AUTO_TEST_CASE(entries_are_numbered_from_one_and_survive_reopening) {
  reopen();
  append(5);
  reopen();
  append(9);
  const auto entries = must(reopen().unsealed(all, all));
  BOOST_REQUIRE_EQUAL(entries.size(), 9);
  for (Sequence sequence = 1; sequence <= 9; ++sequence) {
    BOOST_TEST(entries[sequence - 1].sequence == sequence);
    BOOST_TEST(entries[sequence - 1].bytes == entry_bytes(sequence));
  }
  BOOST_TEST(outbox->state().next_sequence == 10u);
  BOOST_TEST(outbox->state().unsealed_count == 9u);
}

BOOST_AUTO_TEST_CASE(the_epoch_is_made_once) {
  const Epoch epoch = reopen().state().epoch;
  BOOST_TEST(epoch != 0u);
  BOOST_TEST(reopen().state().epoch == epoch);
  sitegate::tests::TemporaryFolder other;
  BOOST_TEST(must(Outbox::open(other.path(), options, chance))->state().epoch != epoch);
}

BOOST_AUTO_TEST_CASE(reading_is_limited_by_count_and_bytes_but_gives_at_least_one) {
  reopen();
  append(6);
  BOOST_TEST(must(outbox->unsealed(2, all)).size() == 2u);
  BOOST_TEST(must(outbox->unsealed(all, 1)).size() == 1u);
  const std::size_t three = entry_bytes(1).size() + entry_bytes(2).size() + entry_bytes(3).size();
  BOOST_TEST(must(outbox->unsealed(all, three)).size() == 3u);
  BOOST_TEST(must(outbox->unsealed(all, all, 5)).front().sequence == 5u);
  BOOST_TEST(must(outbox->unsealed(all, all, 7)).empty());
}

BOOST_AUTO_TEST_CASE(empty_and_oversized_entries_are_refused) {
  reopen();
  fails_with(outbox->append({}), OutboxErrc::too_large);
  fails_with(outbox->append(Bytes(outbox_entry_size_max + 1)), OutboxErrc::too_large);
  BOOST_TEST(must(outbox->append(Bytes(outbox_entry_size_max, 7))) == 1u);
  BOOST_TEST(must(reopen().unsealed(all, all)).front().bytes == Bytes(outbox_entry_size_max, 7));
}

BOOST_AUTO_TEST_CASE(a_second_owner_is_refused_and_an_inspector_is_not) {
  reopen();
  append(3);
  fails_with(Outbox::open(folder.path(), options, chance), OutboxErrc::in_use);
  outbox.reset();
  const auto inspected = must(Outbox::open_read_only(folder.path()));
  BOOST_TEST(must(inspected->unsealed(all, all)).size() == 3u);
  BOOST_TEST(inspected->state().next_sequence == 4u);
  fails_with(inspected->append(entry_bytes(4)), OutboxErrc::read_only);
  fails_with(inspected->receipt(1, morning), OutboxErrc::read_only);
}

BOOST_AUTO_TEST_CASE(a_reserve_that_could_not_help_is_refused) {
  options.reserve = outbox_reserve_min - 1;
  fails_with(Outbox::open(folder.path(), options, chance), OutboxErrc::bad_setting);
  options.reserve = options.map_size;
  fails_with(Outbox::open(folder.path(), options, chance), OutboxErrc::bad_setting);
}

BOOST_AUTO_TEST_CASE(one_thread_appends_while_another_seals_and_confirms) {
  constexpr Sequence last = 300;
  options.sync = false;
  reopen();
  std::thread publisher([this] {
    for (Sequence sealed = 0; sealed < last;) {
      const auto entries = outbox->unsealed(20, all);
      if (!entries || entries.value().empty()) continue;
      const Sequence through = entries.value().back().sequence;
      if (!outbox->seal(sealed + 1, through, envelope_bytes(sealed + 1, through), hash_of(through), morning))
        return;
      if (!outbox->receipt(through, morning)) return;
      sealed = through;
    }
  });
  for (Sequence next = 1; next <= last; ++next) BOOST_TEST(must(outbox->append(entry_bytes(next))) == next);
  publisher.join();
  BOOST_TEST(outbox->state().receipted_through == last);
  BOOST_TEST(reopen().state().receipted_through == last);
  BOOST_TEST(outbox->state().pending_bytes == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
