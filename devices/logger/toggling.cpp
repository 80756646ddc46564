#include "devices/logger/toggling.hpp"

namespace sitegate::devices::logger {

Direction toggled(const std::optional<LastTouch>& last, UtcTime time, std::chrono::hours shift_hours_max) {
  if (!last) return Direction::entry;
  const auto since = time - last->time;
  if (std::chrono::abs(since) < debounce) return last->direction;
  const bool inside = last->direction == Direction::entry && since >= debounce && since <= shift_hours_max;
  return inside ? Direction::exit : Direction::entry;
}

}  // namespace sitegate::devices::logger
