#include "tests/support/disk_faults.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <new>

#include "shared/base/error.hpp"

namespace sitegate::tests {

DiskFaults::DiskFaults(std::filesystem::path file, std::filesystem::path folder)
    : file_(std::move(file)), folder_(std::move(folder)) {
  const int opened = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  SITEGATE_ASSERT(opened >= 0 && ::ftruncate(opened, sizeof(DiskFaultSwitches)) == 0);
  void* mapped = ::mmap(nullptr, sizeof(DiskFaultSwitches), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
  ::close(opened);
  SITEGATE_ASSERT(mapped != MAP_FAILED);
  switches_ = new (mapped) DiskFaultSwitches;
}

DiskFaults::~DiskFaults() {
  ::munmap(switches_, sizeof(DiskFaultSwitches));
}

/// AddressSanitizer would rather be first among the libraries; it is told that this one may be.
std::vector<std::string> DiskFaults::command() const {
  const char* programs = std::getenv("SITEGATE_BIN");
  const char* sanitizer = std::getenv("ASAN_OPTIONS");
  const std::string library =
      (programs == nullptr ? std::string(".") : std::string(programs)) + "/libsitegate_disk_faults.so";
  return {"env", "LD_PRELOAD=" + library,
          "ASAN_OPTIONS=" + std::string(sanitizer == nullptr ? "" : sanitizer) + ":verify_asan_link_order=0",
          "SITEGATE_DISK_FAULTS=" + file_.string(), "SITEGATE_DISK_FAULTS_FOLDER=" + folder_.string()};
}

}  // namespace sitegate::tests
