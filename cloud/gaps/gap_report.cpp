#include "cloud/gaps/gap_report.hpp"

#include <algorithm>
#include <charconv>
#include <map>

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
  std::optional<UtcTime> next;
  for (const auto& [epoch, known] : epochs)
    if (known.reach.first_heard > reach.first_heard && (!next || known.reach.first_heard < *next))
      next = known.reach.first_heard;
  return next;
}

GapReason reason_of(Witness witness) {
  if (witness == Witness::receipt) return GapReason::promised_and_absent;
  return witness == Witness::batch ? GapReason::behind_a_gap : GapReason::not_yet_sent;
}

/// What is missing of one epoch, cut where time or witness change.
void add_gaps(const Known& known, Gap gap, std::vector<Gap>& gaps) {
  gap.first = known.position.watermark + 1;
  for (const auto& mark : known.reach.marks) {
    if (mark.through < gap.first) continue;
    gap.through = mark.through;
    gap.since = mark.since;
    gap.reason = reason_of(mark.witness);
    gaps.push_back(gap);
    gap.first = mark.through + 1;
  }
}

IdentityConflict conflict_of(const Epochs& epochs, const EpochReach& reach, SiteId site) {
  IdentityConflict conflict{reach.gateway,   site,       reach.epoch, reach.forks, reach.first_fork,
                            reach.last_fork, reach.fork, {}};
  for (const auto& [epoch, known] : epochs)
    if (known.reach.last_heard > reach.first_fork + going_over) conflict.heard_since.push_back(epoch);
  return conflict;
}

void add_gateway(const GatewayRecord& gateway, const Epochs& epochs, std::chrono::seconds quiet_after,
                 GapReport& report) {
  std::optional<UtcTime> last_heard;
  for (const auto& [epoch, known] : epochs) {
    const UtcTime heard = known.reach.last_heard;
    last_heard = std::max(last_heard.value_or(heard), heard);
    add_gaps(known, {gateway.id, gateway.site, epoch, 0, 0, {}, {}, ended(epochs, known.reach)}, report.gaps);
    report.complete.push_back({gateway.id, gateway.site, epoch, known.position.watermark, heard});
    if (known.reach.forks > 0) report.conflicts.push_back(conflict_of(epochs, known.reach, gateway.site));
  }
  const bool quiet = !last_heard || *last_heard + quiet_after < report.as_of;
  if (quiet && !gateway.revoked) report.quiet.push_back({gateway.id, gateway.site, last_heard});
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "gateway/epoch/sequence", as ingest names a single passage.
std::optional<EventId> event_of(std::string_view source) {
  const auto last = source.rfind('/');
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const auto middle = source.rfind('/', last - 1);
  if (middle == std::string_view::npos) return std::nullopt;
  const auto gateway = GatewayId::parse(source.substr(0, middle));
  const auto epoch = number_of(source.substr(middle + 1, last - middle - 1));
  const auto sequence = number_of(source.substr(last + 1));
  if (!gateway || !epoch || !sequence) return std::nullopt;
  return EventId{*gateway, *epoch, *sequence};
}

Result<void> add_quarantine(const ReadTransaction& store, const std::map<GatewayId, SiteId>& sites,
                            GapReport& report) {
  for (std::uint64_t from = 1;;) {
    SITEGATE_TRY(items, store.quarantine(from, quarantine_page));
    if (items.empty()) return success();
    from = items.back().number + 1;
    report.quarantined += items.size();
    for (const auto& item : items) {
      const auto event = item.reason == lost_at_gateway_reason ? event_of(item.source) : std::nullopt;
      if (!event) continue;
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
