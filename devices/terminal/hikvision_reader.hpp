// Terminals that speak Hikvision's ISAPI: they push each event, and their logs are searched for what was
// missed.
#pragma once
#include <filesystem>

#include "devices/reader.hpp"
#include "devices/terminal/terminal_book.hpp"
#include "devices/terminal/terminal_url.hpp"

namespace sitegate::devices::terminal {

/// Operation: run() listens until it is stopped; device_failed if it cannot. A pushed event gets 200 only
/// after the answer to its read said that it is recorded, otherwise 503. Since many models forget what they
/// could not push, the log of every terminal with a URL is searched, too: at the start, when a number of the
/// log was left out or an event could not be read, and every `catch_up_min` minutes; from the last entry that
/// is known to be recorded, or `catch_up_h` hours back. What comes on both ways is recorded once.
/// Concurrency: as Reader; reads come on run()'s own thread.
class HikvisionReader final : public Reader {
 public:
  struct CatchUp {
    std::chrono::minutes every{10};
    std::chrono::hours back_max{72};
  };
  HikvisionReader(TerminalUrl settings, const CatchUp& catch_up, const Clock& clock,
                  std::filesystem::path data);

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override { return book_.state(); }
  [[nodiscard]] std::uint64_t failed_reads() const override { return book_.failed_reads(); }
  /// Where it listens while run() runs, else 0: for a URL with port 0.
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  // Constant after construction.
  const std::string address_;
  const std::uint16_t wanted_port_;
  const CatchUp catch_up_;
  const std::filesystem::path data_;

  TerminalBook book_;
  std::atomic<std::uint16_t> port_{0};
};

/// terminal+hikvision://<address>:<port>?terminals=<file>&live_s=30&catch_up_min=10&catch_up_h=72&id=&gate=&direction=
Result<std::unique_ptr<Reader>> open_hikvision_reader(const Url& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::terminal
