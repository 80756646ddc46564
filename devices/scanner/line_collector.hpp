// From the bytes of a scanner to lines: one line is one scanned code.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/base/civil_time.hpp"

namespace sitegate::devices::scanner {

/// What ends a code. Scanners are set to one of these by a programming sheet of their maker.
enum class Ending : std::uint8_t {
  any,    ///< CR, LF, TAB or ETX, whichever comes
  enter,  ///< CR, LF or both
  tab,    ///< TAB
  etx,    ///< ETX (03); an STX (02) before the code is no part of it
  idle    ///< nothing: a pause of `idle` ends the code
};
std::string_view to_text(Ending ending);
std::optional<Ending> parse_ending(std::string_view word);

/// Longer than any code that names a person; what is longer is passed over up to its end.
inline constexpr std::size_t line_size_max = 1024;
/// A scanner sends a code in one go: at 1,200 baud and with keys (about 1 ms each) the gaps stay far below.
inline constexpr std::chrono::milliseconds idle_default{500};

/// A line without its ending, or why it is none. Never empty both ways.
struct Line {
  std::string text;
  std::string mistake;  ///< empty: the line is whole
};

/// Pure: bytes and the time they came in, lines out. Empty lines (the LF behind a CR) are no lines. A half
/// line whose rest does not come within `idle` is dropped with its reason, so that the next code stands
/// alone.
class LineCollector {
 public:
  using Take = std::function<void(Line&&)>;
  LineCollector(Ending ending, std::chrono::milliseconds idle, Take take)
      : ending_(ending), idle_(idle), take_(std::move(take)) {}

  /// First ends what has waited for too long, then takes the bytes.
  void feed(ByteView bytes, MonotonicTime now);
  /// Ends the line if nothing came for `idle`: Ending::idle makes it a line, all others a mistake.
  void expire(MonotonicTime now);
  /// The line that was collected so far, or the one whose beginning was lost, cannot be used: its rest is
  /// passed over up to its end.
  void spoil(std::string_view why, MonotonicTime now);
  /// The device is gone: a half line will never be whole.
  void reset() { clear(); }

  /// When expire() will have something to do; nullopt: nothing is half done.
  [[nodiscard]] std::optional<MonotonicTime> deadline() const;

 private:
  [[nodiscard]] bool ends(std::uint8_t byte) const;
  [[nodiscard]] bool half_done() const { return size_ > 0 || !spoiled_.empty(); }
  void add(std::uint8_t byte);
  void end_line(std::string mistake);
  void clear();

  // Constant after construction.
  const Ending ending_;
  const std::chrono::milliseconds idle_;
  const Take take_;

  std::string text_;      // at most line_size_max
  std::size_t size_ = 0;  // as sent
  std::string spoiled_;
  MonotonicTime last_byte_{0};
};

}  // namespace sitegate::devices::scanner
