// Whatever a crash or the disk does to the file: the previous roster, or none with a reason; never a wrong
// one.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "edge/roster/roster.hpp"
#include "edge/roster/roster_file.hpp"
#include "shared/wire/site_roster.hpp"
#include "tests/edge/site_example.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct FileFixture {
  FileFixture() {
    BOOST_REQUIRE(write_roster_file(file, example_roster()));
    std::ifstream in(file, std::ios::binary);
    good = {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& content) const {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
  }

  tests::TemporaryFolder folder;
  std::filesystem::path file = folder / "roster.bin";
  std::string good;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(roster_file, FileFixture)

BOOST_AUTO_TEST_CASE(what_was_written_is_read) {
  const auto read = read_roster_file(file);
  BOOST_REQUIRE(read && read.value());
  BOOST_TEST((*read.value() == example_roster()));
  BOOST_TEST(!std::filesystem::exists(folder / "roster.bin.new"));
}

BOOST_AUTO_TEST_CASE(no_file_is_no_error) {
  const auto read = read_roster_file(folder / "none.bin");
  BOOST_REQUIRE(read);
  BOOST_TEST(!read.value());
}

BOOST_AUTO_TEST_CASE(a_file_cut_at_any_place_is_damaged) {
  for (std::size_t size = 0; size < good.size(); ++size) {
    write(good.substr(0, size));
    const auto read = read_roster_file(file);
    BOOST_REQUIRE_MESSAGE(!read, "cut at " << size);
    BOOST_TEST(is(read.error(), RosterErrc::damaged), read.error().text());
  }
}

BOOST_AUTO_TEST_CASE(any_flipped_bit_is_noticed) {
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string flipped = good;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    write(flipped);
    BOOST_REQUIRE_MESSAGE(!read_roster_file(file), "byte " << at);
  }
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_named) {
  std::string newer = good;
  newer[11] = 2;
  write(newer);
  const auto read = read_roster_file(file);
  BOOST_REQUIRE(!read);
  BOOST_TEST(is(read.error(), RosterErrc::newer_format));
}

BOOST_AUTO_TEST_CASE(a_crash_while_writing_leaves_the_previous_roster) {
  std::ofstream(folder / "roster.bin.new", std::ios::binary) << good.substr(0, good.size() / 2);
  const auto book = RosterBook::open(folder.path(), site);
  BOOST_REQUIRE(book);
  BOOST_TEST((book.value()->current()->roster() == example_roster()));
  SiteRoster next = example_roster();
  next.version = 4;
  BOOST_REQUIRE(book.value()->apply(next));
  BOOST_TEST((*read_roster_file(file).value() == next));
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_set_aside_and_a_full_roster_helps) {
  write(good.substr(0, 100));
  const auto book = RosterBook::open(folder.path(), site);
  BOOST_REQUIRE(book);
  BOOST_TEST(!book.value()->current()->known());
  BOOST_TEST(book.value()->problem().find("cut short") != std::string::npos);
  BOOST_TEST(std::filesystem::exists(folder / "roster.bin.damaged"));
  BOOST_REQUIRE(book.value()->apply(example_roster()));
  const auto again = RosterBook::open(folder.path(), site);
  BOOST_REQUIRE(again);
  BOOST_TEST((again.value()->current()->roster() == example_roster()));
  BOOST_TEST(again.value()->problem().empty());
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_back_is_not_written) {
  SiteRoster roster = example_roster();
  const RosterTechnician one = roster.technicians.front();
  roster.technicians.resize(wire::roster_technicians_max + 1, one);
  const auto written = write_roster_file(file, roster);
  BOOST_REQUIRE(!written);
  BOOST_TEST(is(written.error(), RosterErrc::too_large));
  BOOST_TEST((*read_roster_file(file).value() == example_roster()));
}

BOOST_AUTO_TEST_SUITE_END()
