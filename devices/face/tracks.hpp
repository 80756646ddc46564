// Which face of this picture is which of the one before.
#pragma once
#include <cstdint>
#include <vector>

#include "devices/face/geometry.hpp"
#include "shared/base/clock.hpp"

namespace sitegate::devices::face {

using TrackId = std::uint64_t;

struct Track {
  TrackId id = 0;
  DetectedFace face;  ///< as last seen
  MonotonicTime first_seen{0};
  MonotonicTime last_seen{0};
};

/// Boxes that overlap, or whose middles are near for their size, are the same face. A track ends when its
/// face was not seen for `patience`. Concurrency: none.
class Tracks {
 public:
  static constexpr std::size_t tracks_max = 16;  ///< the largest faces; a gate's picture holds no more
  explicit Tracks(MonotonicTime patience = std::chrono::milliseconds(700)) : patience_(patience) {}

  /// The faces of one picture; times never go back. Gives the tracks that are seen in it, the largest face
  /// first.
  std::vector<Track> see(std::vector<DetectedFace> faces, MonotonicTime now);
  /// Those that ended since the last call.
  std::vector<TrackId> take_ended();
  void end_all();
  [[nodiscard]] std::size_t size() const { return tracks_.size(); }

 private:
  Track* nearest(const DetectedFace& face, const std::vector<TrackId>& taken);
  void forget_before(MonotonicTime time);

  const MonotonicTime patience_;
  TrackId last_id_ = 0;
  std::vector<Track> tracks_;
  std::vector<TrackId> ended_;
};

}  // namespace sitegate::devices::face
