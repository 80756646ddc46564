// One process at a time writes in a folder: an advisory lock (flock) that the kernel releases when its holder
// dies.
#pragma once
#include <filesystem>
#include <utility>

#include "shared/base/error.hpp"

namespace sitegate::edge {

class FolderLock {
 public:
  /// Holds nothing: for read-only openings.
  FolderLock() = default;
  /// Creates the folder and `owner.lock` in it. held() is false if another process (or this one) has it
  /// already.
  static Result<FolderLock> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~FolderLock();
  [[nodiscard]] bool held() const { return file_ >= 0; }

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace sitegate::edge
