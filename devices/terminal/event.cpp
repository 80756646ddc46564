#include "devices/terminal/event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "shared/base/log.hpp"
#include "shared/crypto/digest.hpp"

namespace sitegate::devices::terminal {
namespace {

constexpr double body_temperature_min_c = 30;
constexpr double body_temperature_max_c = 45;
constexpr std::string_view local_time_form = "0000-00-00 00:00:00";

std::optional<int> two_digits(std::string_view text, int below) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 2, value);
  if (error != std::errc{} || end != text.data() + 2 || value < 0 || value >= below) return std::nullopt;
  return value;
}

Bytes big_endian(std::uint64_t number) {
  const std::size_t size = number <= 0xFFFF'FFFFu ? 4 : number <= 0xFF'FFFF'FFFF'FFFFu ? 7 : 8;
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[size - 1 - i] = static_cast<std::uint8_t>(number >> (8 * i) & 0xFFu);
  return bytes;
}

// Longer ones keep family and serial readable and are told apart by their hash.
std::string whole_key(std::string_view family, const Terminal& terminal, const Event& event) {
  const auto front = fmt::format("{}/{}/", family, terminal.serial);
  if (front.size() + event.key.size() <= device_event_key_size_max) return front + event.key;
  return front + to_hex(crypto::sha256(as_bytes(event.key))).substr(0, 40);
}

Result<Credential> credential_of(const Terminal& terminal, const Event& event) {
  // The card speaks for itself where it was the card that was read, and where there is no user.
  const bool by_card = !event.card.empty() && (event.pin.empty() || event.method == Method::card);
  if (by_card) {
    auto uid = card_uid(event.card, terminal.card_number);
    if (!uid) return fail(TerminalErrc::bad_event, "card number \"" + event.card + "\"");
    return Credential(CardCredential{CardTechnology::unknown, std::move(*uid)});
  }
  if (!is_word(event.pin, pin_size_max)) return fail(TerminalErrc::bad_event, "PIN \"" + event.pin + "\"");
  const auto alias = terminal.aliases.find(event.pin);
  return Credential(
      TerminalUserCredential{terminal.realm, alias == terminal.aliases.end() ? event.pin : alias->second});
}

std::optional<Direction> direction_of(const Terminal& terminal, const Event& event) {
  switch (terminal.direction) {
    case DirectionFrom::entry:
      return Direction::entry;
    case DirectionFrom::exit:
      return Direction::exit;
    case DirectionFrom::state:
      if (terminal.entry_states.contains(event.state)) return Direction::entry;
      if (terminal.exit_states.contains(event.state)) return Direction::exit;
      return std::nullopt;
    case DirectionFrom::place:
      return std::nullopt;
  }
  return std::nullopt;
}

void set_time(CredentialRead& read, const Terminal& terminal, const Event& event, const Arrival& arrival) {
  const auto offset = event.utc_offset.value_or(terminal.utc_offset);
  const auto reported = to_utc(event.time, offset) - arrival.clock_ahead;
  const auto age = arrival.now - reported;
  if (age < -arrival.live_max)
    log::warn("terminal={} its clock is {} s ahead: the gateway's time is taken", terminal.name,
              std::chrono::duration_cast<std::chrono::seconds>(-age).count());
  const bool late = age > arrival.live_max;
  read.event_time = late ? reported : arrival.now;
  read.monotonic = arrival.monotonic;
  if (late) read.clock_state = ClockState::unknown;
  read.device_event->late = late;
}

}  // namespace

std::optional<LocalTime> parse_local_time(std::string_view text) {
  if (text.size() != local_time_form.size() || (text[10] != ' ' && text[10] != 'T')) return std::nullopt;
  if (text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const auto hour = two_digits(text.substr(11), 24);
  const auto minute = two_digits(text.substr(14), 60);
  const auto second = two_digits(text.substr(17), 60);
  if (!date || !hour || !minute || !second) return std::nullopt;
  return LocalTime(*date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

std::optional<float> plausible_temperature(double celsius) {
  if (!(celsius >= body_temperature_min_c && celsius <= body_temperature_max_c)) return std::nullopt;
  return static_cast<float>(celsius);
}

bool is_word(std::string_view text, std::size_t size_max) {
  return !text.empty() && text.size() <= size_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

std::optional<Bytes> card_uid(std::string_view text, CardNumber form) {
  if (form == CardNumber::hexadecimal) {
    auto bytes = from_hex(text);
    if (!bytes || bytes->empty() || bytes->size() > card_uid_size_max) return std::nullopt;
    return bytes;
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number == 0) return std::nullopt;
  auto bytes = big_endian(number);
  if (form == CardNumber::last_byte_first) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

Result<CredentialRead> read_of(const Terminal& terminal, std::string_view family, const Event& event,
                               const Arrival& arrival) {
  CredentialRead read;
  SITEGATE_TRY(credential, credential_of(terminal, event));
  read.credential = std::move(credential);
  read.method = event.method.value_or(terminal.method);
  read.body_temperature_c = event.body_temperature_c;
  read.direction = direction_of(terminal, event);
  read.gate = terminal.gate;
  read.device_event = DeviceEvent{whole_key(family, terminal, event), false};
  set_time(read, terminal, event, arrival);
  return read;
}

}  // namespace sitegate::devices::terminal
