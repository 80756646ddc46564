// Which way a touch goes where neither the reader nor the place says it.
#pragma once
#include <chrono>
#include <optional>

#include "shared/base/civil_time.hpp"
#include "shared/model/recognition.hpp"

namespace sitegate::devices::logger {

/// The same person's touch before.
struct LastTouch {
  UtcTime time{};
  Direction direction = Direction::entry;
};

/// Two touches within this time are one: the person was not sure of the beep.
inline constexpr std::chrono::seconds debounce{60};

/// As at a gate: an exit if the last one was an entry at most `shift_hours_max` ago, otherwise an entry; a
/// touch within `debounce` of the last goes the same way.
Direction toggled(const std::optional<LastTouch>& last, UtcTime time, std::chrono::hours shift_hours_max);

}  // namespace sitegate::devices::logger
