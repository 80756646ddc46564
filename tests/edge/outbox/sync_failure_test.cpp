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

BOOST_AUTO_TEST_SUITE_END()
