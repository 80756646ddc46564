#include "devices/uhf/presence.hpp"

#include <algorithm>

namespace sitegate::devices::uhf {

MonotonicTime Presence::Tag::last_seen() const {
  return other_reads > 0 ? std::max(origin_last, other_last) : origin_last;
}

void Presence::see(const Sighting& sighting) {
  pass_time(sighting.at);
  if (ordered()) {
    const auto side = settings_.sides.find(sighting.antenna);
    if (side != settings_.sides.end()) see_in_order(sighting, side->second);
    return;
  }
  const auto [tag, is_new] = tags_.try_emplace(sighting.epc);
  if (is_new) passages_.push_back({sighting.epc, std::nullopt, sighting.at});
  tag->second.origin_last = is_new ? sighting.at : std::max(tag->second.origin_last, sighting.at);
  reschedule(tag);
  make_room();
}

void Presence::see_in_order(const Sighting& sighting, Side side) {
  const auto [tag, is_new] = tags_.try_emplace(sighting.epc);
  if (is_new) tag->second.origin = side;
  see_side(tag->second, sighting, side);
  reschedule(tag);
  make_room();
}

void Presence::see_side(Tag& tag, const Sighting& sighting, Side side) const {
  if (side == tag.origin) {
    tag.origin_last = std::max(tag.origin_last, sighting.at);
    tag.origin_reads += sighting.count;
    tag.other_reads = 0;
    return;
  }
  if (tag.other_reads == 0) {
    tag.other_first = sighting.at;
    if (!tag.overlap_since || sighting.at - tag.other_last >= settings_.settle)
      tag.overlap_since = sighting.at;
  }
  tag.other_reads += sighting.count;
  tag.other_last = std::max(tag.other_last, sighting.at);
}

MonotonicTime Presence::due_of(const Tag& tag) const {
  if (!ordered()) return tag.last_seen() + settings_.rearm;
  const bool lingers = tag.overlap_since && tag.origin_last - *tag.overlap_since > settings_.linger;
  const bool may_settle = tag.other_reads >= settings_.reads_min && !tag.crossed && !lingers;
  return may_settle ? tag.origin_last + settings_.settle : tag.last_seen() + settings_.gone;
}

void Presence::reschedule(Tags::iterator tag) {
  due_.erase({tag->second.due, tag->first});
  tag->second.due = due_of(tag->second);
  due_.insert({tag->second.due, tag->first});
}

void Presence::pass_time(MonotonicTime now) {
  while (!due_.empty() && due_.begin()->first <= now) decide(tags_.find(due_.begin()->second), now);
}

void Presence::decide(Tags::iterator tag, MonotonicTime now) {
  if (ordered() && tag->second.other_reads >= settings_.reads_min) cross(tag);
  const bool gone = !ordered() || now >= tag->second.last_seen() + settings_.gone;
  if (gone)
    forget(tag);
  else
    reschedule(tag);
}

// A side on which it was hardly ever seen is not where it came from.
void Presence::cross(Tags::iterator tag) {
  auto& state = tag->second;
  const Side to = state.origin == Side::outside ? Side::inside : Side::outside;
  if (state.origin_reads >= settings_.reads_min) {
    const auto direction = to == Side::inside ? Direction::entry : Direction::exit;
    passages_.push_back({tag->first, direction, state.other_first});
    state.crossed = true;
  }
  state.origin = to;
  state.origin_reads = state.other_reads;
  state.origin_last = state.other_last;
  state.other_reads = 0;
  state.overlap_since.reset();
}

void Presence::forget(Tags::iterator tag) {
  due_.erase({tag->second.due, tag->first});
  tags_.erase(tag);
}

void Presence::make_room() {
  if (tags_.size() > tags_max) forget(tags_.find(due_.begin()->second));
}

void Presence::skip(MonotonicTime blind) {
  due_.clear();
  for (auto tag = tags_.begin(); tag != tags_.end(); ++tag) {
    auto& state = tag->second;
    for (auto* time : {&state.origin_last, &state.other_first, &state.other_last}) *time += blind;
    if (state.overlap_since) *state.overlap_since += blind;
    reschedule(tag);
  }
}

std::vector<TagPassage> Presence::take() {
  return std::exchange(passages_, {});
}

std::size_t Presence::seen_since(MonotonicTime since) const {
  return static_cast<std::size_t>(std::count_if(
      tags_.begin(), tags_.end(), [since](const auto& tag) { return tag.second.last_seen() >= since; }));
}

}  // namespace sitegate::devices::uhf
