// What a gateway needs to know of its site: whom to expect, by which credentials, under which settings.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/registry.hpp"

namespace sitegate {

struct RosterCredential {
  Credential credential;
  std::optional<Date> expires_on;
  bool operator==(const RosterCredential&) const = default;
};

struct RosterTechnician {
  TechnicianId technician;
  std::string name;  ///< shown at the gate; may be empty
  Date from{};
  Date until{};
  std::vector<RosterCredential> credentials;
  std::optional<CompanyId> company{};  ///< for which the technician works at this site, where that is told
  bool operator==(const RosterTechnician&) const = default;
};

struct RosterCompany {
  CompanyId company;
  std::string name;  ///< may be empty
  bool operator==(const RosterCompany&) const = default;
};

/// A full roster replaces what was there. A delta (base_version > 0) applies only on exactly that version.
struct SiteRoster {
  SiteId site;
  std::uint64_t version = 0;
  std::uint64_t base_version = 0;  ///< 0: full
  Date opens_on{};
  Date closes_on{};
  SiteSettings settings;
  std::vector<RosterTechnician> technicians;  ///< full: everyone; delta: those added or changed
  std::vector<TechnicianId> removed;          ///< delta only
  std::vector<RosterCompany> companies{};     ///< of the technicians listed, by ID; each once
  bool operator==(const SiteRoster&) const = default;
};

}  // namespace sitegate
