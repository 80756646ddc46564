// From many sightings of a tag to one passage: whether somebody went through, and which way. Pure; time is an
// argument.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/clock.hpp"
#include "shared/model/recognition.hpp"

namespace sitegate::devices::uhf {

enum class Side : std::uint8_t { outside, inside };

struct PresenceSettings {
  /// Which antenna looks to which side. Empty: there is no order, and a read tells no direction.
  std::map<std::uint16_t, Side> sides;
  /// Without an order: a tag is read anew once it was out of view for so long.
  std::chrono::milliseconds rearm{30'000};
  /// With an order: a tag has changed sides when it was not seen on the side it came from for so long. One
  /// walks through the overlap of two antennas in about a second.
  std::chrono::milliseconds settle{1'500};
  /// A tag not seen for so long is out of view.
  std::chrono::milliseconds gone{5'000};
  /// Who is seen from both sides for longer stands between the antennas: only when he is out of view is it
  /// told where he went.
  std::chrono::milliseconds linger{10'000};
  /// Fewer reads on a side are a reflection, not a stay there.
  unsigned reads_min = 2;
  bool operator==(const PresenceSettings&) const = default;
};

/// A tag seen by one antenna.
struct Sighting {
  Bytes epc;
  std::uint16_t antenna = 0;
  unsigned count = 1;  ///< reads that the reader has summed up
  MonotonicTime at{0};
};

/// Somebody went through the gate. `at`: when he was first seen on the side he went to.
struct TagPassage {
  Bytes epc;
  std::optional<Direction> direction;
  MonotonicTime at{0};
  bool operator==(const TagPassage&) const = default;
};

/// Without an order of antennas a tag gives one passage when it comes into view, however long it stays.
///
/// With an order a passage is a change of sides. The tag comes from the side where it was first seen. It has
/// changed when the other side has seen it and the first one has not for `settle`. Who is seen on one side
/// only, who comes near and goes back, and who stands between the antennas gives none. After a first passage
/// further changes of the same tag count only by the side on which it goes out of view: who stays near the
/// gate does not go in and out all the time.
///
/// Concurrency: one thread. Limits: tags_max tags in view; then the one that would be out of view first is
/// taken for gone.
class Presence {
 public:
  static constexpr std::size_t tags_max = 100'000;

  explicit Presence(PresenceSettings settings) : settings_(std::move(settings)) {}

  /// Sightings of one tag come in the order of their time.
  void see(const Sighting& sighting);
  /// What became certain by the mere passing of time; call it at least every 0.1 s.
  void pass_time(MonotonicTime now);
  /// Nobody looked for so long (the reader was away): that time does not count as "not seen".
  void skip(MonotonicTime blind);
  /// The passages since the last call, in the order they became certain.
  std::vector<TagPassage> take();

  /// Tags seen since then.
  [[nodiscard]] std::size_t seen_since(MonotonicTime since) const;

 private:
  struct Tag {
    Side origin = Side::outside;  // the side it came from
    unsigned origin_reads = 0;
    MonotonicTime origin_last{0};
    unsigned other_reads = 0;  // on the other side, since it was last seen on this one
    MonotonicTime other_first{0};
    MonotonicTime other_last{0};
    std::optional<MonotonicTime> overlap_since;  // both sides see it
    bool crossed = false;
    MonotonicTime due{0};  // when something can become certain
    [[nodiscard]] MonotonicTime last_seen() const;
  };
  using Tags = std::map<Bytes, Tag>;

  [[nodiscard]] bool ordered() const { return !settings_.sides.empty(); }
  void see_in_order(const Sighting& sighting, Side side);
  void see_side(Tag& tag, const Sighting& sighting, Side side) const;
  [[nodiscard]] MonotonicTime due_of(const Tag& tag) const;
  void reschedule(Tags::iterator tag);
  void decide(Tags::iterator tag, MonotonicTime now);
  void cross(Tags::iterator tag);
  void forget(Tags::iterator tag);
  void make_room();

  const PresenceSettings settings_;
  Tags tags_;
  std::set<std::pair<MonotonicTime, Tags::key_type>> due_;  // by time, then tag
  std::vector<TagPassage> passages_;
};

}  // namespace sitegate::devices::uhf
