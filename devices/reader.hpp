// What every entry device looks like to the gateway: something that runs until told to stop and hands over
// what it read.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "shared/base/clock.hpp"
#include "shared/base/error.hpp"
#include "shared/base/url.hpp"
#include "shared/model/advice.hpp"
#include "shared/model/biometric.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices {

/// Takes one read; called on the reader's own thread, returns quickly, may be called until run() returns.
using ReadSink = std::function<void(CredentialRead)>;

/// Operation: open_reader() makes it; run() opens the device, reads until `stop` is requested or the source
/// has come to its end (recorded reads), then success; or the device fails, then the error: the reader loop
/// closes, backs off and calls run() again on the same object. Concurrency: run() on one thread; state() and
/// failed_reads() from any thread.
class Reader {
 public:
  virtual ~Reader() = default;
  [[nodiscard]] virtual Result<void> run(std::stop_token stop, const ReadSink& sink) = 0;
  /// What is attached now, for people: "2 readers: ACS ACR1252 00 00, …".
  [[nodiscard]] virtual std::string state() const = 0;
  /// What is wrong although run() goes on, in words that stay the same while it lasts ("dark"); empty:
  /// nothing. A change is sent in a health message at once.
  [[nodiscard]] virtual std::string trouble() const { return {}; }
  /// Attempts of a person that gave no read (a card gone too early, a card that does not talk), since
  /// construction.
  [[nodiscard]] virtual std::uint64_t failed_reads() const { return 0; }
};

/// Where a reader stands, from its URL's query: ?id=north-1&gate=1&direction=entry|exit|toggle
enum class DirectionRule : std::uint8_t { entry, exit, toggle };
struct ReaderPlace {
  std::string id;    ///< 1 to 64 characters; default: "<gate>-<scheme>"
  std::string gate;  ///< 1 to 64 characters; default "1"
  DirectionRule direction = DirectionRule::toggle;
  bool operator==(const ReaderPlace&) const = default;
};

enum class ReaderErrc { unknown_scheme = 1, bad_setting, device_failed, device_gone };
const char* errc_category(ReaderErrc);
std::string_view errc_text(ReaderErrc);

/// The place named in a reader's URL. Looks at id, gate and direction only.
Result<ReaderPlace> reader_place(const std::string& url);
Result<ReaderPlace> reader_place(const Url& url);

/// Success if the query has no key but id, gate, direction and `also`; otherwise bad_setting with the list of
/// those known.
Result<void> check_keys(const Url& url, std::initializer_list<std::string_view> also = {});

namespace camera {
class CameraHub;
}

/// What a reader is given by its surroundings; all that is pointed to outlives it. What may be absent: a
/// reader that needs it says so when it is opened.
struct ReaderSurroundings {
  const Clock& clock;          ///< stamps what it reads
  std::filesystem::path data;  ///< folder for its own durable state; made by the reader that needs one
  camera::CameraHub* cameras = nullptr;       ///< null in a build without cameras
  const TemplateSource* templates = nullptr;  ///< of the people on the roster
  std::filesystem::path model_packs{};        ///< folder of folders; empty: none
  Adviser advise{};                           ///< may be empty
  /// Who was identified by another device at that gate within the last seconds, for matching 1:1; may be
  /// empty.
  std::function<std::optional<TechnicianId>(const std::string& gate)> expected{};
};

/// Makes the reader that a URL names.
///   card+pcsc:///<part of the reader's name>?gate=1&direction=entry   PC/SC readers whose name contains the
///   path (empty:
///                                                                     all); more of them may come and go
///   phone+sip://0.0.0.0:5060?trunk=192.0.2.10                         calls to the gate's telephone number
///   logger+file:///path/folder?site=&deployment=                      stored touches of logging readers
///   replay:///path/file.reads?speed=1                                 recorded reads
///   scanner+serial:///dev/serial/by-id/…?baud=9600                    codes, by a serial line
///   scanner+hid:///dev/input/by-id/…-event-kbd?layout=us              codes, by a scanner that types
///   tag+http://0.0.0.0:8090?tags=/path/tags.toml                      phones that open an NFC tag's URL
Result<std::unique_ptr<Reader>> open_reader(const std::string& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices
