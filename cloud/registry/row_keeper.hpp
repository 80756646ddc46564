// Puts a row's record into the store, unless it is there already or refers to what is not.
#pragma once
#include <optional>
#include <vector>

#include "cloud/registry/row_values.hpp"

namespace sitegate::cloud {

enum class Kept : std::uint8_t { imported, unchanged, refused };

class RowKeeper {
 public:
  RowKeeper(ImportKind kind, StructureOwner structure_owner)
      : kind_(kind), structure_owner_(structure_owner) {}
  /// refused: row.bad() says why, nothing was changed. Errors are the store's.
  Result<Kept> keep(WriteTransaction& store, RowValues& row);

 private:
  Result<Kept> keep_company(WriteTransaction& store, RowValues& row);
  Result<Kept> keep_technician(WriteTransaction& store, RowValues& row);
  Result<Kept> keep_site(WriteTransaction& store, RowValues& row);
  Result<Kept> keep_structure(WriteTransaction& store, RowValues& row);
  Result<Kept> keep_roster(WriteTransaction& store, RowValues& row);
  Result<Kept> keep_credential(WriteTransaction& store, RowValues& row);
  Result<std::vector<ContractStructureEntry>*> structure_of(const WriteTransaction& store, SiteId site);

  const ImportKind kind_;
  const StructureOwner structure_owner_;
  SiteId structure_site_;  // of structure_: rows of a site stand together
  std::vector<ContractStructureEntry> structure_;
};

}  // namespace sitegate::cloud
