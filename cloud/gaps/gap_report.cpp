#include "cloud/gaps/gap_report.hpp"

#include <algorithm>
#include <map>

#include "cloud/gaps/quarantined_event.hpp"

namespace sitegate::cloud {
namespace {

constexpr std::size_t quarantine_page = 100;
/// Two epochs of one gateway that are heard within this are the same gateway going over from one to the
/// other.
constexpr std::chrono::minutes going_over{10};

/// Everything known of an epoch.
struct Known {
  GatewayPosition position;
  EpochReach reach;
};
using Epochs = std::map<Epoch, Known>;
using Fleet = std::map<GatewayId, Epochs>;

Result<Fleet> fleet_of(const ReadTransaction& store) {
  Fleet fleet;
  SITEGATE_TRY(positions, store.positions());
  for (auto& position : positions) {
    Known& known = fleet[position.gateway][position.epoch];
    // Where nothing else was heard, the last batch is the last word.
    known.reach.first_heard = known.reach.last_heard = position.received;
    known.position = std::move(position);
  }
  SITEGATE_TRY(reaches, store.reaches());
  for (auto& reach : reaches) fleet[reach.gateway][reach.epoch].reach = std::move(reach);
  return fleet;
}

/// When the next epoch of the gateway was first heard.
std::optional<UtcTime> ended(const Epochs& epochs, const EpochReach& reach) {
  if (const auto next = epochs.find(reach.continued_in); next != epochs.end())
    return next->second.reach.first_heard;
  std::optional<UtcTime> next;
  for (const auto& [epoch, known] : epochs) {
    const bool earlier = known.reach.continued_in == reach.epoch;  // heard of late, after a backup came back
    if (!earlier && known.reach.first_heard > reach.first_heard && (!next || known.reach.first_heard < *next))
      next = known.reach.first_heard;
  }
  return next;
}

struct Range {
  Sequence first = 0;
  Sequence through = 0;
};

/// Of a range of an epoch, what is registered neither under it nor where the gateway went on with it.
std::vector<Range> missing_of(const Epochs& epochs, Epoch epoch, Range range, std::size_t epochs_left) {
  const auto found = epochs.find(epoch);
  if (found == epochs.end()) return {range};
  const EpochReach& reach = found->second.reach;
  range.first = std::max(range.first, found->second.position.watermark + 1);
  if (range.first > range.through) return {};
  const Range on{std::max(range.first, reach.continued_from),
                 std::min(range.through, reach.continued_through)};
  if (reach.continued_in == 0 || epochs_left == 0 || on.first > on.through) return {range};
  std::vector<Range> missing;
  if (range.first < on.first) missing.push_back({range.first, on.first - 1});
  const Sequence less = reach.continued_from - 1;
  for (const Range& one :
       missing_of(epochs, reach.continued_in, {on.first - less, on.through - less}, epochs_left - 1))
    missing.push_back({one.first + less, one.through + less});
  if (range.through > on.through) missing.push_back({on.through + 1, range.through});
  return missing;
}

GapReason reason_of(Witness witness) {
  if (witness == Witness::receipt) return GapReason::promised_and_absent;
  return witness == Witness::batch ? GapReason::behind_a_gap : GapReason::not_yet_sent;
}

/// What is missing of one epoch, cut where time or witness change.
void add_gaps(const Epochs& epochs, const Known& known, Gap gap, std::vector<Gap>& gaps) {
  Sequence next = known.position.watermark + 1;
  for (const auto& mark : known.reach.marks) {
    if (mark.through < next) continue;
    gap.since = mark.since;
    gap.reason = reason_of(mark.witness);
    for (const Range& range : missing_of(epochs, gap.epoch, {next, mark.through}, epochs.size())) {
      gap.first = range.first;
      gap.through = range.through;
      gaps.push_back(gap);
    }
    next = mark.through + 1;
  }
}

/// Contradicting batches, or an epoch that goes on beside a later one.
std::optional<IdentityConflict> conflict_of(const Epochs& epochs, const EpochReach& reach, SiteId site) {
  const auto next = ended(epochs, reach);
  const bool beside = next && reach.last_heard > *next + going_over;
  if (reach.forks == 0 && !beside) return std::nullopt;
  IdentityConflict conflict{reach.gateway,   site,       reach.epoch, reach.forks, reach.first_fork,
                            reach.last_fork, reach.fork, {}};
  if (reach.forks == 0) {
    conflict.first = *next;
    conflict.last = reach.last_heard;
    conflict.detail = "epoch_beside: heard beside a later epoch of the same gateway";
  }
  for (const auto& [epoch, known] : epochs)
    if (known.reach.last_heard > conflict.first + going_over) conflict.heard_since.push_back(epoch);
  return conflict;
}

void add_gateway(const GatewayRecord& gateway, const Epochs& epochs, std::chrono::seconds quiet_after,
                 GapReport& report) {
  std::optional<UtcTime> last_heard;
  for (const auto& [epoch, known] : epochs) {
    const UtcTime heard = known.reach.last_heard;
    last_heard = std::max(last_heard.value_or(heard), heard);
    add_gaps(epochs, known, {gateway.id, gateway.site, epoch, 0, 0, {}, {}, ended(epochs, known.reach)},
             report.gaps);
    report.complete.push_back({gateway.id, gateway.site, epoch, known.position.watermark, heard});
    if (const auto conflict = conflict_of(epochs, known.reach, gateway.site))
      report.conflicts.push_back(*conflict);
  }
  const bool quiet = !last_heard || *last_heard + quiet_after < report.as_of;
  if (quiet && !gateway.revoked) report.quiet.push_back({gateway.id, gateway.site, last_heard});
}

Result<void> add_quarantine(const ReadTransaction& store, const std::map<GatewayId, SiteId>& sites,
                            GapReport& report) {
  for (std::uint64_t from = 1;;) {
    SITEGATE_TRY(items, store.quarantine(from, quarantine_page));
    if (items.empty()) return success();
    from = items.back().number + 1;
    for (const auto& item : items) {
      if (!item.decision) ++report.quarantined;
      const auto event =
          item.reason == lost_at_gateway_reason ? quarantined_event(item.source) : std::nullopt;
      if (!event) continue;
      if (item.decision) {
        ++report.given_up;
        continue;
      }
      const auto site = sites.find(event->gateway);
      report.gaps.push_back({event->gateway,
                             site == sites.end() ? SiteId{} : site->second,
                             event->epoch,
                             event->sequence,
                             event->sequence,
                             item.received,
                             GapReason::lost_at_gateway,
                             {}});
    }
  }
}

}  // namespace

std::string_view gap_reason_word(GapReason reason) {
  switch (reason) {
    case GapReason::not_yet_sent:
      return "not_yet_sent";
    case GapReason::behind_a_gap:
      return "behind_a_gap";
    case GapReason::promised_and_absent:
      return "promised_and_absent";
    case GapReason::lost_at_gateway:
      return "lost_at_gateway";
  }
  return "unknown";
}

Result<GapReport> gap_report(const ReadTransaction& store, UtcTime now, std::chrono::seconds quiet_after) {
  GapReport report;
  report.as_of = now;
  SITEGATE_TRY(fleet, fleet_of(store));
  SITEGATE_TRY(gateways, store.gateways());
  std::map<GatewayId, SiteId> sites;
  for (const auto& gateway : gateways) {
    sites.emplace(gateway.id, gateway.site);
    add_gateway(gateway, fleet[gateway.id], quiet_after, report);
  }
  SITEGATE_TRYV(add_quarantine(store, sites, report));
  std::ranges::sort(report.gaps, {},
                    [](const Gap& gap) { return std::tuple(gap.gateway, gap.epoch, gap.first); });
  return report;
}

}  // namespace sitegate::cloud
