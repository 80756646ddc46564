#include "edge/roster/roster_index.hpp"

#include <algorithm>

namespace sitegate::edge {
namespace {

/// As the index is ordered: a card whose technology is unknown to one side must still be found.
CredentialForm index_form(const Credential& credential) {
  CredentialForm form = form_of(credential);
  form.technology = CardTechnology::unknown;
  return form;
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
      by_form_.emplace(index_form(held.credential), Assignment{i, &held});
  }
  for (std::size_t i = 0; i < roster_.companies.size(); ++i)
    by_company_.emplace(roster_.companies[i].company, i);
}

std::string_view RosterIndex::company_name(CompanyId company) const {
  const auto found = by_company_.find(company);
  return found == by_company_.end() ? std::string_view() : roster_.companies[found->second].name;
}

CredentialHolders RosterIndex::find(const Credential& credential) const {
  CredentialHolders holders;
  if (const auto* named = std::get_if<TechnicianCredential>(&credential)) {
    if (const auto* technician = find(named->technician)) holders.technicians.push_back({technician, {}});
    return holders;
  }
  const auto [begin, end] = by_form_.equal_range(index_form(credential));
  for (auto it = begin; it != end; ++it) {
    const Assignment& assignment = it->second;
    if (!same_credential(credential, assignment.held->credential)) continue;
    const RosterTechnician* technician = &roster_.technicians[assignment.technician];
    const auto same =
        std::find_if(holders.technicians.begin(), holders.technicians.end(),
                     [&](const CredentialHolder& holder) { return holder.technician == technician; });
    if (same == holders.technicians.end())
      holders.technicians.push_back({technician, assignment.held->expires_on});
    else
      same->expires_on = later(same->expires_on, assignment.held->expires_on);
  }
  return holders;
}

const RosterTechnician* RosterIndex::find(TechnicianId technician) const {
  const auto found = by_technician_.find(technician);
  return found == by_technician_.end() ? nullptr : &roster_.technicians[found->second];
}

}  // namespace sitegate::edge
