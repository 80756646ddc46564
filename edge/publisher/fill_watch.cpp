#include "edge/publisher/fill_watch.hpp"

#include <array>

namespace sitegate::edge {
namespace {

constexpr std::array levels{95, 85, 70};
constexpr int flutter = 2;
constexpr std::chrono::minutes sample_every{1};
constexpr std::chrono::hours looked_back{1};
constexpr std::chrono::hours far_away{90 * 24};  // nobody plans for later

int level_of(int percent, int before) {
  for (const int level : levels)
    if (percent >= level || (before == level && percent >= level - flutter)) return level;
  return 0;
}

std::string duration_text(std::chrono::minutes time) {
  if (time >= std::chrono::hours(48)) return std::to_string(time / std::chrono::hours(24)) + " days";
  if (time >= std::chrono::hours(2)) return std::to_string(time / std::chrono::hours(1)) + " h";
  return std::to_string(time.count()) + " min";
}

}  // namespace

std::string to_text(const Fill& fill) {
  if (fill.level == 0) return {};
  const auto text = "outbox " + std::to_string(fill.percent) + " % full";
  if (fill.percent >= 100) return text + ": no passage can be taken until the cloud has receipted some";
  if (!fill.full_in) return text + ", not filling now";
  return text + ", in about " + duration_text(*fill.full_in) + " no passage can be taken any more";
}

Fill FillWatch::look(std::uint64_t used, std::uint64_t room, MonotonicTime now) {
  while (!samples_.empty() && samples_.front().at + looked_back < now) samples_.pop_front();
  if (samples_.empty() || samples_.back().at + sample_every <= now) samples_.push_back({now, used});
  const auto percent = static_cast<int>(std::min<std::uint64_t>(100, 100 * used / room));
  level_ = level_of(percent, level_);
  return {percent, level_, until_full(used, room, now)};
}

std::optional<std::chrono::minutes> FillWatch::until_full(std::uint64_t used, std::uint64_t room,
                                                          MonotonicTime now) const {
  const Sample& first = samples_.front();
  if (used <= first.used || now - first.at < sample_every) return std::nullopt;
  if (used >= room) return std::chrono::minutes{0};
  const double per_minute = static_cast<double>(used - first.used) /
                            std::chrono::duration<double, std::ratio<60>>(now - first.at).count();
  const double minutes = static_cast<double>(room - used) / per_minute;
  if (minutes > std::chrono::minutes(far_away).count()) return std::nullopt;
  return std::chrono::minutes(static_cast<std::int64_t>(minutes));
}

}  // namespace sitegate::edge
