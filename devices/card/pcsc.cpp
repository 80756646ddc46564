#include "devices/card/pcsc.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "devices/card/card_protocol.hpp"
#include "devices/reader.hpp"

namespace sitegate::devices::card {

Severity severity_of(LONG code) {
  switch (static_cast<std::uint32_t>(code)) {
    case static_cast<std::uint32_t>(SCARD_E_NO_SERVICE):
    case static_cast<std::uint32_t>(SCARD_E_SERVICE_STOPPED):
    case static_cast<std::uint32_t>(SCARD_E_INVALID_HANDLE):
    case static_cast<std::uint32_t>(SCARD_E_NO_MEMORY):
    case static_cast<std::uint32_t>(SCARD_E_SYSTEM_CANCELLED):
    case static_cast<std::uint32_t>(SCARD_F_COMM_ERROR):
    case static_cast<std::uint32_t>(SCARD_F_INTERNAL_ERROR):
    case static_cast<std::uint32_t>(SCARD_F_UNKNOWN_ERROR):
    case static_cast<std::uint32_t>(SCARD_W_SECURITY_VIOLATION):
      return Severity::service;
    case static_cast<std::uint32_t>(SCARD_E_UNKNOWN_READER):
    case static_cast<std::uint32_t>(SCARD_E_READER_UNAVAILABLE):
    case static_cast<std::uint32_t>(SCARD_E_NO_READERS_AVAILABLE):
      return Severity::reader;
    default:
      return Severity::card;
  }
}

std::string pcsc_text(const char* what, LONG code) {
  return fmt::format("{}: {:08X}: {}", what, static_cast<std::uint32_t>(code), pcsc_stringify_error(code));
}

namespace {

CardErrc card_error_of(LONG code) {
  switch (static_cast<std::uint32_t>(code)) {
    case static_cast<std::uint32_t>(SCARD_E_SHARING_VIOLATION):
      return CardErrc::in_use;
    case static_cast<std::uint32_t>(SCARD_E_NO_SMARTCARD):
    case static_cast<std::uint32_t>(SCARD_W_REMOVED_CARD):
    case static_cast<std::uint32_t>(SCARD_E_NOT_TRANSACTED):
      return CardErrc::card_gone;
    default:
      return CardErrc::unreadable_card;
  }
}

Error error_of(const char* what, LONG code) {
  auto text = pcsc_text(what, code);
  switch (severity_of(code)) {
    case Severity::service:
      return fail(ReaderErrc::device_failed, std::move(text));
    case Severity::reader:
      return fail(ReaderErrc::device_gone, std::move(text));
    case Severity::card:
      break;
  }
  return fail(card_error_of(code), std::move(text));
}

// A connection to a card, given back without a reset: the card may be wanted by another program.
class CardConnection {
 public:
  explicit CardConnection(SCARDHANDLE handle) : handle_(handle) {}
  CardConnection(const CardConnection&) = delete;
  CardConnection& operator=(const CardConnection&) = delete;
  ~CardConnection() { SCardDisconnect(handle_, SCARD_LEAVE_CARD); }

 private:
  SCARDHANDLE handle_;
};

}  // namespace

Result<PcscContext> PcscContext::establish() {
  SCARDCONTEXT handle = 0;
  const LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &handle);
  if (code != SCARD_S_SUCCESS)
    return fail(ReaderErrc::device_failed, pcsc_text("SCardEstablishContext", code) +
                                               " Is pcscd running (systemctl start pcscd.socket)?");
  return PcscContext(handle);
}

PcscContext::PcscContext(PcscContext&& other) noexcept : handle_(std::exchange(other.handle_, 0)) {}

PcscContext::~PcscContext() {
  if (handle_ != 0) SCardReleaseContext(handle_);
}

Result<std::vector<std::string>> PcscContext::readers() const {
  DWORD size = 0;
  std::string names;
  LONG code = SCardListReaders(handle_, nullptr, nullptr, &size);
  if (code == SCARD_S_SUCCESS) {
    names.resize(size);
    code = SCardListReaders(handle_, nullptr, names.data(), &size);
  }
  // A reader that came between the two calls makes the room too small; the next look finds it.
  if (code == SCARD_E_NO_READERS_AVAILABLE || code == SCARD_E_INSUFFICIENT_BUFFER)
    return std::vector<std::string>{};
  if (code != SCARD_S_SUCCESS) return fail(ReaderErrc::device_failed, pcsc_text("SCardListReaders", code));
  std::vector<std::string> list;
  for (const char* name = names.c_str(); *name != '\0'; name += list.back().size() + 1)
    list.emplace_back(name);
  return list;
}

LONG PcscContext::wait(std::vector<SCARD_READERSTATE>& states, std::chrono::milliseconds timeout) const {
  return SCardGetStatusChange(handle_, static_cast<DWORD>(timeout.count()), states.data(),
                              static_cast<DWORD>(states.size()));
}

void PcscContext::cancel() const {
  SCardCancel(handle_);
}

Result<Bytes> PcscContext::read_uid(const std::string& reader) const {
  SCARDHANDLE handle = 0;
  DWORD protocol = 0;
  LONG code = SCardConnect(handle_, reader.c_str(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                           &handle, &protocol);
  if (code != SCARD_S_SUCCESS) return error_of("SCardConnect", code);
  const CardConnection connection(handle);
  std::array<std::uint8_t, MAX_BUFFER_SIZE> answer{};
  DWORD size = answer.size();
  code = SCardTransmit(handle, protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1,
                       get_uid_command.data(), get_uid_command.size(), nullptr, answer.data(), &size);
  if (code != SCARD_S_SUCCESS) return error_of("SCardTransmit", code);
  return parse_uid_answer(ByteView(answer).first(size));
}

}  // namespace sitegate::devices::card
