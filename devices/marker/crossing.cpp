#include "devices/marker/crossing.hpp"

#include <utility>

namespace sitegate::devices::marker {

Crossings::Side Crossings::side_of(cv::Point2f place) const {
  const bool sideways = rule_.entry == EntryMoves::right || rule_.entry == EntryMoves::left;
  const bool forward = rule_.entry == EntryMoves::right || rule_.entry == EntryMoves::down;
  const float distance = ((sideways ? place.x : place.y) - rule_.line) * (forward ? 1.0F : -1.0F);
  if (distance <= -rule_.beyond) return Side::before;
  return distance >= rule_.beyond ? Side::behind : Side::unknown;
}

std::optional<Crossing> Crossings::see(const MarkerCredential& marker, cv::Point2f place, MonotonicTime now) {
  expire(now);
  if (tracks_.size() >= tracks_max && !tracks_.contains(marker)) return std::nullopt;
  Track& track = tracks_[marker];
  track.last = now;
  ++track.pictures;
  return rule_.entry == EntryMoves::unsaid ? by_sight(marker, track) : by_line(marker, track, side_of(place));
}

std::optional<Crossing> Crossings::by_sight(const MarkerCredential& marker, Track& track) const {
  if (track.read || track.pictures < rule_.pictures_min) return std::nullopt;
  track.read = true;
  return Crossing{marker, std::nullopt, track.last};
}

/// On the line itself nothing is decided: the side before stays.
std::optional<Crossing> Crossings::by_line(const MarkerCredential& marker, Track& track, Side side) const {
  if (side == Side::unknown) return std::nullopt;
  const Side before = std::exchange(track.side, side);
  if (before == Side::unknown || before == side) return std::nullopt;
  return Crossing{marker, side == Side::behind ? Direction::entry : Direction::exit, track.last};
}

void Crossings::expire(MonotonicTime now) {
  std::erase_if(tracks_, [&](const auto& one) { return now - one.second.last > rule_.gone_after; });
}

}  // namespace sitegate::devices::marker
