// A small ext4 of its own, whose power can be cut and whose disk can fail: ext4 in a file on a loop device.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

/// Needs root, mkfs.ext4 and loop devices: ask unavailable() first. Mounted in a mount namespace of this
/// process and the children it starts afterwards, so nothing is left behind, whatever happens. One at a time.
class LoopFileSystem {
 public:
  /// Why this machine cannot have one; empty: it can.
  static std::string unavailable();
  /// Mounts it. Throws std::runtime_error with the reason.
  explicit LoopFileSystem(int size_mib);
  LoopFileSystem(const LoopFileSystem&) = delete;
  LoopFileSystem& operator=(const LoopFileSystem&) = delete;
  ~LoopFileSystem();

  [[nodiscard]] std::filesystem::path path() const { return folder_ / "mounted"; }
  /// EXT4_IOC_SHUTDOWN without flushing the log: what was synchronised stays, the rest is gone, every later
  /// access fails with EIO.
  void cut_power() const;
  /// As after a write that the disk refused: ext4 makes itself read-only (errors=remount-ro).
  void fail_and_become_read_only() const;
  /// False while a process still has something open on it.
  bool unmount() const;
  void mount() const;
  /// Takes all room that is left, in one file; free_room() gives it back.
  void fill() const;
  void free_room() const;

 private:
  TemporaryFolder folder_;
};

}  // namespace sitegate::tests
