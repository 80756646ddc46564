// A file that exists in memory only, for code under fuzz that reads files by their path.
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate::fuzz {

/// Reopened by its path as often as wanted while the object lives (memfd_create(2), proc(5)).
class MemoryFile {
 public:
  explicit MemoryFile(ByteView bytes) : number_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    SITEGATE_ASSERT(number_ >= 0);
    SITEGATE_ASSERT(::write(number_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(number_); }
  [[nodiscard]] std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(number_); }

 private:
  int number_;
};

}  // namespace sitegate::fuzz
