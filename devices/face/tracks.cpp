#include "devices/face/tracks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sitegate::devices::face {
namespace {

constexpr float overlap_min = 0.25F;
/// A walking person's face moves by less than its own width between two pictures.
constexpr float middle_distance_max = 0.8F;
constexpr float size_ratio_max = 1.6F;

float likeness(const Box& one, const Box& other) {
  const float common = overlap(one, other);
  if (common >= overlap_min) return 1 + common;
  const float width = std::max(one.width, other.width);
  const float ratio = width / std::max(std::min(one.width, other.width), 1.0F);
  const Point middle{one.x + one.width / 2, one.y + one.height / 2};
  const float apart = distance(middle, {other.x + other.width / 2, other.y + other.height / 2}) / width;
  return ratio < size_ratio_max && apart < middle_distance_max ? 1 - apart : 0;
}

bool larger(const DetectedFace& one, const DetectedFace& other) {
  return one.box.width * one.box.height > other.box.width * other.box.height;
}

}  // namespace

Track* Tracks::nearest(const DetectedFace& face, const std::vector<TrackId>& taken) {
  Track* best = nullptr;
  float best_likeness = 0;
  for (auto& track : tracks_) {
    const float like = likeness(track.face.box, face.box);
    const bool is_taken = std::find(taken.begin(), taken.end(), track.id) != taken.end();
    if (is_taken || like <= best_likeness) continue;
    best = &track;
    best_likeness = like;
  }
  return best;
}

std::vector<Track> Tracks::see(std::vector<DetectedFace> faces, MonotonicTime now) {
  forget_before(now - patience_);
  std::sort(faces.begin(), faces.end(), larger);
  if (faces.size() > tracks_max) faces.resize(tracks_max);
  std::vector<TrackId> taken;
  std::vector<Track> seen;
  for (const auto& face : faces) {
    Track* track = nearest(face, taken);
    if (track == nullptr) track = &tracks_.emplace_back(Track{++last_id_, face, now, now});
    track->face = face;
    track->last_seen = now;
    taken.push_back(track->id);
    seen.push_back(*track);
  }
  return seen;
}

void Tracks::forget_before(MonotonicTime time) {
  std::erase_if(tracks_, [&](const Track& track) {
    if (track.last_seen >= time) return false;
    ended_.push_back(track.id);
    return true;
  });
}

std::vector<TrackId> Tracks::take_ended() {
  return std::exchange(ended_, {});
}

void Tracks::end_all() {
  for (const auto& track : tracks_) ended_.push_back(track.id);
  tracks_.clear();
}

}  // namespace sitegate::devices::face
