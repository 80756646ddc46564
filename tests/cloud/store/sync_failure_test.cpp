// A failed fsync (fault 5): nothing is written until the store was opened again and a commit of its own has
// proven the disk; what was committed before is there, what failed is not. LMDB's fdatasync is this program's
// own, which can be told to fail.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "tests/cloud/store/conformance.hpp"

namespace {
std::atomic<bool> sync_fails{false};
}  // namespace

extern "C" int fdatasync(int file) {
  if (!sync_fails) return static_cast<int>(::syscall(SYS_fdatasync, file));
  errno = EIO;
  return -1;
}

namespace sitegate::cloud::tests {
namespace {

Result<void> add_technician(Store& store, std::uint64_t number) {
  SITEGATE_TRY(writer, store.begin_write());
  put_world(*writer, number);
  return writer->commit();
}

bool knows(Store& store, std::uint64_t number) {
  return need(need(store.begin_read())->technician(technician_id(number))).has_value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_sync)

BOOST_AUTO_TEST_CASE_TEMPLATE(after_a_failed_commit_it_refuses_until_it_is_opened_again, Engine, Engines) {
  Subject<Engine> subject;
  Store& store = subject.store();
  need(add_technician(store, 1));
  sync_fails = true;
  refuses(StoreErrc::failed, add_technician(store, 2));
  refuses(StoreErrc::failed, store.reopen());
  sync_fails = false;
  refuses(StoreErrc::failed, store.begin_write());  // never as if clean
  refuses(StoreErrc::failed, store.begin_read());

  need(store.reopen());
  BOOST_TEST(knows(store, 1));
  BOOST_TEST(!knows(store, 2));
  need(add_technician(store, 2));
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST(need(reader.technician(technician_id(2))).has_value());
    BOOST_TEST((need(reader.rollups()) == need(reader.recount({}))));
  });
}

BOOST_AUTO_TEST_CASE(nothing_is_committed_to_a_file_that_was_removed) {
  sitegate::tests::TemporaryFolder folder;
  const auto store = need(open_store("lmdb:" + (folder / "store").string(), {.map_size = 1 << 26}));
  need(add_technician(*store, 1));
  std::filesystem::rename(folder / "store", folder / "aside");
  refuses(StoreErrc::failed, add_technician(*store, 2));
  refuses(StoreErrc::failed, store->reopen());
  BOOST_TEST(!std::filesystem::exists(folder / "store" / "data.mdb"));  // no empty one in its place
  std::filesystem::rename(folder / "aside", folder / "store");
  need(store->reopen());
  BOOST_TEST(knows(*store, 1));
  need(add_technician(*store, 2));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
