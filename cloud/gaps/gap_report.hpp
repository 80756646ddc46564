// The missing-record report: which passages the cloud knows of and does not have, and up to where it has
// everything.
#pragma once
#include "cloud/store/store.hpp"

namespace sitegate::cloud {

enum class GapReason {
  not_yet_sent,         ///< the gateway has recorded it (health message)
  behind_a_gap,         ///< a batch behind it came
  promised_and_absent,  ///< the gateway holds a receipt: this store is older than what was promised
  lost_at_gateway,      ///< the gateway's disk could not give it back
};
std::string_view gap_reason_word(GapReason reason);

struct Gap {
  GatewayId gateway;
  SiteId site;
  Epoch epoch = 0;
  Sequence first = 0;
  Sequence through = 0;
  UtcTime since{};  ///< since when it is known to be missing
  GapReason reason = GapReason::not_yet_sent;
  /// Since when another epoch of the same gateway is heard (a new outbox, or one that was restored or
  /// cloned): this one's may never come by itself.
  std::optional<UtcTime> epoch_ended;
};

/// Everything of the epoch up to `through` is registered or in the quarantine list; so the gateway said
/// `as_of`.
struct CompleteThrough {
  GatewayId gateway;
  SiteId site;
  Epoch epoch = 0;
  Sequence through = 0;
  UtcTime as_of{};
};

/// Signed batches that contradict one another, or two epochs that go on beside one another: two gateways with
/// one identity, or one that came back from an old copy of its disk.
struct IdentityConflict {
  GatewayId gateway;
  SiteId site;
  Epoch epoch = 0;
  std::uint64_t times = 0;
  UtcTime first{};
  UtcTime last{};
  std::string detail;
  std::vector<Epoch> heard_since;  ///< epochs of the gateway that were heard after the first contradiction
  [[nodiscard]] bool two_gateways() const { return heard_since.size() > 1; }
};

struct QuietGateway {
  GatewayId gateway;
  SiteId site;
  std::optional<UtcTime> last_heard;  ///< unset: never
};

struct GapReport {
  UtcTime as_of{};
  std::vector<Gap> gaps;
  std::vector<CompleteThrough> complete;
  std::vector<IdentityConflict> conflicts;
  std::vector<QuietGateway>
      quiet;  ///< never heard of, or not since the time asked for; revoked ones are left out
  std::uint64_t quarantined =
      0;  ///< entries of the quarantine list that nobody has decided on, whatever their reason
  /// Passages that a gateway's disk had lost and that an operator has written off: no gap any more, and
  /// listed with who said so (QuarantineDecision).
  std::uint64_t given_up = 0;
  [[nodiscard]] bool nothing_missing() const { return gaps.empty(); }
};

/// Reads positions, reaches, gateways and the quarantine list. `quiet_after`: a gateway that was not heard
/// for so long is listed apart.
Result<GapReport> gap_report(const ReadTransaction& store, UtcTime now, std::chrono::seconds quiet_after);

}  // namespace sitegate::cloud
