// From a file's touches to events with a time, a place and an identity of their own: what both the gateway
// and the cloud's import begin with.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "shared/touches/deployments.hpp"
#include "shared/touches/touch_file.hpp"

namespace sitegate::touches {

/// Where a touch counts.
struct TouchPlace {
  SiteId site;  ///< unset: the importing gateway's own
  std::string gate;
  std::optional<Direction> direction;  ///< of the place
  bool operator==(const TouchPlace&) const = default;
};

struct PreparedTouch {
  Touch touch;
  UtcTime time{};                                       ///< corrected
  ClockState clock_state = ClockState::unsynchronised;  ///< synchronised: the clock was measured
  TouchPlace place;
  std::optional<Direction> direction;  ///< the reader's own key, else the place's; empty: whichever fits
  std::string key;                     ///< the same touch has the same key in every file, no other has it
};

struct Preparation {
  std::vector<PreparedTouch> good;  ///< by time, then line
  std::vector<BadTouch> bad;        ///< by line: those of the file and those found here
  std::vector<ClockSummary> clocks;
  std::vector<std::string> unmeasured;  ///< readers whose clock nobody measured
};

struct PreparationOptions {
  /// Beside those in the file: from earlier imports, from the command line.
  std::vector<ClockMeasurement> measurements;
  /// nullptr: all touches count at `place`.
  const Deployments* deployments = nullptr;
  TouchPlace place;
  /// Given together with `deployments`: touches bound to another site are bad rows that say where they
  /// belong.
  std::optional<SiteId> only_site;
  std::chrono::minutes utc_offset{540};  ///< of the sites: a deployment's dates are theirs
  UtcTime now{};                         ///< a touch cannot be later
};

/// "logger/BLR-0007/17/20230731T075210": reader, running number and the reader's own time. The time stands in
/// it because a reader whose memory was cleared may count from 1 again. At most 96 bytes.
std::string event_key(const Touch& touch);

/// Pure. Bad are also: a touch later than now, one before an unexplained step back of the reader's clock, one
/// of a reader that stood nowhere, and one whose number is there already with another card.
Preparation prepare(const TouchFile& file, const PreparationOptions& options);

}  // namespace sitegate::touches
