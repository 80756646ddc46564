// What every entry device looks like to the gateway: something that runs until told to stop and hands over
// what it read.
#pragma once
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "shared/base/clock.hpp"
#include "shared/base/error.hpp"
#include "shared/model/passage.hpp"

namespace sitegate::devices {

/// Takes one read; called on the reader's own thread, returns quickly, may be called until run() returns.
using ReadSink = std::function<void(CredentialRead)>;

/// Operation: open_reader() makes it; run() opens the device, reads until `stop` is requested (then success)
/// or the device fails (then the error: the reader loop closes, backs off and calls run() again on the same
/// object). Concurrency: run() on one thread; health() from any thread.
class Reader {
 public:
  virtual ~Reader() = default;
  [[nodiscard]] virtual Result<void> run(std::stop_token stop, const ReadSink& sink) = 0;
  /// What is attached now, for people: "2 readers: ACS ACR1252 00 00, …".
  [[nodiscard]] virtual std::string state() const = 0;
};

/// Where a reader stands, from its URL's query: ?id=north-1&gate=1&direction=entry|exit|toggle
enum class DirectionRule : std::uint8_t { entry, exit, toggle };
struct ReaderPlace {
  std::string id;    ///< default: "<gate>-<scheme>"
  std::string gate;  ///< default "1"
  DirectionRule direction = DirectionRule::toggle;
};

enum class ReaderErrc { unknown_scheme = 1, bad_setting, device_failed, device_gone };
const char* errc_category(ReaderErrc);
std::string_view errc_text(ReaderErrc);

/// The place named in a reader's URL.
Result<ReaderPlace> reader_place(const std::string& url);

/// Makes the reader that a URL names; the clock stamps what it reads and must outlive it.
///   card+pcsc:///<part of the reader's name>?gate=1&direction=entry   PC/SC readers whose name contains the
///   path (empty:
///                                                                     all); more of them may come and go
///   replay:///path/file.reads?speed=1                                 recorded reads
Result<std::unique_ptr<Reader>> open_reader(const std::string& url, const Clock& clock);

}  // namespace sitegate::devices
