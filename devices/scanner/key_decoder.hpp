// What a scanner that poses as a keyboard types: keys going down and up become the bytes that the same
// scanner would send on a serial line. Pure; the codes are those of <linux/input-event-codes.h>.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sitegate::devices::scanner {

/// The layout the scanner is set to: it sends keys, not letters, so both sides must agree.
enum class Layout : std::uint8_t {
  us,  ///< ANSI INCITS 154, the usual PC keyboard
  jp   ///< JIS X 6002, 106/109 keys
};
std::optional<Layout> parse_layout(std::string_view word);

/// A key event as the kernel reports it (struct input_event of type EV_KEY).
struct KeyEvent {
  std::uint16_t code = 0;
  std::int32_t value = 0;  ///< 1 down, 0 up, 2 repeated by the kernel
  bool operator==(const KeyEvent&) const = default;
};

/// Stands for a key that types nothing in the layout: no code holds it, so the line is refused aloud.
inline constexpr std::uint8_t unknown_key_byte = 0;

/// Follows shift, control, caps lock and "Alt + digits of the keypad" (the layout-independent mode of many
/// scanners). Not thread-safe.
class KeyDecoder {
 public:
  explicit KeyDecoder(Layout layout) : layout_(layout) {}
  /// The byte that the event completes. Enter is CR, Tab is TAB.
  std::optional<std::uint8_t> take(const KeyEvent& event);
  /// Forgets which keys are down: events were lost, or the device is another one.
  void reset();

 private:
  bool take_modifier(const KeyEvent& event);
  std::optional<std::uint8_t> take_alt(const KeyEvent& event);
  [[nodiscard]] std::uint8_t typed(std::uint16_t code) const;

  Layout layout_;              // constant after construction
  std::uint8_t shifts_ = 0;    // bits: left, right
  std::uint8_t controls_ = 0;  // bits: left, right
  bool alt_ = false;
  bool caps_ = false;
  int alt_digits_ = 0;
  unsigned alt_number_ = 0;
};

/// The other direction, for simulators: the keys that type `text` (printable ASCII, CR, TAB; anything else is
/// left out).
std::vector<KeyEvent> key_events_of(std::string_view text, Layout layout);

}  // namespace sitegate::devices::scanner
