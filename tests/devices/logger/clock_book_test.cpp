// Measurements of earlier imports survive a restart; a damaged book costs the drift and nothing else.
#include "devices/logger/clock_book.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::logger {

namespace {

using std::chrono::seconds;
using touches::ClockMeasurement;

constexpr UtcTime start{std::chrono::milliseconds{1'690'000'000'250}};

ClockMeasurement measured(const std::string& reader_id, int day, int offset_s, bool set = false) {
  const auto actual = start + std::chrono::hours{24 * day};
  return {reader_id, actual + seconds{offset_s}, actual, set};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clock_book)

BOOST_AUTO_TEST_CASE(what_was_added_is_there_after_opening_again) {
  const tests::TemporaryFolder folder;
  const auto file = folder / "made/on-demand/clocks.csv";
  BOOST_TEST(ClockBook(file).measurements().empty());
  const std::vector all{measured("R-1", 0, 5), measured("R-2", 1, -3, true)};
  BOOST_REQUIRE(ClockBook(file).add(all));
  BOOST_REQUIRE(ClockBook(file).add({all[0]}));
  const auto kept = ClockBook(file).measurements();
  BOOST_REQUIRE(kept.size() == 2U);
  BOOST_TEST((kept[0] == all[1]));
  BOOST_TEST((kept[1] == all[0]));
}

BOOST_AUTO_TEST_CASE(the_latest_of_each_reader_are_kept) {
  const tests::TemporaryFolder folder;
  const ClockBook book(folder / "clocks.csv");
  BOOST_REQUIRE(book.add({measured("R-2", 0, 1)}));
  for (int day = 0; day < 20; ++day) BOOST_REQUIRE(book.add({measured("R-1", day, day)}));
  const auto kept = book.measurements();
  BOOST_TEST(kept.size() == ClockBook::kept_per_reader + 1);
  BOOST_TEST((kept.front() == measured("R-1", 19, 19)));
  BOOST_TEST((kept.back() == measured("R-2", 0, 1)));
}

BOOST_AUTO_TEST_CASE(a_damaged_book_is_an_empty_one_and_is_written_anew) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "clocks.csv") << "\xff\xfe\x01";
  const ClockBook book(folder / "clocks.csv");
  BOOST_TEST(book.measurements().empty());
  BOOST_REQUIRE(book.add({measured("R-1", 0, 5)}));
  BOOST_TEST(book.measurements().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_book_that_cannot_be_written_says_so) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "file") << "no folder";
  BOOST_TEST(!ClockBook(folder / "file/clocks.csv").add({measured("R-1", 0, 5)}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::logger
