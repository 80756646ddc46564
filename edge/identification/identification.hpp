// From a credential to a person of the site's roster.
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "edge/roster/roster_index.hpp"
#include "shared/model/passage.hpp"

namespace sitegate::edge {

/// A technician of the roster, and whether he may pass on that work date.
struct Identification {
  TechnicianId technician;
  std::string name;  ///< as on the roster; may be empty
  Admission admission = Admission::admitted;
  std::vector<Evidence> evidence;
  bool operator==(const Identification&) const = default;
};

enum class UnidentifiedReason : std::uint8_t {
  unknown_credential,    ///< nobody on the roster has it
  ambiguous_credential,  ///< several technicians have it
  no_roster,             ///< the gateway has never received a roster
  // Of a technician's code (edge/codes), before anybody was looked for:
  code_damaged,
  code_forged,
  code_expired,
  code_not_yet_valid,
  code_wrong_site,
  code_not_allowed,  ///< the site does not take codes of this kind
  code_overused,     ///< more often, or at more gates, than the site allows
};
std::string_view to_text(UnidentifiedReason reason);

struct Unidentified {
  UnidentifiedReason reason = UnidentifiedReason::unknown_credential;
  std::vector<Evidence> evidence;
  bool operator==(const Unidentified&) const = default;
};

using Identified = std::variant<Identification, Unidentified>;

/// An outcome, never an error. `work_date` is the date the passage would count to: roster entries, the site's
/// period and the credential's expiry are all judged on it.
Identified identify(const CredentialRead& read, const RosterIndex& roster, WorkDate work_date);

}  // namespace sitegate::edge
