// What a device reports again is found again, as long as its batch is kept; an entry can be amended until it
// is sealed.
#include "tests/edge/outbox/outbox_fixture.hpp"

namespace sitegate::edge::testing {

BOOST_FIXTURE_TEST_SUITE(outbox_events, OutboxFixture)

BOOST_AUTO_TEST_CASE(an_event_is_found_after_reopening) {
  reopen();
  BOOST_TEST(must(outbox->append(entry_bytes(1), "zkteco/SN1/4711")) == 1u);
  append(2);
  reopen();
  BOOST_TEST((must(outbox->find_event("zkteco/SN1/4711")) == Sequence{1}));
  BOOST_TEST(!must(outbox->find_event("zkteco/SN1/471")));
  BOOST_TEST(!must(outbox->find_event("")));
}

BOOST_AUTO_TEST_CASE(an_event_is_forgotten_with_its_batch_and_not_before) {
  reopen();
  must(outbox->append(entry_bytes(1), "first"));
  must(outbox->append(entry_bytes(2), "second"));
  must(outbox->append(entry_bytes(3), "third"));
  seal(1, 2);
  BOOST_TEST(must(outbox->find_event("first")).has_value());
  must(outbox->receipt(2, morning));
  BOOST_TEST(must(outbox->find_event("second")).has_value());
  must(outbox->expire(morning + std::chrono::hours(24), std::chrono::hours(1)));
  reopen();
  BOOST_TEST(!must(outbox->find_event("first")));
  BOOST_TEST(!must(outbox->find_event("second")));
  BOOST_TEST((must(outbox->find_event("third")) == Sequence{3}));
}

BOOST_AUTO_TEST_CASE(an_entry_of_several_devices_is_found_by_each_name_and_all_are_forgotten_with_it) {
  reopen();
  const std::vector<std::string> both{"cards/1", "faces/1"};
  must(outbox->append(entry_bytes(1), both));
  must(outbox->append(entry_bytes(2), "cards/2"));
  must(outbox->append(entry_bytes(3)));
  BOOST_TEST(must(outbox->amend(2, entry_bytes(22), "faces/2")));
  BOOST_TEST(must(outbox->amend(2, entry_bytes(23), "faces/2")));
  BOOST_TEST(must(outbox->amend(3, entry_bytes(33), "faces/3")));
  reopen();
  for (const std::string number : {"1", "2", "3"}) {
    const Sequence sequence = std::stoull(number);
    BOOST_TEST((must(outbox->find_event("faces/" + number)) == sequence));
    if (sequence < 3) BOOST_TEST((must(outbox->find_event("cards/" + number)) == sequence));
  }
  seal(1, 2);
  BOOST_TEST(!must(outbox->amend(2, entry_bytes(22), "too late")));
  BOOST_TEST(!must(outbox->find_event("too late")));
  must(outbox->receipt(2, morning));
  must(outbox->expire(morning + std::chrono::hours(24), std::chrono::hours(1)));
  for (const auto* name : {"cards/1", "faces/1", "cards/2", "faces/2"})
    BOOST_TEST(!must(outbox->find_event(name)));
  BOOST_TEST((must(outbox->find_event("faces/3")) == Sequence{3}));
}

BOOST_AUTO_TEST_CASE(a_name_beyond_its_limit_is_refused_and_nothing_is_stored) {
  reopen();
  fails_with(outbox->append(entry_bytes(1), std::string(outbox_event_size_max + 1, 'x')),
             OutboxErrc::too_large);
  BOOST_TEST(outbox->state().next_sequence == 1u);
  BOOST_TEST(must(outbox->append(entry_bytes(1), std::string(outbox_event_size_max, 'x'))) == 1u);
}

BOOST_AUTO_TEST_CASE(an_entry_is_amended_until_it_is_sealed) {
  reopen();
  append(3);
  seal(1, 1);
  BOOST_TEST(must(outbox->amend(2, entry_bytes(77))));
  BOOST_TEST(!must(outbox->amend(1, entry_bytes(77))));
  BOOST_TEST(!must(outbox->amend(4, entry_bytes(77))));
  const auto pending = outbox->state().pending_bytes;
  reopen();
  BOOST_TEST(outbox->state().pending_bytes == pending);
  const auto entries = must(outbox->unsealed(all, all));
  BOOST_REQUIRE(entries.size() == 2u);
  BOOST_TEST(entries[0].bytes == entry_bytes(77), boost::test_tools::per_element());
  BOOST_TEST(entries[1].bytes == entry_bytes(3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::edge::testing
