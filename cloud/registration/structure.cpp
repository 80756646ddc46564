#include "cloud/registration/structure.hpp"

namespace sitegate::cloud {
namespace {

/// Deeper than any contract chain; a circle ends here.
constexpr int tier_max = 32;

}  // namespace

ContractStructure::ContractStructure(CompanyId prime_contractor,
                                     const std::vector<ContractStructureEntry>& entries)
    : prime_contractor_(prime_contractor) {
  for (const auto& entry : entries) links_[entry.company] = {entry.upper_company, entry.approved};
}

std::optional<std::uint8_t> ContractStructure::tier_of(CompanyId company) const {
  for (int tier = 0; tier <= tier_max; ++tier) {
    const auto link = links_.find(company);
    if (link == links_.end() || !link->second.approved) return std::nullopt;
    if (!link->second.upper) {
      if (company != prime_contractor_) return std::nullopt;
      return static_cast<std::uint8_t>(tier);
    }
    company = *link->second.upper;
  }
  return std::nullopt;
}

StructureSnapshot snapshot_of(const ContractStructure& structure, const std::optional<RosterEntry>& entry,
                              WorkDate date) {
  if (!entry || date < entry->from || date > entry->until) return {};
  StructureSnapshot snapshot{
      .company = entry->company, .tier = 0, .trade = 0, .position = Position::none, .effective = false};
  const auto tier = structure.tier_of(entry->company);
  if (!tier) return snapshot;
  snapshot.tier = *tier;
  snapshot.trade = entry->trade;
  snapshot.position = entry->position;
  snapshot.effective = entry->trade != 0 && entry->position != Position::none;
  return snapshot;
}

}  // namespace sitegate::cloud
