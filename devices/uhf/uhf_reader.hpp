// A UHF reader that speaks LLRP, as an entry device: one read each time somebody with a tag goes through the
// gate.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "devices/reader.hpp"
#include "devices/uhf/presence.hpp"
#include "devices/uhf/session.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::uhf {

/// The LLRP port that IANA has registered.
inline constexpr std::uint16_t llrp_port = 5084;

struct UhfSettings {
  std::string host;
  std::uint16_t port = llrp_port;
  SessionSettings session;
  PresenceSettings presence;
  std::optional<int> rssi_min_dbm;  ///< weaker reads do not count: they come from people who stand away
  Bytes epc_prefix;                 ///< other tags (of tools, of material) do not count
};

/// The settings in a reader's URL, see the README; bad_setting with the key and what it takes.
Result<UhfSettings> parse_uhf_settings(const Url& url);

/// When each of these reports, which came together, was seen by our own clock. A reader's clock is anywhere
/// (and a reader without one counts from its start), but it tells the reports of one moment apart: the latest
/// of them is taken for now.
std::vector<MonotonicTime> times_of(const std::vector<TagReport>& reports, MonotonicTime now);

/// Operation: run() connects, sets the reader up and reads until stopped; then it leaves the reader free. It
/// fails with UhfErrc (or LlrpErrc, when what comes is not LLRP) when the reader cannot be reached, serves
/// another client, refuses, falls silent or is gone; the next run() starts afresh, but remembers which tags
/// were in view. Limits: a message of 1 MiB, 100,000 tags in view. Concurrency: as Reader. Stop ends run()
/// within 1 s.
class UhfReader final : public Reader {
 public:
  UhfReader(ReaderPlace place, UhfSettings settings, const Clock& clock);

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override;
  /// Tags whose EPC is empty or longer than one can be.
  [[nodiscard]] std::uint64_t failed_reads() const override { return failed_reads_; }
  /// Reads that the reader has reported, before presence makes passages of them.
  [[nodiscard]] std::uint64_t tag_reads() const { return tag_reads_; }

 private:
  class Link;
  [[nodiscard]] std::string address() const;

  // Constant after construction.
  const ReaderPlace place_;
  const UhfSettings settings_;
  const Clock& clock_;

  Presence presence_;                       // of the thread that runs
  std::optional<MonotonicTime> last_look_;  // likewise: until then the reader read
  std::uint64_t tag_reads_before_ = 0;      // likewise: of earlier connections
  Guarded<std::string> state_;
  std::atomic<std::uint64_t> failed_reads_{0};
  std::atomic<std::uint64_t> tag_reads_{0};
};

/// uhf+llrp://host:5084?antennas=outside:1,inside:2&…
Result<std::unique_ptr<Reader>> open_uhf_reader(const Url& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::uhf
