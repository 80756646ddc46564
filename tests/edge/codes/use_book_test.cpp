// How often codes were used: still known after a restart, forgotten when their time is long over.
#include "edge/codes/use_book.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/temporary_folder.hpp"

namespace sitegate::edge {

using namespace std::chrono_literals;

namespace {

const UtcTime now{std::chrono::milliseconds{1'690'756'200'000}};

}  // namespace

BOOST_AUTO_TEST_SUITE(use_book)

BOOST_AUTO_TEST_CASE(uses_are_there_after_a_restart) {
  const tests::TemporaryFolder folder;
  const CodeUses uses{3, {"1", "North gate", "北"}};
  {
    const auto book = UseBook::open(folder / "codes", now).value();
    BOOST_TEST((book->uses(7).value() == CodeUses{}));
    BOOST_TEST(book->put(7, uses, now + 1h).has_value());
    BOOST_TEST(book->put(8, {1, {"1"}}, now + 1h).has_value());
  }
  const auto book = UseBook::open(folder / "codes", now).value();
  BOOST_TEST((book->uses(7).value() == uses));
  BOOST_TEST((book->uses(8).value() == CodeUses{1, {"1"}}));
}

BOOST_AUTO_TEST_CASE(a_week_after_its_end_a_code_is_forgotten) {
  const tests::TemporaryFolder folder;
  {
    const auto book = UseBook::open(folder / "codes", now).value();
    for (std::uint64_t serial = 1; serial <= 100; ++serial)
      BOOST_TEST(book->put(serial, {1, {"1"}}, now + std::chrono::hours(serial)).has_value());
  }
  const auto book = UseBook::open(folder / "codes", now + UseBook::remembered + 50h + 1ms).value();
  for (std::uint64_t serial = 1; serial <= 100; ++serial)
    BOOST_TEST(book->uses(serial).value().count == (serial <= 50 ? 0 : 1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::edge
