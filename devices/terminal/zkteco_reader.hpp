// Terminals of ZKTeco's PUSH family: they connect, and are answered when their records are on the disk.
#pragma once
#include <filesystem>

#include "devices/reader.hpp"
#include "devices/terminal/terminal_book.hpp"
#include "devices/terminal/terminal_url.hpp"

namespace sitegate::devices::terminal {

/// Operation: run() listens until it is stopped; device_failed if it cannot. A record is acknowledged ("OK:
/// n") only after the answer to its read said that it is recorded; otherwise the terminal gets 503 and sends
/// the whole message again. Lines that cannot be used are logged and acknowledged with the others. A terminal
/// that asks before it opens ("remote identification") gets the gateway's decision. Whoever is not in the
/// file, or speaks from another address, gets 403. Concurrency: as Reader; reads come on run()'s own thread.
class ZktecoReader final : public Reader {
 public:
  ZktecoReader(TerminalUrl settings, const Clock& clock, std::filesystem::path data);

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override { return book_.state(); }
  [[nodiscard]] std::uint64_t failed_reads() const override { return book_.failed_reads(); }
  /// Where it listens while run() runs, else 0: for a URL with port 0.
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  // Constant after construction.
  const std::string address_;
  const std::uint16_t wanted_port_;
  const std::filesystem::path data_;

  TerminalBook book_;
  std::atomic<std::uint16_t> port_{0};
};

/// terminal+zkteco://<address>:<port>?terminals=<file>&live_s=30&id=&gate=&direction=
Result<std::unique_ptr<Reader>> open_zkteco_reader(const Url& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::terminal
