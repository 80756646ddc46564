// A disk that fails and comes back (faults 4 and 5): nobody is told "accepted" meanwhile, everybody is told
// why, and the gate records again by itself. LMDB's fdatasync, fallocate and pwrite are this program's own,
// which can be told to fail.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "tests/edge/gateway/gate_fixture.hpp"

namespace {
std::atomic<bool> sync_fails{false};
std::atomic<bool> disk_full{false};
/// The database's head, a write of less than a page, arrives, and yet is said to have failed.
std::atomic<bool> head_fails{false};
constexpr std::size_t page_size = 4096;
}  // namespace

extern "C" int fdatasync(int file) {
  if (!sync_fails) return static_cast<int>(::syscall(SYS_fdatasync, file));
  errno = EIO;
  return -1;
}

extern "C" int fallocate(int file, int mode, off_t offset, off_t size) {
  if (!disk_full) return static_cast<int>(::syscall(SYS_fallocate, file, mode, offset, size));
  errno = ENOSPC;
  return -1;
}

extern "C" ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  static std::atomic<bool> arrived{false};
  const bool fails = head_fails && size < page_size;
  if (!fails || !arrived.exchange(true)) {
    const auto written = ::syscall(SYS_pwrite64, file, bytes, size, offset);
    if (!fails) return written;
  }
  errno = EIO;
  return -1;
}

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;
using namespace std::chrono_literals;

namespace {

struct FailingDisk : GateFixture {
  FailingDisk() : GateFixture(Fusion(), true) {}
  ~FailingDisk() {
    sync_fails = false;
    disk_full = false;
    head_fails = false;
  }
  /// As the pipeline does, until the outbox says that all is well or two minutes are over.
  bool mends() {
    for (int second = 0; second < 120; ++second) {
      gate->tick();
      const OutboxState state = outbox->state();
      if (state.failure.empty() && state.refusal.empty()) return true;
      clock.advance(1s);
    }
    return false;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(gate_storage, FailingDisk)

BOOST_AUTO_TEST_CASE(after_a_failed_sync_it_records_again_by_itself) {
  BOOST_TEST(give(read(card(1))).accepted);
  sync_fails = true;
  for (int tap = 0; tap < 3; ++tap) {
    const auto refused = give(read(card(2)));
    BOOST_TEST(!refused.accepted);
    BOOST_TEST((refused.reason == OutcomeReason::storage_failed));
    BOOST_TEST((display.shown.back() == refused));
    BOOST_TEST(!answers.back().recorded);
    BOOST_TEST(answers.back().reason == "storage_failed");
    gate->tick();
    clock.advance(5s);
  }
  BOOST_TEST(!mends());
  sync_fails = false;
  BOOST_TEST(mends());
  BOOST_TEST(give(read(card(2))).accepted);
  BOOST_REQUIRE_EQUAL(passages().size(), 2u);
}

BOOST_AUTO_TEST_CASE(a_passage_that_reached_the_disk_though_its_person_was_told_otherwise_counts_once) {
  BOOST_TEST(give(read(card(1))).accepted);
  head_fails = true;
  BOOST_TEST(!give(read(card(2), "terminal/1")).accepted);
  head_fails = false;
  BOOST_TEST(mends());
  BOOST_REQUIRE_EQUAL(passages().size(), 2u);
  BOOST_TEST(give(read(card(2), "terminal/1")).accepted);  // the device sends its event again
  BOOST_TEST(answers.back().recorded);
  BOOST_TEST(give(read(card(2))).repeat);  // the person taps again
  BOOST_TEST(passages().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_named_and_left_as_soon_as_there_is_room) {
  disk_full = true;
  const auto refused = give(read(card(1)));
  BOOST_TEST((refused.reason == OutcomeReason::storage_full));
  BOOST_TEST(outbox->state().refusal.find("No space left") != std::string::npos);
  BOOST_TEST(!mends());
  disk_full = false;
  BOOST_TEST(mends());
  BOOST_TEST(give(read(card(1))).accepted);
}

BOOST_AUTO_TEST_SUITE_END()
