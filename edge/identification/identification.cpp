#include "edge/identification/identification.hpp"

namespace sitegate::edge {
namespace {

Evidence evidence_of(const CredentialRead& read) {
  return {read.method, read.confidence, read.body_temperature_c};
}

bool within(WorkDate date, Date first, Date last) {
  return first <= date && date <= last;
}

Admission admission_of(const CredentialHolder& holder, const SiteRoster& roster, WorkDate work_date) {
  if (!within(work_date, roster.opens_on, roster.closes_on)) return Admission::site_closed;
  if (!within(work_date, holder.technician->from, holder.technician->until)) return Admission::not_on_roster;
  if (holder.expires_on && work_date > *holder.expires_on) return Admission::credential_expired;
  return Admission::admitted;
}

}  // namespace

std::string_view to_text(UnidentifiedReason reason) {
  switch (reason) {
    case UnidentifiedReason::unknown_credential:
      return "unknown_credential";
    case UnidentifiedReason::ambiguous_credential:
      return "ambiguous_credential";
    case UnidentifiedReason::no_roster:
      return "no_roster";
    case UnidentifiedReason::code_damaged:
      return "code_damaged";
    case UnidentifiedReason::code_forged:
      return "code_forged";
    case UnidentifiedReason::code_expired:
      return "code_expired";
    case UnidentifiedReason::code_not_yet_valid:
      return "code_not_yet_valid";
    case UnidentifiedReason::code_wrong_site:
      return "code_wrong_site";
    case UnidentifiedReason::code_not_allowed:
      return "code_not_allowed";
    case UnidentifiedReason::code_overused:
      return "code_overused";
  }
  return "invalid";
}

Identified identify(const CredentialRead& read, const RosterIndex& roster, WorkDate work_date) {
  const auto unidentified = [&](UnidentifiedReason reason) {
    return Unidentified{reason, {evidence_of(read)}};
  };
  if (!roster.known()) return unidentified(UnidentifiedReason::no_roster);
  const auto holders = roster.find(read.credential).technicians;
  if (holders.empty()) return unidentified(UnidentifiedReason::unknown_credential);
  if (holders.size() > 1) return unidentified(UnidentifiedReason::ambiguous_credential);
  const CredentialHolder& holder = holders.front();
  return Identification{holder.technician->technician,
                        holder.technician->name,
                        admission_of(holder, roster.roster(), work_date),
                        {evidence_of(read)}};
}

}  // namespace sitegate::edge
