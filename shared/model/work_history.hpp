// A work history (就業履歴): one technician × one site × one work date. Many passages make one.
#pragma once
#include <optional>

#include "shared/model/passage.hpp"
#include "shared/model/registry.hpp"

namespace sitegate {

/// What the contract structure said of the technician when the passage was registered.
struct StructureSnapshot {
  CompanyId company;      ///< unset: on no roster of the site
  std::uint8_t tier = 0;  ///< 次数: 0 prime contractor, 1 first subcontractor, …
  TradeCode trade = 0;
  Position position = Position::none;
  /// Counts for the ability evaluation: company and every company above it approved in the contract
  /// structure, and the roster entry carries trade and position.
  bool effective = false;
  auto operator<=>(const StructureSnapshot&) const = default;
};

struct WorkHistory {
  TechnicianId technician;
  SiteId site;
  WorkDate work_date{};
  std::optional<UtcTime> first_entry;  ///< whole seconds
  std::optional<UtcTime> last_exit;    ///< whole seconds
  Method method = Method::card;        ///< of the first entry; without an entry, of the last exit
  StructureSnapshot structure;
  bool operator==(const WorkHistory&) const = default;
};

/// What one passage adds. The passage must be of a technician.
WorkHistory contribution(const Passage& passage, TechnicianId technician, SiteId site,
                         const StructureSnapshot& structure);

/// Joins two records of the same technician, site and work date. Commutative, associative and idempotent (a
/// semilattice join), so neither order nor repetition of passages can change a history.
/// Times: earliest entry, latest exit. Method: of the kept entry (smaller value on a tie), else of the kept
/// exit. Structure: an effective one wins; between equals, the smaller in the order of its members.
WorkHistory merge(const WorkHistory& a, const WorkHistory& b);

}  // namespace sitegate
