// One private pcscd for the whole test program (pcsclite reads its socket's name once in a process), and a
// gate that collects what its readers read.
#pragma once
#include <boost/test/tree/test_unit.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "devices/card/card_reader.hpp"
#include "devices/card/virtual_readers.hpp"
#include "devices/reader_loop.hpp"

namespace sitegate::devices::card {

inline constexpr std::chrono::seconds patience{30};  // until a condition that must come true

/// The virtual readers of this program, started on first use with two readers; nullptr where they cannot run.
VirtualReaders* virtual_readers();
/// For precondition(): skips, saying why, where virtual readers cannot run.
boost::test_tools::assertion_result pcscd_can_run(boost::unit_test::test_unit_id);

/// Every test starts with a fresh pcscd of `count` readers.
VirtualReaders& fresh_readers(int count);

/// Puts a card on a virtual reader of this machine, once pcscd has seen that nothing lies there.
std::unique_ptr<InsertedCard> put_on(const VirtualReader& reader, VirtualCard card);

/// Waits until pcscd has seen that nothing lies on a reader. A card that left in the middle of a command is
/// noticed at the next look-around (0.4 s); vpcd would take a card put on before that for the same one.
void wait_until_empty(const VirtualReader& reader);

/// A gate with one reader loop; collects reads.
class Gate {
 public:
  explicit Gate(const std::string& url);
  [[nodiscard]] std::vector<CredentialRead> reads() const;
  /// False if not `count` reads are there within the deadline.
  [[nodiscard]] bool has_reads(std::size_t count);
  /// Waits until `ready` holds of the health; false after the deadline. Asked anew at each read and every 10
  /// ms.
  template <typename Ready>
  [[nodiscard]] bool becomes(Ready ready) {
    std::unique_lock lock(mutex_);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!ready(loop_->health())) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      changed_.wait_for(lock, std::chrono::milliseconds(10));
    }
    return true;
  }
  /// The gate watches `count` readers.
  [[nodiscard]] bool watches(std::size_t count);
  [[nodiscard]] bool failed_reads_are(std::uint64_t count);
  [[nodiscard]] ReaderHealth health() const { return loop_->health(); }

 private:
  SystemClock clock_;
  SystemWaiter waiter_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<CredentialRead> reads_;  // guarded by mutex_
  std::unique_ptr<ReaderLoop> loop_;   // last: its thread uses the rest
};

}  // namespace sitegate::devices::card
