#include "devices/scanner/scanner_reader.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "devices/scanner/keyboard_source.hpp"
#include "devices/scanner/serial_source.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::scanner {
namespace {

constexpr int idle_ms_min = 20;
constexpr int idle_ms_max = 60'000;

/// Makes poll() return when a stop is requested.
class StopSignal {
 public:
  explicit StopSignal(const std::stop_token& stop)
      : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(stop, Raise{event_.number()}) {
    SITEGATE_ASSERT(event_.is_open());
  }
  [[nodiscard]] int descriptor() const { return event_.number(); }

 private:
  struct Raise {
    int descriptor;
    void operator()() const { static_cast<void>(::eventfd_write(descriptor, 1)); }
  };
  Descriptor event_;
  std::stop_callback<Raise> callback_;  // goes first: then nobody writes to event_ any more
};

/// Milliseconds for poll(): -1 without a deadline.
int time_left(const std::optional<MonotonicTime>& deadline, MonotonicTime now) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, idle_ms_max));
}

Result<void> wait_for_input(int input, int stop, int time_ms) {
  std::array<pollfd, 2> waited{{{input, POLLIN, 0}, {stop, POLLIN, 0}}};
  if (::poll(waited.data(), waited.size(), time_ms) >= 0 || errno == EINTR) return success();
  return fail(ReaderErrc::device_failed, std::string("poll: ") + std::strerror(errno));
}

std::unique_ptr<Reader> made(ReaderPlace place, std::unique_ptr<ScanSource> source, LineSettings lines,
                             ScanRules rules, const Clock& clock) {
  return std::make_unique<ScannerReader>(std::move(place), std::move(source), lines, std::move(rules), clock);
}

}  // namespace

Result<LineSettings> line_settings(const Url& url) {
  LineSettings settings;
  const auto word = url.get("ending", "any");
  const auto ending = parse_ending(word);
  if (!ending) return fail(ReaderErrc::bad_setting, "ending=" + word + ": any, enter, tab, etx or idle");
  settings.ending = *ending;
  const auto text = url.get("idle_ms", std::to_string(idle_default.count()));
  int idle = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), idle);
  const bool number = error == std::errc{} && end == text.data() + text.size();
  if (!number || idle < idle_ms_min || idle > idle_ms_max)
    return fail(ReaderErrc::bad_setting, "idle_ms=" + text + ": 20 to 60000 milliseconds");
  settings.idle = std::chrono::milliseconds(idle);
  return settings;
}

ScannerReader::ScannerReader(ReaderPlace place, std::unique_ptr<ScanSource> source, LineSettings lines,
                             ScanRules rules, const Clock& clock)
    : place_(std::move(place)),
      source_(std::move(source)),
      lines_(lines),
      rules_(std::move(rules)),
      clock_(clock),
      state_("not started") {}

std::string ScannerReader::state() const {
  return state_.with([](const std::string& state) { return state; });
}

void ScannerReader::set_state(std::string text) {
  state_.with([&](std::string& state) { state = std::move(text); });
}

Result<void> ScannerReader::run(std::stop_token stop, const ReadSink& sink) {
  const auto ran = listen(stop, sink);
  source_->close();
  set_state(ran ? "stopped" : ran.error().text());
  return ran;
}

Result<void> ScannerReader::listen(const std::stop_token& stop, const ReadSink& sink) {
  const StopSignal signal(stop);
  SITEGATE_TRYV(source_->open());
  log::info("reader={} listening: {}", place_.id, source_->name());
  set_state("listening: " + source_->name());
  LineCollector lines(lines_.ending, lines_.idle, [&](Line&& line) { take(std::move(line), sink); });
  while (!stop.stop_requested()) {
    SITEGATE_TRYV(wait_for_input(source_->descriptor(), signal.descriptor(),
                                 time_left(lines.deadline(), clock_.monotonic())));
    if (stop.stop_requested()) break;
    auto chunk = source_->read();
    if (!chunk) {
      if (lines.deadline()) log::warn("reader={} half a code was scanned when the device went", place_.id);
      return std::move(chunk).error();
    }
    if (chunk.value().lost) lines.spoil("keystrokes were lost", clock_.monotonic());
    lines.feed(chunk.value().bytes, clock_.monotonic());
  }
  return success();
}

void ScannerReader::take(Line&& line, const ReadSink& sink) {
  auto credential = line.mistake.empty()
                        ? scanned_credential(rules_, line.text)
                        : Result<Credential>(fail(ScanErrc::unreadable, std::move(line.mistake)));
  if (!credential) {
    ++failed_reads_;
    log::warn("reader={} no read: {}", place_.id, credential.error().text());
    return;
  }
  CredentialRead read;
  read.reader_id = place_.id;
  read.event_time = clock_.now();
  read.monotonic = clock_.monotonic();
  read.credential = std::move(credential).value();
  read.method = Method::qr;
  log::debug("reader={} {}", place_.id, masked_text(read.credential));
  sink(std::move(read));
}

Result<std::unique_ptr<Reader>> open_serial_scanner(const Url& url, const ReaderSurroundings& around) {
  SITEGATE_TRYV(check_keys(url, {"baud", "bits", "parity", "stop", "flow", "ending", "idle_ms", "accept",
                                 "aim", "prefix", "suffix", "check", "check_character"}));
  SITEGATE_TRY(place, reader_place(url));
  SITEGATE_TRY(serial, serial_settings(url));
  SITEGATE_TRY(lines, line_settings(url));
  SITEGATE_TRY(rules, scan_rules(url));
  return made(std::move(place), std::make_unique<SerialSource>(std::move(serial)), lines, std::move(rules),
              around.clock);
}

Result<std::unique_ptr<Reader>> open_keyboard_scanner(const Url& url, const ReaderSurroundings& around) {
  SITEGATE_TRYV(check_keys(
      url, {"layout", "ending", "idle_ms", "accept", "aim", "prefix", "suffix", "check", "check_character"}));
  SITEGATE_TRY(place, reader_place(url));
  SITEGATE_TRY(keyboard, keyboard_settings(url));
  SITEGATE_TRY(lines, line_settings(url));
  SITEGATE_TRY(rules, scan_rules(url));
  return made(std::move(place), std::make_unique<KeyboardSource>(std::move(keyboard)), lines,
              std::move(rules), around.clock);
}

}  // namespace sitegate::devices::scanner
