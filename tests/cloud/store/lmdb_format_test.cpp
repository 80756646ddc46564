// The LMDB engine alone: what is no store is left alone, damage is said, other processes may read and write.
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "shared/lmdb/environment.hpp"
#include "tests/cloud/store/conformance.hpp"

namespace sitegate::cloud::tests {
namespace {

using sitegate::tests::TemporaryFolder;

std::string url_of(const TemporaryFolder& folder) {
  return "lmdb:" + folder.path().string();
}

std::unique_ptr<Store> opened(const TemporaryFolder& folder) {
  return need(open_store(url_of(folder)));
}

StoreErrc refusal(const std::string& url, bool read_only = false) {
  const auto store = open_store(url, {.read_only = read_only});
  BOOST_REQUIRE(!store);
  BOOST_REQUIRE(store.error().code.category() == EnumCategory<StoreErrc>::instance());
  return static_cast<StoreErrc>(store.error().code.value());
}

/// Changes the first record of a table behind the store's back.
template <typename Change>
void change_first_record(const TemporaryFolder& folder, const std::string& table_name, Change&& change) {
  auto environment = need(lmdb::Environment::open(folder.path(), {.map_size = std::size_t{1} << 30}));
  const lmdb::Table table = need(environment->table(table_name));
  auto transaction = need(environment->begin_write());
  Bytes key;
  Bytes value;
  {
    auto cursor = need(lmdb::Cursor::open(transaction, table));
    const auto first = need(cursor.first());
    BOOST_REQUIRE(first.has_value());
    key = to_bytes(first->key);
    value = to_bytes(first->value);
  }
  change(value);
  need(transaction.put(table, key, value));
  need(transaction.commit());
}

void fill(Store& store) {
  auto writer = need(store.begin_write());
  put_world(*writer, 1);
  need(writer->put(roster_entry(1, 1)));
  need(writer->put(card(1, {1, 2, 3, 4})));
  need(writer->merge_histories(std::vector{history(1, 1, "2023-07-31", "2023-07-31T00:00:00.000Z")}));
  need(writer->commit());
}

Bytes content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_lmdb)

BOOST_AUTO_TEST_CASE(every_flipped_byte_of_a_record_is_found) {
  const TemporaryFolder folder;
  fill(*opened(folder));
  std::size_t size = 0;
  change_first_record(folder, "technician_months", [&](const Bytes& value) { size = value.size(); });
  BOOST_REQUIRE(size > 8);
  for (std::size_t at = 0; at < size; ++at) {
    const auto flip = [&](Bytes& value) { value[at] ^= 0x10; };
    change_first_record(folder, "technician_months", flip);
    {
      const auto store = opened(folder);
      const auto reader = need(store->begin_read());
      refuses(StoreErrc::damaged, reader->work_history(technician_id(1), site_id(1), date("2023-07-31")));
      refuses(StoreErrc::damaged, reader->recount({}));
      const auto writer = need(store->begin_write());
      refuses(StoreErrc::damaged, writer->merge_histories(std::vector{history(1, 1, "2023-07-30")}));
      refuses(StoreErrc::failed, writer->commit());
    }
    change_first_record(folder, "technician_months", flip);
  }
  BOOST_TEST(
      need(need(opened(folder)->begin_read())->work_history(technician_id(1), site_id(1), date("2023-07-31")))
          .has_value());
}

BOOST_AUTO_TEST_CASE(damage_in_each_table_is_found) {
  using Ask = std::function<bool(const ReadTransaction&)>;  // true: damaged
  const auto damage_in = [](const auto& result) { return !result && is(result.error(), StoreErrc::damaged); };
  const std::vector<std::pair<std::string, Ask>> tables{
      {"technicians", [&](const auto& r) { return damage_in(r.technician(technician_id(1))); }},
      {"technician_numbers", [&](const auto& r) { return damage_in(r.technician(technician_id(1))); }},
      {"companies", [&](const auto& r) { return damage_in(r.company(company_id(1))); }},
      {"sites", [&](const auto& r) { return damage_in(r.site(site_id(1))); }},
      {"rosters", [&](const auto& r) { return damage_in(r.site_roster(site_id(1), 0)); }},
      {"credentials",
       [&](const auto& r) {
         return damage_in(r.holders_of(CardCredential{CardTechnology::felica, {1, 2, 3, 4}}));
       }},
      {"site_months",
       [&](const auto& r) { return damage_in(r.technicians_on(site_id(1), date("2023-07-31"))); }},
      {"counts", [&](const auto& r) { return damage_in(r.rollups()); }}};
  for (const auto& [table, ask] : tables) {
    const TemporaryFolder folder;
    fill(*opened(folder));
    BOOST_TEST(!ask(*need(opened(folder)->begin_read())), table);
    change_first_record(folder, table, [](Bytes& value) { value.front() ^= 1; });
    BOOST_TEST(ask(*need(opened(folder)->begin_read())), table);
    change_first_record(folder, table, [](Bytes& value) { value.resize(2); });
    BOOST_TEST(ask(*need(opened(folder)->begin_read())), table);
  }
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_refused_and_left_alone) {
  const TemporaryFolder folder;
  fill(*opened(folder));
  change_first_record(folder, "format", [](Bytes& value) {
    value.resize(1);
    value[0] = 2;
    Bytes key(as_bytes("version").begin(), as_bytes("version").end());
    const std::uint32_t checksum = crc32c(key, value);
    for (int shift = 0; shift < 32; shift += 8) value.push_back(static_cast<std::uint8_t>(checksum >> shift));
  });
  const Bytes before = content_of(folder / "data.mdb");
  BOOST_TEST((refusal(url_of(folder)) == StoreErrc::newer_format));
  BOOST_TEST((refusal(url_of(folder), true) == StoreErrc::newer_format));
  BOOST_TEST((content_of(folder / "data.mdb") == before));
}

BOOST_AUTO_TEST_CASE(what_is_no_store_is_refused_and_left_alone) {
  const TemporaryFolder notes;
  std::ofstream(notes / "notes.txt") << "mine";
  BOOST_TEST((refusal(url_of(notes)) == StoreErrc::not_a_store));
  BOOST_TEST(!std::filesystem::exists(notes / "data.mdb"));

  const TemporaryFolder text;
  std::ofstream(text / "data.mdb") << std::string(10'000, 'x');
  BOOST_TEST((refusal(url_of(text)) == StoreErrc::not_a_store));
  BOOST_TEST(content_of(text / "data.mdb").size() == 10'000);

  const TemporaryFolder foreign;
  need(need(lmdb::Environment::open(foreign.path(), {}))->table("entries"));
  BOOST_TEST((refusal(url_of(foreign)) == StoreErrc::not_a_store));

  const TemporaryFolder empty;
  BOOST_TEST((refusal(url_of(empty), true) == StoreErrc::not_a_store));
  BOOST_TEST(std::filesystem::is_empty(empty.path()));
  BOOST_TEST((refusal("lmdb:" + (empty / "file").string() + "/none", true) == StoreErrc::not_a_store));
  BOOST_TEST((refusal("oracle:somewhere") == StoreErrc::not_a_store));
  BOOST_TEST((refusal("lmdb://host/path") == StoreErrc::not_a_store));
}

BOOST_AUTO_TEST_CASE(a_creation_that_was_cut_short_is_finished) {
  const TemporaryFolder folder;
  need(need(lmdb::Environment::open(folder.path(), {}))->table("format"));
  fill(*opened(folder));
  BOOST_TEST(need(need(opened(folder)->begin_read())->technician(technician_id(1))).has_value());
}

BOOST_AUTO_TEST_CASE(read_only_reads_and_does_not_write) {
  const TemporaryFolder folder;
  fill(*opened(folder));
  const auto store = need(open_store(url_of(folder), {.read_only = true}));
  BOOST_TEST(need(need(store->begin_read())->technician(technician_id(1))).has_value());
  refuses(StoreErrc::failed, store->begin_write());
}

BOOST_AUTO_TEST_CASE(bulk_is_on_disk_after_closing) {
  const TemporaryFolder folder;
  fill(*need(open_store(url_of(folder), {.durability = Durability::bulk})));
  BOOST_TEST(need(need(opened(folder)->begin_read())->technician(technician_id(1))).has_value());
}

BOOST_AUTO_TEST_CASE(a_full_map_is_said_and_the_transaction_cannot_be_committed) {
  const TemporaryFolder folder;
  const auto store = need(open_store(url_of(folder), {.map_size = std::size_t{1} << 20}));
  {
    auto writer = need(store->begin_write());
    put_world(*writer, 1);
    need(writer->commit());
  }
  {
    auto writer = need(store->begin_write());
    Result<void> outcome = success();
    for (std::uint64_t n = 2; outcome && n < 100'000; ++n) outcome = writer->put(technician(n));
    refuses(StoreErrc::full, outcome);
    BOOST_TEST(!writer->commit());
  }
  BOOST_TEST(need(need(store->begin_read())->technician(technician_id(1))).has_value());
  BOOST_TEST(!need(need(store->begin_read())->technician(technician_id(2))).has_value());
}

// The sitegate tool beside the running service. The child is forked before this process opens the store (LMDB
// must not be carried across fork) and waits until it has.
BOOST_AUTO_TEST_CASE(another_process_writes_while_this_one_has_it_open) {
  const TemporaryFolder folder;
  int opened_here[2];
  BOOST_REQUIRE(pipe(opened_here) == 0);
  const pid_t child = fork();
  if (child == 0) {
    char word = 0;
    if (read(opened_here[0], &word, 1) != 1) _exit(2);
    const auto store = open_store(url_of(folder));
    if (!store) _exit(3);
    auto writer = store.value()->begin_write();
    const bool done = writer && writer.value()->technician(technician_id(1)).value().has_value() &&
                      writer.value()->put(technician(2)) && writer.value()->commit();
    _exit(done ? 0 : 4);
  }
  const auto store = opened(folder);
  fill(*store);
  const auto before = need(store->begin_read());
  BOOST_REQUIRE(write(opened_here[1], "x", 1) == 1);
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
  close(opened_here[0]);
  close(opened_here[1]);
  BOOST_TEST(!need(before->technician(technician_id(2))).has_value());
  BOOST_TEST(need(need(store->begin_read())->technician(technician_id(2))).has_value());
  auto writer = need(store->begin_write());
  need(writer->put(technician(3)));
  need(writer->commit());
  BOOST_TEST(need(need(store->begin_read())->technician(technician_id(2))).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
