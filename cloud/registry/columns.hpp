// The columns of each kind of file, and the header row that names them.
#pragma once
#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "cloud/registry/import.hpp"

namespace sitegate::cloud {

enum class Need : std::uint8_t { required, optional };

struct Column {
  std::string_view name;
  Need need = Need::required;
  std::string_view also;     ///< other names, separated by spaces
  std::string_view meaning;  ///< in one line
  std::array<std::string_view, 2> examples;
};
std::span<const Column> columns_of(ImportKind kind);

struct Header {
  std::map<std::string_view, std::size_t> cell_of;  ///< by the name of the column
  std::vector<std::string> ignored;
  std::size_t cell_count = 0;
};

/// Names in any order and case, spaces or hyphens for underscores. ImportErrc::missing_column,
/// duplicate_column.
Result<Header> match_header(ImportKind kind, const std::vector<std::string>& cells);

/// Without spaces (also full-width ones) at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace sitegate::cloud
