// Transactions: all or nothing, readers see the last commit, an operation that fails says why.
#include "tests/shared/lmdb/lmdb_fixture.hpp"

namespace sitegate::lmdb::tests {

BOOST_FIXTURE_TEST_SUITE(lmdb_transaction, LmdbFixture)

BOOST_AUTO_TEST_CASE(what_was_committed_is_there_after_opening_again) {
  put("a", "1");
  put("a", "2");
  put("b", "");
  BOOST_TEST((value_of("a") == "2"));
  open({});
  BOOST_TEST((value_of("a") == "2"));
  BOOST_TEST((value_of("b") == ""));
  BOOST_TEST(!value_of("c").has_value());
  BOOST_TEST(count() == 2);
}

BOOST_AUTO_TEST_CASE(what_was_not_committed_leaves_no_trace) {
  put("a", "1");
  {
    auto transaction = need(environment->begin_write());
    need(transaction.put(table, as_bytes("a"), as_bytes("2")));
    need(transaction.put(table, as_bytes("b"), as_bytes("2")));
    BOOST_TEST(as_text(*need(transaction.get(table, as_bytes("a")))) == "2");
  }
  BOOST_TEST((value_of("a") == "1"));
  open({});
  BOOST_TEST((value_of("a") == "1"));
  BOOST_TEST(!value_of("b").has_value());
}

BOOST_AUTO_TEST_CASE(a_reader_stays_at_the_commit_it_began_with) {
  put("a", "1");
  const auto before = need(environment->begin_read());
  auto writer = need(environment->begin_write());
  need(writer.put(table, as_bytes("a"), as_bytes("2")));
  BOOST_TEST((value_of("a") == "1"));
  need(writer.commit());
  BOOST_TEST(as_text(*need(before.get(table, as_bytes("a")))) == "1");
  BOOST_TEST((value_of("a") == "2"));
}

BOOST_AUTO_TEST_CASE(a_moved_transaction_is_ended_once) {
  auto first = need(environment->begin_write());
  need(first.put(table, as_bytes("a"), as_bytes("1")));
  Transaction second = std::move(first);
  need(second.commit());
  put("b", "2");  // would wait for ever if the first one were still open
  BOOST_TEST((value_of("a") == "1"));
}

BOOST_AUTO_TEST_CASE(append_takes_rising_keys_only) {
  auto writer = need(environment->begin_write());
  for (std::uint32_t number = 0; number < 2000; ++number) {
    Bytes key;
    put_big_endian(key, number);
    need(writer.append(table, key, key));
  }
  Bytes lower;
  put_big_endian(lower, std::uint32_t{1000});
  refuses(Errc::other, writer.append(table, lower, lower));
  need(writer.commit());
  BOOST_TEST(count() == 2000);
}

BOOST_AUTO_TEST_CASE(appended_pages_are_full) {
  const auto bytes_of = [&](bool appending) {
    const Table target = need(environment->table(appending ? "appended" : "put"));
    auto writer = need(environment->begin_write());
    for (std::uint32_t number = 0; number < 5000; ++number) {
      Bytes key;
      put_big_endian(key, number);
      need(appending ? writer.append(target, key, key) : writer.put(target, key, key));
    }
    const auto bytes = need(writer.bytes_used(target));
    need(writer.commit());
    return bytes;
  };
  const std::uint64_t node_bytes = 8 + 4 + 4 + 2;  // LMDB's header, key, value, the page's pointer to it
  const auto appended = bytes_of(true);
  BOOST_TEST(appended >= 5000 * node_bytes);
  BOOST_TEST(appended <= 5000 * node_bytes * 110 / 100);
  BOOST_TEST(bytes_of(false) >= appended);
}

BOOST_AUTO_TEST_CASE(erase_tells_whether_it_was_there) {
  put("a", "1");
  auto writer = need(environment->begin_write());
  BOOST_TEST(need(writer.erase(table, as_bytes("a"))));
  BOOST_TEST(!need(writer.erase(table, as_bytes("a"))));
  need(writer.commit());
  BOOST_TEST(!value_of("a").has_value());
}

BOOST_AUTO_TEST_CASE(reserved_room_is_filled_in_place) {
  auto writer = need(environment->begin_write());
  const auto room = need(writer.reserve(table, as_bytes("a"), 10'000));
  BOOST_REQUIRE(room.size() == 10'000);
  std::fill(room.begin(), room.end(), std::uint8_t{'x'});
  need(writer.commit());
  open({});
  BOOST_TEST((value_of("a") == std::string(10'000, 'x')));
}

BOOST_AUTO_TEST_CASE(keys_that_lmdb_cannot_hold_are_refused) {
  auto writer = need(environment->begin_write());
  refuses(Errc::other, writer.put(table, {}, as_bytes("1")));
  refuses(Errc::other, writer.put(table, Bytes(512, 1), as_bytes("1")));
  need(writer.put(table, Bytes(511, 1), as_bytes("1")));
  need(writer.commit());
  BOOST_TEST(count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::lmdb::tests
