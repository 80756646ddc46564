#include "edge/roster/roster_index.hpp"

#include <algorithm>

namespace sitegate::edge {
namespace {

bool compatible(CardTechnology a, CardTechnology b) {
  return a == b || a == CardTechnology::unknown || b == CardTechnology::unknown;
}

/// No date means for ever.
std::optional<Date> later(std::optional<Date> a, std::optional<Date> b) {
  if (!a || !b) return std::nullopt;
  return std::max(*a, *b);
}

}  // namespace

RosterIndex::RosterIndex(SiteRoster roster) : roster_(std::move(roster)) {
  for (std::size_t i = 0; i < roster_.technicians.size(); ++i) {
    const RosterTechnician& technician = roster_.technicians[i];
    by_technician_.emplace(technician.technician, i);
    for (const RosterCredential& held : technician.credentials)
      if (const auto* card = std::get_if<CardCredential>(&held.credential))
        by_uid_.emplace(card->uid, Assignment{i, card->technology, held.expires_on});
  }
}

CardHolders RosterIndex::find_by_card(const CardCredential& card) const {
  CardHolders holders;
  const auto [begin, end] = by_uid_.equal_range(card.uid);
  for (auto it = begin; it != end; ++it) {
    const Assignment& assignment = it->second;
    if (!compatible(card.technology, assignment.technology)) continue;
    const RosterTechnician* technician = &roster_.technicians[assignment.technician];
    const auto same = std::find_if(holders.technicians.begin(), holders.technicians.end(),
                                   [&](const CardHolder& holder) { return holder.technician == technician; });
    if (same == holders.technicians.end())
      holders.technicians.push_back({technician, assignment.expires_on});
    else
      same->expires_on = later(same->expires_on, assignment.expires_on);
  }
  return holders;
}

const RosterTechnician* RosterIndex::find(TechnicianId technician) const {
  const auto found = by_technician_.find(technician);
  return found == by_technician_.end() ? nullptr : &roster_.technicians[found->second];
}

}  // namespace sitegate::edge
