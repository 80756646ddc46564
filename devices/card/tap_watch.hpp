// Turns the states that PC/SC reports for one reader into taps. Pure.
#pragma once
#include <cstdint>

namespace sitegate::devices::card {

enum class TapEvent {
  none,    ///< nothing, or a card was taken away
  tap,     ///< a card was put on: read it once
  missed,  ///< a card was put on and taken away again before it could be read
};

/// A tap is a card put on while the reader is watched. A card that already lies there when watching begins
/// (start of the gateway, pcscd restarted, reader plugged in) is not a tap: nobody passes at that moment, and
/// a card forgotten on the reader must not turn every restart into a passage. A person who holds his card
/// just then is not told "accepted" and holds it up again.
class TapWatch {
 public:
  /// The next state: dwEventState of PC/SC, whose upper 16 bits count cards put on and taken away
  /// (pcsclite 1.6.5 on), so that a change between two calls shows.
  TapEvent update(std::uint32_t event_state);
  [[nodiscard]] bool card_present() const { return present_; }

 private:
  bool watching_ = false;
  bool present_ = false;
  std::uint16_t counter_ = 0;
};

}  // namespace sitegate::devices::card
