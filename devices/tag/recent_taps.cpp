#include "devices/tag/recent_taps.hpp"

#include <algorithm>

namespace sitegate::devices::tag {
namespace {

// The server has told the phone to try again by then; a read whose answer was lost is handed on once more.
constexpr std::chrono::seconds answer_time_max{30};
constexpr std::size_t waiting_max = 8;  // one phone has no more pages open at once

}  // namespace

void RecentTaps::forget_old(Entries& entries, MonotonicTime now) const {
  std::erase_if(entries, [&](const auto& entry) {
    const auto age = now - entry.second.since;
    return age > keep_ || (!entry.second.result && age > answer_time_max);
  });
  if (entries.size() < count_max) return;
  entries.erase(std::min_element(entries.begin(), entries.end(), [](const auto& one, const auto& other) {
    return one.second.since < other.second.since;
  }));
}

RecentTaps::Found RecentTaps::find(const Key& key, MonotonicTime now, Waiting& waiting,
                                   std::optional<UtcTime> open_at) {
  std::optional<Settled> result;
  const auto found = entries_.with([&](Entries& entries) {
    forget_old(entries, now);
    const auto entry = entries.find(key);
    if (entry == entries.end()) {
      if (!open_at) return Found::nothing;
      entries[key] = {now, *open_at, std::nullopt, {std::move(waiting)}};
      return Found::opened;
    }
    result = entry->second.result;
    if (result) return Found::known;
    if (entry->second.waiting.size() < waiting_max) entry->second.waiting.push_back(std::move(waiting));
    return Found::joined;
  });
  if (result) waiting(*result);
  return found;
}

void RecentTaps::settle(const Key& key, const ReadOutcome& outcome) {
  std::vector<Waiting> waiting;
  Settled result{outcome, {}};
  entries_.with([&](Entries& entries) {
    const auto entry = entries.find(key);
    if (entry == entries.end()) return;
    result.at = entry->second.at;
    waiting.swap(entry->second.waiting);
    if (outcome.recorded)
      entry->second.result = result;
    else
      entries.erase(entry);
  });
  for (const auto& told : waiting) told(result);
}

}  // namespace sitegate::devices::tag
