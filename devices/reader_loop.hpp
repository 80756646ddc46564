// One reader's thread: runs the reader, and when the device fails says so, waits and runs it again, for
// years.
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "devices/reader.hpp"
#include "devices/waiter.hpp"
#include "shared/base/guarded.hpp"
#include "shared/base/retry_delay.hpp"

namespace sitegate::devices {

/// How one reader is doing, for the health topic and for people.
struct ReaderHealth {
  std::string id;
  bool running = false;            ///< false: waiting to try again, or ended
  std::uint64_t reads = 0;         ///< handed over since the start
  std::uint64_t failed_reads = 0;  ///< a person tried, nothing was read
  std::uint64_t failures = 0;      ///< times the device failed and was opened again
  std::optional<UtcTime> last_read;
  std::string state;       ///< of the reader: "2 readers: …"
  std::string last_error;  ///< of the device; empty while it runs well
  std::string trouble;     ///< of the reader: as Reader::trouble()
};

/// Operation: the constructor starts the thread, which calls run() until stop(). After a failure it waits 0.2
/// to 30 s (exponential, full jitter; from the start again after a run of 30 s or a read): a loose plug is
/// back within a second, a dead reader does not fill the log. A source that has ended is not started again.
/// Concurrency: health() and stop() from any thread; `sink` is called on the loop's thread.
class ReaderLoop {
 public:
  /// `clock` and `waiter` must outlive the loop; the waiter serves this loop alone. `seed` is for the jitter.
  ReaderLoop(std::string id, std::unique_ptr<Reader> reader, ReadSink sink, const Clock& clock,
             Waiter& waiter, std::uint64_t seed);
  /// Asks the reader to stop and waits until its thread has ended.
  ~ReaderLoop();
  ReaderLoop(const ReaderLoop&) = delete;
  ReaderLoop& operator=(const ReaderLoop&) = delete;

  [[nodiscard]] ReaderHealth health() const;
  void stop();

 private:
  struct Progress {
    bool running = false;
    std::uint64_t reads = 0;
    std::uint64_t failures = 0;
    std::optional<UtcTime> last_read;
    std::string last_error;
  };
  void work(std::stop_token stop);
  void hand_over(CredentialRead read);
  void back_off(const Error& error, MonotonicTime started, std::uint64_t reads_before, std::stop_token stop);

  // Constant after construction.
  const std::string id_;
  const std::unique_ptr<Reader> reader_;
  const ReadSink sink_;
  const Clock& clock_;
  Waiter& waiter_;

  RetryDelay delay_;  // of the loop's thread
  Guarded<Progress> progress_;
  std::jthread thread_;  // last: starts when everything else is there
};

}  // namespace sitegate::devices
