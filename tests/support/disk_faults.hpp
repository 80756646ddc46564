// Faults of a disk, switched on and off while a program runs: the test writes them into a file, the library
// sitegate_disk_faults (disk_faults_preload.cpp), preloaded into the program, reads them at every call.
#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sitegate::tests {

/// What lies in the shared file.
struct DiskFaultSwitches {
  std::atomic<std::int32_t> sync_error{0};     ///< errno of fsync, fdatasync and synchronous writes; 0: none
  std::atomic<std::int32_t> sync_delay_ms{0};  ///< each of them takes so much longer
  std::atomic<std::int64_t> kill_after_syncs{
      0};                              ///< SIGKILL in the N-th from now on, before it is done; 0: never
  std::atomic<std::int64_t> syncs{0};  ///< so many were asked for
};

/// For the files under one folder. The switches count for every program that was started with command().
class DiskFaults {
 public:
  /// `file` is made; `folder` need not exist yet.
  DiskFaults(std::filesystem::path file, std::filesystem::path folder);
  DiskFaults(const DiskFaults&) = delete;
  DiskFaults& operator=(const DiskFaults&) = delete;
  ~DiskFaults();

  /// In front of the program and its arguments.
  [[nodiscard]] std::vector<std::string> command() const;
  [[nodiscard]] DiskFaultSwitches& switches() const { return *switches_; }

 private:
  std::filesystem::path file_;
  std::filesystem::path folder_;
  DiskFaultSwitches* switches_;
};

}  // namespace sitegate::tests
