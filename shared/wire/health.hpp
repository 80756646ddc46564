// How a gateway is.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/error.hpp"
#include "shared/base/ids.hpp"

namespace sitegate::wire {

struct ReaderHealth {
  std::string id;
  std::string state;  ///< for people
  std::uint64_t reads = 0;
  std::uint64_t errors = 0;
  std::optional<UtcTime> last_read;
  bool operator==(const ReaderHealth&) const = default;
};

/// What the gateway still holds receipts for under an epoch that it has ended: a cloud that came back from a
/// backup can ask for it.
struct EndedReach {
  Epoch epoch = 0;
  Sequence receipted_through = 0;
  bool operator==(const EndedReach&) const = default;
};
inline constexpr std::size_t ended_epochs_max = 16;

struct Health {
  GatewayId gateway;
  Epoch epoch = 0;
  SiteId site;
  std::string software_version;
  UtcTime time{};
  ClockState clock_state = ClockState::unknown;
  std::uint64_t roster_version = 0;  ///< 0: none held
  Sequence sequence_last = 0;
  Sequence sealed_through = 0;
  Sequence receipted_through = 0;
  std::uint64_t outbox_used_bytes = 0;
  std::uint64_t outbox_map_bytes = 0;
  std::vector<ReaderHealth> readers;  ///< at most 64
  std::string problem;                ///< empty when all is well
  std::vector<EndedReach> ended{};    ///< at most ended_epochs_max, oldest first
  bool operator==(const Health&) const = default;
};

inline constexpr std::size_t health_size_max = 64 * 1024;
inline constexpr std::size_t readers_max = 64;

/// Texts that are too long for the wire are cut.
Bytes encode(const Health& health);
Result<Health> decode_health(ByteView bytes);

}  // namespace sitegate::wire
