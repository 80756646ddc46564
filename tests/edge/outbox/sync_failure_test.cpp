// A failed fsync (fault 5): the append is refused, the outbox stays failed and says why, and opening again
// tells what is really on the disk. LMDB's fdatasync is this program's own, which can be told to fail.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "tests/edge/outbox/outbox_fixture.hpp"

namespace {
std::atomic<bool> sync_fails{false};
std::atomic<int> sync_count{0};
}  // namespace

extern "C" int fdatasync(int file) {
  ++sync_count;
  if (!sync_fails) return static_cast<int>(::syscall(SYS_fdatasync, file));
  errno = EIO;
  return -1;
}

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

BOOST_FIXTURE_TEST_SUITE(outbox_sync, OutboxFixture)

BOOST_AUTO_TEST_CASE(each_append_is_synchronised_once) {
  reopen();
  const int before = sync_count;
  append(5);
  BOOST_TEST(sync_count == before + 5);
}

BOOST_AUTO_TEST_CASE(after_a_failed_sync_everything_is_refused_until_it_is_opened_again) {
  reopen();
  append(3);
  sync_fails = true;
  const auto refused = outbox->append(entry_bytes(4));
  sync_fails = false;
  fails_with(refused, OutboxErrc::failed);
  BOOST_TEST(outbox->state().failure.find("Input/output error") != std::string::npos);
  const int before = sync_count;
  fails_with(outbox->append(entry_bytes(4)), OutboxErrc::failed);
  fails_with(outbox->seal(1, 3, envelope_bytes(1, 3), hash_of(3), morning), OutboxErrc::failed);
  fails_with(outbox->receipt(0, morning), OutboxErrc::failed);
  BOOST_TEST(sync_count == before);  // never tried again as if clean
  BOOST_TEST(must(outbox->unsealed(all, all)).size() == 3u);

  BOOST_TEST(reopen().state().failure.empty());
  BOOST_TEST(outbox->state().next_sequence == 4u);
  append(6);
  BOOST_TEST(must(reopen().unsealed(all, all)).size() == 6u);
}

BOOST_AUTO_TEST_CASE(it_recovers_by_itself_once_the_disk_takes_a_commit) {
  const Epoch epoch = reopen().state().epoch;
  append(3);
  seal(1, 2);
  sync_fails = true;
  fails_with(outbox->append(entry_bytes(4)), OutboxErrc::failed);
  fails_with(outbox->recover(), OutboxErrc::failed);
  BOOST_TEST(outbox->state().failure.find("Input/output error") != std::string::npos);
  fails_with(outbox->append(entry_bytes(4)), OutboxErrc::failed);
  fails_with(outbox->unsealed(all, all), OutboxErrc::failed);  // closed: what it reads nobody could prove
  sync_fails = false;

  const int before = sync_count;
  must(outbox->recover());
  BOOST_TEST(sync_count > before);  // what is read was proven by a commit
  BOOST_TEST(outbox->state().failure.empty());
  BOOST_TEST(outbox->state().epoch == epoch);
  BOOST_TEST(outbox->state().sealed_through == 2u);
  BOOST_TEST(outbox->state().next_sequence == 4u);
  append(6);
  BOOST_TEST(must(reopen().unsealed(all, all)).size() == 4u);
}

BOOST_AUTO_TEST_CASE(while_it_cannot_be_opened_the_disk_is_free_to_be_repaired) {
  reopen();
  append(3);
  sync_fails = true;
  fails_with(outbox->append(entry_bytes(4)), OutboxErrc::failed);
  fails_with(outbox->recover(), OutboxErrc::failed);
  const auto aside = folder / "aside";
  std::filesystem::create_directory(aside);
  for (const auto* file : {"data.mdb", "lock.mdb"}) std::filesystem::rename(folder / file, aside / file);
  fails_with(outbox->recover(), OutboxErrc::failed);
  BOOST_TEST(outbox->state().failure.find("not there") != std::string::npos);
  BOOST_TEST(!std::filesystem::exists(folder / "data.mdb"));  // none that would begin at 1 again
  sync_fails = false;
  {
    const auto repaired = must(Outbox::open(aside, options, chance));
    BOOST_TEST(repaired->state().next_sequence == 4u);
  }
  for (const auto* file : {"data.mdb", "lock.mdb"}) std::filesystem::rename(aside / file, folder / file);
  must(outbox->recover());
  append(4);
}

BOOST_AUTO_TEST_CASE(another_outbox_in_its_place_is_not_taken_for_it) {
  reopen();
  append(3);
  sync_fails = true;
  fails_with(outbox->append(entry_bytes(4)), OutboxErrc::failed);
  fails_with(outbox->recover(), OutboxErrc::failed);
  sync_fails = false;
  must(Outbox::open(folder / "other", options, chance));
  std::filesystem::rename(folder / "other" / "data.mdb", folder / "data.mdb");
  fails_with(outbox->recover(), OutboxErrc::failed);
  fails_with(outbox->append(entry_bytes(4)), OutboxErrc::failed);
}

BOOST_AUTO_TEST_CASE(once_its_file_is_removed_it_takes_nothing_more_and_still_gives_what_it_holds) {
  reopen();
  append(3);
  std::filesystem::remove(folder / "data.mdb");
  fails_with(outbox->append(entry_bytes(4)), OutboxErrc::removed);
  fails_with(outbox->recover(), OutboxErrc::removed);
  BOOST_TEST(outbox->state().refusal.find("removed") != std::string::npos);
  BOOST_TEST(must(outbox->unsealed(all, all)).size() == 3u);
  seal(1, 3);
  must(outbox->receipt(3, morning));
  BOOST_TEST(outbox->state().receipted_through == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
