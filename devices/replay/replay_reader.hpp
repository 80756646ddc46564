// Recorded reads, played again as if they happened now: for demonstrations, simulations and for finding a
// fault again. Format: README.md of this folder.
#pragma once
#include <atomic>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "devices/reader.hpp"
#include "devices/waiter.hpp"

namespace sitegate::devices::replay {

enum class ReplayErrc { cannot_read = 1, bad_line, too_large };
const char* errc_category(ReplayErrc);
std::string_view errc_text(ReplayErrc);

/// One line of a recording.
struct RecordedRead {
  std::chrono::milliseconds after_previous{0};  ///< 0 for the first of absolute times
  std::string reader_id;                        ///< empty ("-"): the reader that plays it
  Credential credential;
  bool operator==(const RecordedRead&) const = default;
};

/// Recordings are read whole; 64 MiB are about a million reads.
inline constexpr std::size_t recording_size_max = 64u << 20;

/// The reads of a recording, or the first line that is damaged: a recording is refused whole, so that nobody
/// works with half of it unnoticed. `name` stands in the error: "<name>:17: …".
Result<std::vector<RecordedRead>> parse_recording(std::string_view text, const std::string& name);
Result<std::vector<RecordedRead>> load_recording(const std::filesystem::path& path);

/// The line of a recording for a read, with its absolute time and its reader; ends with a newline.
std::string recording_line(const CredentialRead& read);

/// Plays a recording once, then run() ends with success. Times and gaps are those of the recording divided by
/// `speed` (0: without any wait); event_time is the clock's time when the read is handed over, not the
/// recorded one.
class ReplayReader final : public Reader {
 public:
  /// `clock` and, if given, `waiter` must outlive the reader; nullptr: real waiting.
  ReplayReader(ReaderPlace place, std::vector<RecordedRead> reads, double speed, const Clock& clock,
               Waiter* waiter = nullptr);

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override;

 private:
  // Constant after construction.
  const ReaderPlace place_;
  const std::vector<RecordedRead> reads_;
  const double speed_;
  const Clock& clock_;
  SystemWaiter system_waiter_;
  Waiter& waiter_;

  std::atomic<std::size_t> played_{0};
};

/// replay:///path/file.reads?speed=1&id=&gate=&direction=
Result<std::unique_ptr<Reader>> open_replay_reader(const Url& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::replay
