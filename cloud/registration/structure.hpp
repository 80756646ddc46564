// What a site's contract structure (施工体制) says of a technician on a date.
#pragma once
#include <map>
#include <optional>

#include "cloud/store/store.hpp"

namespace sitegate::cloud {

/// One site's contract structure, made ready for questions. Immutable after construction.
class ContractStructure {
 public:
  ContractStructure() = default;
  ContractStructure(CompanyId prime_contractor, const std::vector<ContractStructureEntry>& entries);

  /// The tier of a company (0 = prime contractor) if it and every company above it, up to the site's prime
  /// contractor, is in the structure and approved; nullopt where the chain is broken, ends at another company
  /// or runs in a circle.
  [[nodiscard]] std::optional<std::uint8_t> tier_of(CompanyId company) const;

 private:
  struct Link {
    std::optional<CompanyId> upper;
    bool approved;
  };
  CompanyId prime_contractor_;
  std::map<CompanyId, Link> links_;
};

/// The snapshot that goes into a history. No roster entry in force on `date`: empty. An incomplete chain
/// above the company: the company alone, without trade and position. Effective: complete, with trade and
/// position.
StructureSnapshot snapshot_of(const ContractStructure& structure, const std::optional<RosterEntry>& entry,
                              WorkDate date);

}  // namespace sitegate::cloud
