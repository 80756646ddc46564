// A roster made ready for questions at the gate. Immutable after construction: any thread.
#pragma once
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "shared/model/site_roster.hpp"

namespace sitegate::edge {

struct CredentialHolder {
  const RosterTechnician* technician = nullptr;  ///< lives as long as the index
  std::optional<Date> expires_on;                ///< of the credential; where two entries name it, the later
};

/// Who may hold a credential.
struct CredentialHolders {
  std::vector<CredentialHolder> technicians;  ///< different ones: none, one, or (ambiguous) more
};

class RosterIndex {
 public:
  /// Knows nobody, and the default settings.
  RosterIndex() = default;
  explicit RosterIndex(SiteRoster roster);
  RosterIndex(const RosterIndex&) = delete;
  RosterIndex& operator=(const RosterIndex&) = delete;

  /// By same_credential(); a technician named directly is found if he is on the roster.
  [[nodiscard]] CredentialHolders find(const Credential& credential) const;
  /// nullptr if not on it.
  [[nodiscard]] const RosterTechnician* find(TechnicianId technician) const;
  /// Of the company for which somebody works here; empty if it is not known.
  [[nodiscard]] std::string_view company_name(CompanyId company) const;
  /// False if no roster was ever received.
  [[nodiscard]] bool known() const { return roster_.version > 0; }
  [[nodiscard]] const SiteRoster& roster() const { return roster_; }
  [[nodiscard]] const SiteSettings& settings() const { return roster_.settings; }

 private:
  struct Assignment {
    std::size_t technician;        // position in roster_.technicians
    const RosterCredential* held;  // in roster_
  };
  // Constant after construction.
  SiteRoster roster_;
  std::multimap<CredentialForm, Assignment> by_form_;  // technology left out
  std::unordered_map<TechnicianId, std::size_t> by_technician_;
  std::unordered_map<CompanyId, std::size_t> by_company_;
};

}  // namespace sitegate::edge
