// Cursors: in the order of the keys, from anywhere, and erasing on the way.
#include "tests/shared/lmdb/lmdb_fixture.hpp"

namespace sitegate::lmdb::tests {
namespace {

Bytes key_of(std::uint32_t number) {
  Bytes key;
  put_big_endian(key, number);
  return key;
}

/// 10, 20, … 1000 and, on purpose, not in this order: big-endian keys sort as their numbers.
class CursorFixture : public LmdbFixture {
 public:
  CursorFixture() {
    auto writer = need(environment->begin_write());
    for (std::uint32_t i = 1; i <= 100; ++i) {
      const std::uint32_t number = i * 37 % 101 * 10;
      need(writer.put(table, key_of(number), as_bytes(std::to_string(number))));
    }
    need(writer.commit());
  }
};

/// The number it stands on, checked against its value; 0 at the end.
std::uint32_t number_at(const Result<std::optional<KeyValue>>& at) {
  BOOST_REQUIRE(at);
  if (!at.value()) return 0;
  const auto number = get_big_endian<std::uint32_t>(at.value()->key);
  BOOST_TEST(as_text(at.value()->value) == std::to_string(number));
  return number;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lmdb_cursor, CursorFixture)

BOOST_AUTO_TEST_CASE(forwards_and_backwards) {
  const auto reader = need(environment->begin_read());
  auto cursor = need(Cursor::open(reader, table));
  BOOST_TEST(number_at(cursor.first()) == 10);
  for (std::uint32_t number = 20; number <= 1000; number += 10)
    BOOST_TEST(number_at(cursor.next()) == number);
  BOOST_TEST(number_at(cursor.next()) == 0);
  BOOST_TEST(number_at(cursor.last()) == 1000);
  for (std::uint32_t number = 990; number >= 10; number -= 10)
    BOOST_TEST(number_at(cursor.previous()) == number);
  BOOST_TEST(number_at(cursor.previous()) == 0);
}

BOOST_AUTO_TEST_CASE(from_anywhere) {
  const auto reader = need(environment->begin_read());
  auto cursor = need(Cursor::open(reader, table));
  BOOST_TEST(number_at(cursor.at_or_after(key_of(500))) == 500);
  BOOST_TEST(number_at(cursor.at_or_after(key_of(501))) == 510);
  BOOST_TEST(number_at(cursor.next()) == 520);
  BOOST_TEST(number_at(cursor.at_or_after(key_of(1))) == 10);
  BOOST_TEST(number_at(cursor.at_or_after({})) == 10);
  BOOST_TEST(number_at(cursor.at_or_after(key_of(1001))) == 0);
}

BOOST_AUTO_TEST_CASE(an_empty_table_has_no_first_and_no_last) {
  const Table empty = need(environment->table("empty"));
  const auto reader = need(environment->begin_read());
  auto cursor = need(Cursor::open(reader, empty));
  BOOST_TEST(number_at(cursor.first()) == 0);
  BOOST_TEST(number_at(cursor.last()) == 0);
  BOOST_TEST(number_at(cursor.at_or_after(key_of(1))) == 0);
}

BOOST_AUTO_TEST_CASE(after_erasing_next_gives_the_one_behind) {
  {
    auto writer = need(environment->begin_write());
    {
      auto cursor = need(Cursor::open(writer, table));
      auto at = cursor.at_or_after(key_of(110));
      for (std::uint32_t number = 110; number <= 900; number += 10, at = cursor.next()) {
        BOOST_TEST(number_at(at) == number);
        need(cursor.erase());
      }
      BOOST_TEST(number_at(at) == 910);
    }
    need(writer.commit());
  }
  open({});
  BOOST_TEST(count() == 20);
  const auto reader = need(environment->begin_read());
  auto cursor = need(Cursor::open(reader, table));
  BOOST_TEST(number_at(cursor.at_or_after(key_of(101))) == 910);
  BOOST_TEST(number_at(cursor.previous()) == 100);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::lmdb::tests
