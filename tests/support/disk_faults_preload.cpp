// Preloaded into a program under test (disk_faults.hpp): its fsync, fdatasync and the small synchronous
// writes of LMDB's head fail, take long, or are the program's end. Only for files under
// SITEGATE_DISK_FAULTS_FOLDER.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/disk_faults.hpp"

namespace {

using sitegate::tests::DiskFaultSwitches;

constexpr std::size_t page_size = 4096;

DiskFaultSwitches* open_switches() {
  const char* file = std::getenv("SITEGATE_DISK_FAULTS");
  const int opened = file == nullptr ? -1 : ::open(file, O_RDWR | O_CLOEXEC);
  if (opened < 0) return nullptr;
  void* mapped = ::mmap(nullptr, sizeof(DiskFaultSwitches), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
  ::close(opened);
  return mapped == MAP_FAILED ? nullptr : static_cast<DiskFaultSwitches*>(mapped);
}

bool concerns(int file) {
  static const char* const folder = std::getenv("SITEGATE_DISK_FAULTS_FOLDER");
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const auto size = ::readlink(link, path, sizeof path - 1);
  return folder != nullptr && size > 0 && std::strncmp(path, folder, std::strlen(folder)) == 0;
}

/// The errno that this call is to fail with; 0: go on.
int fault_of(int file) {
  static DiskFaultSwitches* const switches = open_switches();
  if (switches == nullptr || !concerns(file)) return 0;
  ++switches->syncs;
  if (switches->kill_after_syncs > 0 && --switches->kill_after_syncs == 0) ::raise(SIGKILL);
  if (const int delay = switches->sync_delay_ms; delay > 0) ::poll(nullptr, 0, delay);
  return switches->sync_error;
}

long fail_with(int error_number) {
  errno = error_number;
  return -1;
}

}  // namespace

extern "C" int fsync(int file) {
  const int fault = fault_of(file);
  return static_cast<int>(fault != 0 ? fail_with(fault) : ::syscall(SYS_fsync, file));
}

extern "C" int fdatasync(int file) {
  const int fault = fault_of(file);
  return static_cast<int>(fault != 0 ? fail_with(fault) : ::syscall(SYS_fdatasync, file));
}

extern "C" ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  const int fault = size < page_size ? fault_of(file) : 0;
  return fault != 0 ? fail_with(fault) : ::syscall(SYS_pwrite64, file, bytes, size, offset);
}
