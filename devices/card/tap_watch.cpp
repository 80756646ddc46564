#include "devices/card/tap_watch.hpp"

#include <winscard.h>

namespace sitegate::devices::card {

TapEvent TapWatch::update(std::uint32_t event_state) {
  const bool was_present = present_;
  const auto counter = static_cast<std::uint16_t>(event_state >> 16);
  const auto changes = static_cast<std::uint16_t>(counter - counter_);
  present_ = (event_state & SCARD_STATE_PRESENT) != 0;
  counter_ = counter;
  // Half the counter's range and more: it went back, so this is another life of the reader.
  if (!watching_ || changes >= 0x8000) {
    watching_ = true;
    return TapEvent::none;
  }
  if (!was_present && present_) return TapEvent::tap;
  if (was_present && !present_) return TapEvent::none;
  // Same as before, yet two or more changes: put on and taken away in between. One change is pcscd telling
  // the state before its count.
  if (changes < 2) return TapEvent::none;
  return present_ ? TapEvent::tap : TapEvent::missed;
}

}  // namespace sitegate::devices::card
