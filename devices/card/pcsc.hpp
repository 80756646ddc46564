// The calls of PC/SC that a card reader needs, with their errors as values. Private to devices/card.
#pragma once
#include <winscard.h>

#include <chrono>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::card {

/// The name under which PC/SC reports readers that come and go. Its current state is the number of readers
/// << 16.
inline constexpr const char* plug_and_play_name = "\\\\?PnP?\\Notification";

/// What to do about a PC/SC error.
enum class Severity {
  service,  ///< pcscd is gone or the context is void: start afresh
  reader,   ///< this reader is gone: list the readers anew
  card,     ///< this card was not read
};
Severity severity_of(LONG code);

/// "SCARD_E_NO_SERVICE (8010001D): Service not available.": what was attempted, and PC/SC's own words.
std::string pcsc_text(const char* what, LONG code);

/// One connection to pcscd. Concurrency: one thread, except cancel().
class PcscContext {
 public:
  /// device_failed if pcscd is not there.
  static Result<PcscContext> establish();
  PcscContext(PcscContext&& other) noexcept;
  PcscContext& operator=(PcscContext&&) = delete;
  ~PcscContext();

  /// Names of all readers attached; may be empty.
  [[nodiscard]] Result<std::vector<std::string>> readers() const;
  /// Waits for a state other than dwCurrentState in one of `states` (1 to 16), at most `timeout`. Returns
  /// PC/SC's code.
  LONG wait(std::vector<SCARD_READERSTATE>& states, std::chrono::milliseconds timeout) const;
  /// Ends a wait() of another thread; without effect if none is waiting yet.
  void cancel() const;
  /// Asks the card on `reader` for its UID. CardErrc if the card cannot be read, device_gone if the reader is
  /// gone, device_failed if pcscd is.
  [[nodiscard]] Result<Bytes> read_uid(const std::string& reader) const;

 private:
  explicit PcscContext(SCARDCONTEXT handle) : handle_(handle) {}
  SCARDCONTEXT handle_ = 0;
};

}  // namespace sitegate::devices::card
