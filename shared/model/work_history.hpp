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
  Method method = Method::card;        ///< of the first entry; without one, of the last exit; else as given
  StructureSnapshot structure;
  bool operator==(const WorkHistory&) const = default;
};

/// What one passage adds. The passage must be of a technician.
WorkHistory contribution(const Passage& passage, TechnicianId technician, SiteId site,
                         const StructureSnapshot& structure);

/// Joins two records of the same technician, site and work date. Commutative, associative and idempotent for
/// all values, so neither order nor repetition can change a history. Times: earliest entry, latest exit.
/// Method: of the kept entry, else of the kept exit (smaller value on a tie or without times). Structure: an
/// effective one wins; between equals, the smaller in the order of its members.
WorkHistory merge(const WorkHistory& a, const WorkHistory& b);

}  // namespace sitegate
