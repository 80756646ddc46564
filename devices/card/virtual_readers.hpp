// A private pcscd with virtual readers, for tests and demonstrations: runs deploy/virtual-readers.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "devices/card/virtual_card.hpp"

namespace sitegate::devices::card {

struct VirtualReader {
  std::uint16_t port = 0;  ///< where cards are inserted, on this machine
  std::string name;        ///< as PC/SC shows it
};

/// Operation: start() returns when every reader waits for cards; the destructor ends pcscd and removes its
/// files. PC/SC clients must run with PCSCLITE_CSOCK_NAME = socket(); this library reads that variable once
/// in a process, so one process can use one folder only. Limits: root, Debian's pcscd and vsmartcard-vpcd; 16
/// readers.
class VirtualReaders {
 public:
  /// `script` is deploy/virtual-readers; `folder` is made if absent. cannot_run_here (a package or a right
  /// is missing) or cannot_start with what the script says.
  static Result<VirtualReaders> start(const std::filesystem::path& script,
                                      const std::filesystem::path& folder, int reader_count);
  VirtualReaders(VirtualReaders&& other) noexcept;
  VirtualReaders& operator=(VirtualReaders&&) = delete;
  ~VirtualReaders();

  [[nodiscard]] const std::vector<VirtualReader>& readers() const { return readers_; }
  [[nodiscard]] std::string socket() const;

  /// kill -9, and waits until pcscd is gone.
  void kill_pcscd();
  /// pcscd anew, with this many readers on the same ports.
  Result<void> restart(int reader_count);

 private:
  VirtualReaders(std::filesystem::path script, std::filesystem::path folder)
      : script_(std::move(script)), folder_(std::move(folder)) {}
  Result<void> run_start(int reader_count);
  Result<void> load();

  std::filesystem::path script_;
  std::filesystem::path folder_;  // empty: moved from
  std::vector<VirtualReader> readers_;
  pid_t pid_ = 0;
};

}  // namespace sitegate::devices::card
