// The columns of each kind of file.
#pragma once
#include <span>

#include "cloud/registry/import.hpp"
#include "shared/csv/csv_table.hpp"

namespace sitegate::cloud {

std::span<const Column> columns_of(ImportKind kind);

}  // namespace sitegate::cloud
