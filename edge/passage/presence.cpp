#include "edge/passage/presence.hpp"

#include <algorithm>

namespace sitegate::edge {
namespace {

/// Below this many people a sweep is not worth its time.
constexpr std::size_t sweep_count_min = 256;

}  // namespace

Moment moment_of(const Passage& passage) {
  return {passage.event_time, passage.monotonic, passage.boot_id, passage.clock_state};
}

std::chrono::milliseconds elapsed(const Moment& earlier, const Moment& later) {
  if (earlier.boot_id == later.boot_id)
    return std::chrono::floor<std::chrono::milliseconds>(later.monotonic - earlier.monotonic);
  return later.wall - earlier.wall;
}

void Presence::remember(const Passage& passage, std::chrono::milliseconds forget_after) {
  const Moment moment = moment_of(passage);
  const auto [place, first_seen] = people_.try_emplace(passage.person);
  PersonState& state = place->second;
  // A device may report late what it kept: that changes the record, not where the person is now.
  const bool late =
      moment.boot_id == BootId{} && !first_seen && elapsed(state.last.moment, moment).count() < 0;
  if (late) return;
  state.last = {moment, passage.gate, passage.direction, passage.admission, passage.gate_opened};
  if (passage.gate_opened) {
    state.last_through = passage.direction;
    if (passage.direction == Direction::entry) state.last_entry = LastEntry{moment, passage.work_date};
  }
  // One sweep in half as many passages as there are people costs a constant time for each passage, and holds
  // the people to twice those who must be remembered.
  if (++remembered_since_sweep_ >= std::max(people_.size() / 2, sweep_count_min))
    forget_old(moment, forget_after);
}

/// Whoever is far away in either direction goes: after a step of the clock back, too.
void Presence::forget_old(const Moment& now, std::chrono::milliseconds forget_after) {
  std::erase_if(people_, [&](const auto& item) {
    return std::chrono::abs(elapsed(item.second.last.moment, now)) > forget_after;
  });
  remembered_since_sweep_ = 0;
}

const PersonState* Presence::find(const Person& person) const {
  const auto found = people_.find(person);
  return found == people_.end() ? nullptr : &found->second;
}

}  // namespace sitegate::edge
