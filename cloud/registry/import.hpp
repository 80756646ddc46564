// Registry data from CSV files: every good row is kept, every bad one is reported with line, column and
// reason.
//
// The columns of each kind stand in README.md and in example_csv(). Files are read in a stream: any size, at
// most 64 KiB a row and 4 KiB a field. Importing the same file twice changes nothing. References must exist,
// so the order is companies, technicians, sites, contract structures, rosters, credentials.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/store/store.hpp"
#include "shared/base/bytes.hpp"
#include "shared/csv/text_encoding.hpp"

namespace sitegate::cloud {

enum class ImportKind : std::uint8_t {
  companies,
  technicians,
  sites,
  contract_structures,
  rosters,
  credentials
};
inline constexpr std::array all_import_kinds{ImportKind::companies, ImportKind::technicians,
                                             ImportKind::sites,     ImportKind::contract_structures,
                                             ImportKind::rosters,   ImportKind::credentials};
/// "companies", …, "contract_structures": the words of the command line.
std::string_view to_text(ImportKind kind);
std::optional<ImportKind> parse_import_kind(std::string_view text);

/// A small valid file of the kind, UTF-8. The examples of all kinds refer to each other.
std::string example_csv(ImportKind kind);
/// One line for each column: name, Japanese names, whether it is required, meaning.
std::string column_help(ImportKind kind);

/// What is wrong with the file as a whole is said by CsvErrc.
enum class ImportErrc {
  unreadable = 1  ///< the file cannot be opened or read
};
const char* errc_category(ImportErrc);
std::string_view errc_text(ImportErrc);

struct BadRow {
  std::uint64_t line = 0;  ///< of the file, from 1: where the row begins
  std::string column;      ///< empty: the row as a whole
  std::string reason;
  bool operator==(const BadRow&) const = default;
};
inline constexpr std::size_t bad_rows_kept_max = 10'000;

struct ImportProgress {
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
  std::uint64_t rows_good = 0;
  std::uint64_t rows_bad = 0;
};

/// A contract structure entry belongs to whoever registered it first (CCUS or a linked system).
enum class StructureOwner : std::uint8_t {
  keep,      ///< a row of another `registered_by` is a bad row
  take_over  ///< it replaces the entry
};

struct ImportOptions {
  TextEncoding encoding = TextEncoding::detect;
  StructureOwner structure_owner = StructureOwner::keep;
  std::uint64_t commit_rows = 50'000;                           ///< rows in a transaction, at least 1
  std::function<void(const ImportProgress&)> on_progress = {};  ///< about every 64 KiB; may be empty
  std::function<void(const BadRow&)> on_bad_row = {};           ///< each one, in order; may be empty
};

struct ImportResult {
  std::uint64_t rows = 0;  ///< data rows: imported + unchanged + refused
  std::uint64_t imported = 0;
  std::uint64_t unchanged = 0;  ///< already there, exactly so
  std::uint64_t refused = 0;
  std::vector<BadRow> bad_rows;                  ///< the first bad_rows_kept_max of them
  std::vector<std::string> ignored_columns;      ///< of the header, unknown
  TextEncoding encoding = TextEncoding::detect;  ///< as used; detect: the text was plain ASCII
};

/// Errors end the import (ImportErrc, CsvErrc and the store's); what was committed before stays.
Result<ImportResult> import_file(Store& store, ImportKind kind, const std::filesystem::path& file,
                                 const ImportOptions& options = {});
Result<ImportResult> import_bytes(Store& store, ImportKind kind, ByteView bytes,
                                  const ImportOptions& options = {});

}  // namespace sitegate::cloud
