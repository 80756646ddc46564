// Entry by telephone: the technician calls the gate's number, the call's caller number names the person.
#pragma once
#include <atomic>
#include <string>

#include "devices/phone/phone_settings.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::phone {

/// What is seen of a line from outside; written by its thread.
struct PhoneCounters {
  std::atomic<std::uint64_t> failed_reads{0};
  Guarded<std::string> state{std::string("not started")};
};

inline constexpr std::size_t waiting_calls_max = 2000;  // for the pipeline's answer; more are told 503
inline constexpr std::size_t spoken_calls_max = 50;     // beyond, a recorded call is declined instead

/// Operation: run() listens for SIP calls on UDP and TCP. A call from a trusted address to a number of ours
/// becomes one read of a PhoneCredential; its DeviceEvent is made of Call-ID and From tag, so that a repeated
/// or forked INVITE is recorded once. The call waits (100 Trying) until the pipeline answers, at most 15 s:
/// then it is declined with 603 or gets its announcement if it was recorded, otherwise 480 or 500. A caller
/// who hangs up while waiting is recorded all the same. run() fails with cannot_listen if the port is taken,
/// and with line_failed if the wall clock was set back (libre's timers follow it). Callers who show no
/// number, have none, or call a number that is not ours are told so (433, 403, 404), logged and counted in
/// failed_reads(). Concurrency: as Reader. run() brings libre's event loop onto its own thread, so that
/// several phone readers may run in one process. Stop ends run() within 2 s: callers who wait are told 480,
/// the account is deregistered.
class PhoneReader final : public Reader {
 public:
  /// `clock` must outlive it.
  PhoneReader(PhoneSettings settings, const Clock& clock);

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override;
  [[nodiscard]] std::uint64_t failed_reads() const override { return counters_.failed_reads; }

 private:
  // Constant after construction.
  const PhoneSettings settings_;
  const Clock& clock_;

  PhoneCounters counters_;
};

/// phone+sip://0.0.0.0:5060?trunk=192.0.2.10&numbers=+81312345678:gate=1:entry&…; all keys: README.md
Result<std::unique_ptr<Reader>> open_phone_reader(const Url& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::phone
