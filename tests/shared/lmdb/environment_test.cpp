// Environments: opening, read only, a full map, tables and their names, unsynchronised commits.
#include <fstream>

#include "tests/shared/lmdb/lmdb_fixture.hpp"

namespace sitegate::lmdb::tests {
namespace {

constexpr std::size_t small_map = std::size_t{256} << 10;

/// Puts 1,000-byte values into one transaction until something is refused; the number that went in.
std::pair<int, Result<void>> fill(Transaction& writer, Table table) {
  for (int number = 0; number < 10'000; ++number) {
    auto outcome = writer.put(table, as_bytes("big" + std::to_string(number)), Bytes(1000, 7));
    if (!outcome) return {number, outcome};
  }
  return {10'000, success()};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lmdb_environment, LmdbFixture)

BOOST_AUTO_TEST_CASE(read_only_reads_and_writes_nothing) {
  put("a", "1");
  open({.read_only = true});
  BOOST_TEST(environment->read_only());
  BOOST_TEST((value_of("a") == "1"));
  refuses(Errc::other, environment->begin_write());
  refuses(Errc::other, environment->table("none"));
  const std::vector<std::string> names{"entries", "none"};
  refuses(Errc::other, environment->tables(names));
  BOOST_TEST(!environment->failed());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened_is_said) {
  refuses(Errc::open_failed, Environment::open(folder / "none", {.read_only = true}));
  BOOST_TEST(!std::filesystem::exists(folder / "none"));
  std::ofstream(folder / "file") << "text";
  refuses(Errc::open_failed, Environment::open(folder / "file", {}));
  std::filesystem::create_directory(folder / "foreign");
  std::ofstream(folder / "foreign" / "data.mdb") << std::string(10'000, 'x');
  refuses(Errc::open_failed, Environment::open(folder / "foreign", {}));
}

BOOST_AUTO_TEST_CASE(the_folder_is_made_with_those_above_it) {
  const auto deep = need(Environment::open(folder / "a" / "b", {}));
  BOOST_TEST(std::filesystem::exists(folder / "a" / "b" / "data.mdb"));
}

BOOST_AUTO_TEST_CASE(a_full_map_is_said_and_the_environment_goes_on) {
  open({.map_size = small_map});
  put("a", "1");
  {
    auto writer = need(environment->begin_write());
    const auto [count, outcome] = fill(writer, table);
    BOOST_TEST(count > 50);
    refuses(Errc::full, outcome);
  }
  BOOST_TEST(!environment->failed());
  BOOST_TEST((value_of("a") == "1"));
  BOOST_TEST(count() == 1);
  put("b", "2");
  BOOST_TEST(environment->usage().used_bytes <= environment->usage().map_bytes);
  open({.map_size = 2 * small_map});
  BOOST_TEST((value_of("b") == "2"));
  auto writer = need(environment->begin_write());
  need(writer.put(table, as_bytes("c"), Bytes(small_map, 1)));
  need(writer.commit());
  BOOST_TEST(value_of("c")->size() == small_map);
}

BOOST_AUTO_TEST_CASE(pages_of_erased_records_are_used_again) {
  for (int round = 0; round < 20; ++round) {
    put("a", std::string(50'000, 'x'));
    auto writer = need(environment->begin_write());
    BOOST_TEST(need(writer.erase(table, as_bytes("a"))));
    need(writer.commit());
  }
  BOOST_TEST(environment->usage().used_bytes < 10 * 50'000);
}

BOOST_AUTO_TEST_CASE(tables_and_their_names) {
  const std::vector<std::string> names{"z", "entries", "m"};
  const auto tables = need(environment->tables(names));
  BOOST_REQUIRE(tables.size() == 3);
  BOOST_TEST(tables[1] == table);
  {
    auto writer = need(environment->begin_write());
    for (std::size_t i = 0; i < names.size(); ++i)
      need(writer.put(tables[i], as_bytes("k"), as_bytes(names[i])));
    need(writer.commit());
  }
  BOOST_TEST(need(environment->table_names()) == (std::vector<std::string>{"entries", "m", "z"}),
             boost::test_tools::per_element());
  open({.read_only = true});
  const auto again = need(environment->tables(names));
  const auto reader = need(environment->begin_read());
  for (std::size_t i = 0; i < names.size(); ++i)
    BOOST_TEST(as_text(*need(reader.get(again[i], as_bytes("k")))) == names[i]);
}

BOOST_AUTO_TEST_CASE(more_tables_than_were_asked_for_are_refused) {
  open({.tables_max = 2});
  need(environment->table("second"));
  refuses(Errc::other, environment->table("third"));
  BOOST_TEST(need(environment->table_names()).size() == 2);
}

BOOST_AUTO_TEST_CASE(unsynchronised_commits_are_there_after_sync_and_closing) {
  open({.sync = false});
  put("a", "1");
  need(environment->sync());
  put("b", "2");
  open({});
  BOOST_TEST((value_of("a") == "1"));
  BOOST_TEST((value_of("b") == "2"));
}

BOOST_AUTO_TEST_CASE(error_words_and_categories) {
  BOOST_TEST(std::string(errc_category(Errc::full)) == "lmdb");
  for (const auto what : {Errc::open_failed, Errc::full, Errc::damaged, Errc::io, Errc::other})
    BOOST_TEST(errc_text(what) != "unknown");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::lmdb::tests
