// Files of logging readers, taken from a folder as they appear: each touch is recorded before the file is put
// away.
#pragma once
#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "devices/logger/clock_book.hpp"
#include "devices/logger/toggling.hpp"
#include "devices/reader.hpp"
#include "devices/waiter.hpp"
#include "shared/base/guarded.hpp"
#include "shared/touches/touch_preparation.hpp"
#include "shared/touches/touch_report.hpp"

namespace sitegate::devices::logger {

struct LoggerSettings {
  std::filesystem::path path;                       ///< a folder, or one file that comes again and again
  std::optional<std::filesystem::path> deployment;  ///< table of the readers' sites; without it all is ours
  std::optional<SiteId> site;                       ///< ours; required with `deployment`
  std::chrono::minutes utc_offset{540};             ///< of times without a zone, and of the table's dates
  std::chrono::seconds poll{5};
};
/// From a URL's path, deployment, site, utc_offset_minutes and poll_s. ReaderErrc::bad_setting.
Result<LoggerSettings> logger_settings(const Url& url);

/// Operation: run() looks every `poll` for files that did not change since the look before, and takes them by
/// name. Touches are handed over one by one as late events with keys of their own, oldest first, each after
/// the answer to the one before. When all were answered as recorded, the file goes to done/ beside it, with
/// <name>.report.txt; a file that is no such file goes to refused/. One that could not be recorded stays and
/// is tried again: what was recorded of it is known by its key. run() fails with device_gone when the folder
/// is not there, with device_failed when it or the table cannot be used. Concurrency: as Reader.
class LoggerReader final : public Reader {
 public:
  /// `around.clock` and, if given, `waiter` must outlive the reader; nullptr: real waiting.
  LoggerReader(ReaderPlace place, LoggerSettings settings, const ReaderSurroundings& around,
               Waiter* waiter = nullptr);

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override;
  /// Rows that did not come in.
  [[nodiscard]] std::uint64_t failed_reads() const override { return failed_reads_; }

 private:
  /// A file as it was at the last look.
  struct Look {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type changed{};
    bool operator==(const Look&) const = default;
  };
  struct Delivery;

  Result<void> look(const std::stop_token& stop, const ReadSink& sink);
  [[nodiscard]] Result<std::map<std::filesystem::path, Look>> files() const;
  Result<void> take(const std::filesystem::path& file, const std::stop_token& stop, const ReadSink& sink);
  [[nodiscard]] Result<touches::Preparation> prepare(const touches::TouchFile& file) const;
  bool deliver(const touches::Preparation& prepared, touches::TouchReport& report,
               const std::stop_token& stop, const ReadSink& sink) const;
  [[nodiscard]] CredentialRead read_of(const touches::PreparedTouch& touch,
                                       std::optional<Direction> direction) const;
  Result<void> put_away(const std::filesystem::path& file, std::string_view folder,
                        const std::string& report);

  // Constant after construction.
  const ReaderPlace place_;
  const LoggerSettings settings_;
  const Clock& clock_;
  SystemWaiter system_waiter_;
  Waiter& waiter_;
  const ClockBook clocks_;

  std::map<std::filesystem::path, Look> seen_;  // of run()'s thread
  Guarded<std::string> state_;
  std::atomic<std::uint64_t> failed_reads_{0};
  std::atomic<std::uint64_t> files_taken_{0};
};

/// logger+file:///path?site=&deployment=&utc_offset_minutes=&poll_s=&id=&gate=&direction=
Result<std::unique_ptr<Reader>> open_logger_reader(const Url& url, const ReaderSurroundings& around);

}  // namespace sitegate::devices::logger
