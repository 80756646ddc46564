// What a terminal that matches by itself reports about one person at one moment, whatever its make; and the
// read that comes of it.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/terminal/terminal.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::terminal {

/// Terminals tell the time on their own wall, to the second.
using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;
/// "2026-11-22 07:41:05" (also with a T between); nullopt if it is no such time.
std::optional<LocalTime> parse_local_time(std::string_view text);

struct Event {
  enum class Kind : std::uint8_t {
    person,   ///< somebody was recognised
    refused,  ///< somebody tried, and the terminal did not let him through
    device    ///< doors, alarms, starts: nobody is meant
  };
  Kind kind = Kind::person;
  std::string key;               ///< tells the terminal's events apart, the same whenever it is sent again
  std::string pin;               ///< the terminal's user, as sent; empty: none
  std::string card;              ///< the card's number, as sent; empty: none
  std::optional<Method> method;  ///< nullopt: the code names none of ours, see Terminal::method
  std::string state;             ///< in or out, in the terminal's own words; empty: none
  std::optional<float> body_temperature_c;
  LocalTime time{};
  std::optional<std::chrono::minutes> utc_offset;  ///< where the terminal says it; else its setting
  bool operator==(const Event&) const = default;
};

/// A line, or an entry of a list, that cannot be used; counted from 1.
struct Mistake {
  std::size_t line = 0;
  std::string why;
  bool operator==(const Mistake&) const = default;
};

/// A body, line by line: the good lines are kept whatever the others are like.
struct Events {
  std::vector<Event> events;
  std::vector<Mistake> mistakes;
  std::size_t lines = 0;  ///< all that were sent: events and mistakes
};

/// At most this many lines of one body are read, the rest is one mistake.
inline constexpr std::size_t lines_max = 20'000;
inline constexpr std::size_t pin_size_max = 32;
inline constexpr std::size_t card_text_size_max = 32;

/// Between 30 and 45 °C; terminals send 0 or 255 for "not measured".
std::optional<float> plausible_temperature(double celsius);
/// 1 to `size_max` printable ASCII characters without blanks.
bool is_word(std::string_view text, std::size_t size_max);
/// A card's number as the terminal says it: 4, 7 or 8 bytes, as many as it needs; nullopt if it is no number
/// (or no hexadecimal digits), or 0.
std::optional<Bytes> card_uid(std::string_view text, CardNumber form);

/// The moment at which an event arrives, and what is known of the terminal's clock.
struct Arrival {
  UtcTime now{};
  MonotonicTime monotonic{0};
  std::chrono::milliseconds live_max{30'000};  ///< younger events happened just now
  std::chrono::milliseconds clock_ahead{0};  ///< of the terminal's clock, as last measured; negative: behind
};

/// The read that an event of Kind::person means; `family` is "zkteco" or "hikvision". Young events (and those
/// of a clock that runs ahead) carry the gateway's own time; older ones the terminal's, corrected, and are
/// late. The error says which field cannot be used.
Result<CredentialRead> read_of(const Terminal& terminal, std::string_view family, const Event& event,
                               const Arrival& arrival);

}  // namespace sitegate::devices::terminal
