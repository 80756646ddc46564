#include "edge/passage/presence.hpp"

#include <algorithm>

namespace sitegate::edge {
namespace {

/// Below this many people a sweep is not worth its time.
constexpr std::size_t sweep_count_min = 256;
/// A file of stored touches brings those of one shift within fewer passages than this.
constexpr std::uint64_t late_passages_kept = 20'000;

bool is_late(const Moment& moment) {
  return moment.boot_id == BootId{};
}

/// What goes first is what was recorded first: a file's entry stays until its exit, however old both are.
void add_movement(std::vector<Movement>& movements, Movement movement) {
  if (movements.size() >= movements_max) movements.erase(movements.begin());
  movements.push_back(std::move(movement));
}

template <typename Wanted>
const Movement* last_before(const std::vector<Movement>& movements, const Moment& now, Wanted wanted) {
  const Movement* found = nullptr;
  for (const Movement& one : movements) {
    const Moment& moment = one.passage.moment;
    if (!wanted(one) || elapsed(moment, now).count() < 0) continue;
    if (found == nullptr || elapsed(found->passage.moment, moment).count() >= 0) found = &one;
  }
  return found;
}

}  // namespace

Moment moment_of(const Passage& passage) {
  return {passage.event_time, passage.monotonic, passage.boot_id, passage.clock_state};
}

std::chrono::milliseconds elapsed(const Moment& earlier, const Moment& later) {
  if (earlier.boot_id == later.boot_id && !is_late(earlier))
    return std::chrono::floor<std::chrono::milliseconds>(later.monotonic - earlier.monotonic);
  return later.wall - earlier.wall;
}

const Movement* PersonState::movement_before(const Moment& now) const {
  return last_before(movements, now, [](const Movement&) { return true; });
}

const Movement* PersonState::entry_before(const Moment& now) const {
  return last_before(movements, now,
                     [](const Movement& one) { return one.passage.direction == Direction::entry; });
}

const Movement* PersonState::movement_near(const Moment& now) const {
  const auto distance = [&](const Movement& one) {
    return std::chrono::abs(elapsed(one.passage.moment, now));
  };
  const auto found = std::ranges::min_element(movements, {}, distance);
  return found == movements.end() ? nullptr : &*found;
}

void Presence::remember(const Passage& passage, std::chrono::milliseconds forget_after) {
  const Moment moment = moment_of(passage);
  const LastPassage now{moment, passage.gate, passage.direction, passage.admission, passage.gate_opened};
  const auto [place, first_seen] = people_.try_emplace(passage.person);
  PersonState& state = place->second;
  ++remembered_;
  if (is_late(moment))
    state.late_number = remembered_;
  else
    newest_live_ = moment;
  // A device may report late what it kept: that changes the record, not where the person is now.
  const bool overtaken = is_late(moment) && !first_seen && elapsed(state.last.moment, moment).count() < 0;
  if (!overtaken) state.last = now;
  if (passage.gate_opened) {
    if (!overtaken) state.last_through = passage.direction;
    const bool newest_entry =
        !overtaken || !state.last_entry || elapsed(state.last_entry->moment, moment).count() >= 0;
    if (passage.direction == Direction::entry && newest_entry)
      state.last_entry = LastEntry{moment, passage.work_date};
    add_movement(state.movements, {now, passage.work_date});
  }
  // One sweep in half as many passages as there are people costs a constant time for each passage, and holds
  // the people to twice those who must be remembered.
  if (++remembered_since_sweep_ >= std::max(people_.size() / 2, sweep_count_min))
    forget_old(newest_live_.value_or(moment), forget_after);
}

/// Whoever is far away in either direction goes: after a step of the clock back, too.
void Presence::forget_old(const Moment& now, std::chrono::milliseconds forget_after) {
  std::erase_if(people_, [&](const auto& item) {
    const PersonState& state = item.second;
    const bool told_lately = state.late_number != 0 && remembered_ - state.late_number < late_passages_kept;
    return !told_lately && std::chrono::abs(elapsed(state.last.moment, now)) > forget_after;
  });
  remembered_since_sweep_ = 0;
}

const PersonState* Presence::find(const Person& person) const {
  const auto found = people_.find(person);
  return found == people_.end() ? nullptr : &found->second;
}

}  // namespace sitegate::edge
