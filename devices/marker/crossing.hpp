// From markers in pictures to people who pass: presence, and direction by movement across the picture. Pure.
#pragma once
#include <chrono>
#include <map>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/civil_time.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::marker {

/// Which way people move in the picture when they come in.
enum class EntryMoves : std::uint8_t {
  unsaid,  ///< a marker seen is a read; its direction is the place's rule
  right,
  left,
  down,
  up
};

struct CrossingRule {
  EntryMoves entry = EntryMoves::unsaid;
  /// Across the way of movement: 0 is the left or upper edge of the picture, 1 the right or lower.
  float line = 0.5F;
  /// How far beyond the line, on either side, a marker must have been: as a part of the picture's width or
  /// height. Who stands on the line and turns around does not pass.
  float beyond = 0.05F;
  /// Without a direction: in so many pictures, so that no single misreading is a person.
  int pictures_min = 2;
  /// A marker out of sight for so long has left: the next sight of it is another coming.
  std::chrono::milliseconds gone_after{2'000};
};

struct Crossing {
  MarkerCredential marker;
  std::optional<Direction> direction;
  MonotonicTime at{0};
  bool operator==(const Crossing&) const = default;
};

/// Not thread-safe.
class Crossings {
 public:
  explicit Crossings(CrossingRule rule) : rule_(rule) {}

  /// `place`: the marker's centre, 0 to 1 from left to right and from top to bottom. A crossing, if this
  /// sight makes one.
  std::optional<Crossing> see(const MarkerCredential& marker, cv::Point2f place, MonotonicTime now);
  /// Forgets who has left.
  void expire(MonotonicTime now);
  [[nodiscard]] std::size_t in_view() const { return tracks_.size(); }

 private:
  /// Before and behind the line, seen in the direction of an entry.
  enum class Side : std::uint8_t { unknown, before, behind };
  struct Track {
    MonotonicTime last{0};
    int pictures = 0;
    bool read = false;
    Side side = Side::unknown;
  };
  static constexpr std::size_t tracks_max = 2'000;  // more than both families have

  [[nodiscard]] Side side_of(cv::Point2f place) const;
  std::optional<Crossing> by_sight(const MarkerCredential& marker, Track& track) const;
  std::optional<Crossing> by_line(const MarkerCredential& marker, Track& track, Side side) const;

  const CrossingRule rule_;
  std::map<MarkerCredential, Track> tracks_;
};

}  // namespace sitegate::devices::marker
