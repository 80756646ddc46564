// A flipped byte on the disk costs one record and says which; a newer format is left alone.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "edge/outbox/records.hpp"
#include "tests/edge/outbox/outbox_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct DamageFixture : OutboxFixture {
  [[nodiscard]] std::string file() const {
    std::ifstream in(folder / "data.mdb", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Changes one byte wherever the text stands in the file: copies on freed pages too.
  void flip_in(const std::string& text) {
    outbox.reset();
    std::string content = file();
    std::size_t count = 0;
    for (auto at = content.find(text); at != std::string::npos; at = content.find(text, at + 1), ++count)
      content[at] ^= 0x20;
    BOOST_REQUIRE(count > 0);
    std::ofstream(folder / "data.mdb", std::ios::binary | std::ios::trunc) << content;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(outbox_damage, DamageFixture)

BOOST_AUTO_TEST_CASE(a_damaged_entry_is_named_and_the_others_stay_readable) {
  reopen();
  append(6);
  flip_in("passage 4|");
  BOOST_TEST(must(reopen().unsealed(all, all)).size() == 3u);  // up to it
  const auto at_it = outbox->unsealed(all, all, 4);
  fails_with(at_it, OutboxErrc::damaged);
  BOOST_TEST(at_it.error().text().find("entry 4") != std::string::npos);
  BOOST_TEST(must(outbox->unsealed(all, all, 5)).size() == 2u);
  BOOST_TEST(must(outbox->append(entry_bytes(7))) == 7u);
}

BOOST_AUTO_TEST_CASE(sealing_over_a_damaged_entry_sets_it_aside) {
  reopen();
  append(6);
  flip_in("passage 4|");
  reopen();
  seal(1, 6);
  BOOST_TEST(reopen().state().sealed_through == 6u);
  outbox.reset();
  const auto environment = must(lmdb::Environment::open(folder.path(), {}));
  const auto table = must(environment->table("set_aside"));
  const auto transaction = must(environment->begin_read());
  BOOST_TEST(must(transaction.count(table)) == 1u);
  const auto record = must(transaction.get(table, records::sequence_key(4)));
  BOOST_REQUIRE(record);
  BOOST_TEST(record->size() == entry_bytes(4).size() + records::checksum_size);
}

BOOST_AUTO_TEST_CASE(a_damaged_envelope_is_named_and_can_be_passed) {
  reopen();
  append(9);
  seal(1, 3);
  seal(4, 6);
  seal(7, 9);
  flip_in("batch 4 to 6|");
  BOOST_TEST(must(reopen().batches(1, all, all)).size() == 1u);
  const auto at_it = outbox->batches(4, all, all);
  fails_with(at_it, OutboxErrc::damaged);
  BOOST_TEST(at_it.error().text().find("batch at 4") != std::string::npos);
  const auto behind = must(outbox->next_batch(4));
  BOOST_REQUIRE(behind);
  BOOST_TEST(must(outbox->batches(*behind, all, all)).front().first == 7u);
}

BOOST_AUTO_TEST_CASE(a_damaged_header_stops_neither_receipts_nor_forgetting) {
  reopen();
  append(9);
  seal(1, 3);
  seal(4, 6);
  seal(7, 9);
  const Digest hash = hash_of(6);
  flip_in(std::string(as_text(hash).substr(0, 16)));
  fails_with(reopen().batches(4, all, all), OutboxErrc::damaged);
  must(outbox->receipt(9, morning));
  BOOST_TEST(must(outbox->expire(morning, std::chrono::hours(0))) == 3u);
  BOOST_TEST(must(reopen().batches(0, all, all)).empty());
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_refused_and_untouched) {
  reopen();
  append(3);
  outbox.reset();
  {
    const auto environment = must(lmdb::Environment::open(folder.path(), {}));
    const auto table = must(environment->table("meta"));
    auto transaction = must(environment->begin_write());
    must(transaction.put(table, records::format_key, Bytes{0, 0, 0, 3}));
    must(transaction.commit());
  }
  const std::string before = file();
  fails_with(Outbox::open(folder.path(), options, chance), OutboxErrc::newer_format);
  fails_with(Outbox::open_read_only(folder.path()), OutboxErrc::newer_format);
  BOOST_TEST((file() == before));
}

BOOST_AUTO_TEST_CASE(a_damaged_state_is_refused_with_what_to_do) {
  const Epoch epoch = reopen().state().epoch;
  append(3);
  const Bytes key = records::sequence_key(epoch);  // the epoch's bytes, big-endian
  flip_in(std::string(as_text(key)));
  const auto opened = Outbox::open(folder.path(), options, chance);
  fails_with(opened, OutboxErrc::damaged);
  BOOST_TEST(opened.error().text().find("rename") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
