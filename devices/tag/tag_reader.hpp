// The entry device that a tag and a phone make together: an HTTP server on the site's network.
#pragma once
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "devices/reader.hpp"
#include "devices/tag/tap_handler.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::tag {

struct TagReaderSettings {
  std::string address = "0.0.0.0";
  std::uint16_t port = 8090;  ///< 0: any that is free
  std::filesystem::path table;
  TapSettings taps;
};

/// Operation: run() opens the counters (the reader's data folder) and listens; requests wait in a queue
/// (full: the phone is told to try again) for run()'s thread, which commits counters and hands reads on.
/// Fails with device_failed when the port is taken or the disk fails. Table and key file are looked at every
/// few seconds and loaded when they changed; a changed file that cannot be used is logged and the old table
/// stays. Concurrency: as Reader; answers of the sink may come after run() has ended.
class TagReader final : public Reader {
 public:
  TagReader(TagReaderSettings settings, TagTable table, const ReaderSurroundings& surroundings);

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override;
  [[nodiscard]] std::uint64_t failed_reads() const override { return failed_reads_; }
  /// Where it listens; 0 while it does not.
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  class Session;
  [[nodiscard]] std::shared_ptr<const TagTable> table() const;
  [[nodiscard]] bool load_table();

  // Constant after construction.
  const TagReaderSettings settings_;
  const ReaderSurroundings surroundings_;

  Guarded<std::shared_ptr<const TagTable>> table_;
  Guarded<std::string> state_;
  std::atomic<std::uint16_t> port_{0};
  std::atomic<std::uint64_t> failed_reads_{0};
};

/// tag+http://<address>:<port>?tags=<file>&utc_offset_min=&clock_limit_s=&keep_min=&secure=yes|no&id=&gate=&
/// direction=
Result<std::unique_ptr<Reader>> open_tag_reader(const Url& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::tag
