// A CSV file with a header row: columns found by name, and each row of it good or with the reason why not.
#pragma once
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.hpp"
#include "shared/csv/csv_rows.hpp"
#include "shared/csv/text_encoding.hpp"

namespace sitegate {

enum class CsvErrc {
  empty = 1,         ///< no header row
  unsupported_text,  ///< UTF-16, or bytes that are no text
  missing_column,    ///< the header lacks a required column
  duplicate_column,  ///< the header names a column twice
};
const char* errc_category(CsvErrc);
std::string_view errc_text(CsvErrc);

enum class Need : std::uint8_t { required, optional };

struct Column {
  std::string_view name;
  Need need = Need::required;
  std::string_view also;     ///< other names, separated by spaces
  std::string_view meaning;  ///< in one line
  std::array<std::string_view, 2> examples;
};

struct CsvHeader {
  std::map<std::string_view, std::size_t> cell_of;  ///< by the name of the column
  std::vector<std::string> ignored;
  std::size_t cell_count = 0;
};

/// Names in any order and case, spaces or hyphens for underscores. `what` stands in the error: "companies".
/// CsvErrc::missing_column, duplicate_column.
Result<CsvHeader> match_header(std::span<const Column> columns, std::string_view what,
                               const std::vector<std::string>& cells);

/// A small valid file, UTF-8.
std::string example_csv(std::span<const Column> columns);
/// One line for each column: name, other names, whether it is required, meaning.
std::string column_help(std::span<const Column> columns);

/// Without spaces (also full-width ones) at both ends.
std::string_view trimmed(std::string_view text);
/// The trimmed cell of a column; empty if the header or the row lacks it.
std::string_view cell_of(const CsvHeader& header, const std::vector<std::string>& cells,
                         std::string_view column);
/// At most 40 bytes of a cell in quotes, whole characters: for a person to find it by.
std::string shown_cell(std::string_view cell);
/// Between quotes, quotes doubled (RFC 4180, section 2): any text as one cell of a file that we write.
std::string quoted_cell(std::string_view text);

/// Reads such a file in a stream, block by block; what is wrong with a single row is said in its `mistake`.
class CsvTable {
 public:
  struct Takers {
    /// Every row behind the header; `mistake` set: it cannot be used.
    std::function<void(const CsvHeader&, CsvRow&&)> row;
    /// Rows whose first cell begins with '#', wherever they stand. Empty: such rows are rows as any other.
    std::function<void(CsvRow&&)> note = {};
  };
  /// `columns` must outlive the table; `what` is what the file holds, for errors.
  CsvTable(std::span<const Column> columns, std::string what, TextEncoding encoding, Takers takers);
  CsvTable(const CsvTable&) = delete;
  CsvTable& operator=(const CsvTable&) = delete;

  /// The first block decides about the encoding: a mebibyte is plenty. After an error nothing more is taken.
  Result<void> feed(ByteView block);
  /// The input has ended. CsvErrc::empty if there was no header.
  Result<void> finish();

  /// nullopt before the header was read.
  [[nodiscard]] const std::optional<CsvHeader>& header() const { return header_; }
  /// As used; detect: the text was plain ASCII.
  [[nodiscard]] TextEncoding encoding() const { return decoder_.encoding(); }

 private:
  void take(CsvRow&& row);
  void take_header(const CsvRow& row);
  [[nodiscard]] bool wrong_size(const CsvRow& row) const;

  // Constant after construction.
  const std::span<const Column> columns_;
  const std::string what_;
  const Takers takers_;

  TextDecoder decoder_;
  CsvRows rows_{decoder_, [this](CsvRow&& row) { take(std::move(row)); }};
  bool begun_ = false;
  std::optional<CsvHeader> header_;
  std::optional<Error> failed_;
};

}  // namespace sitegate
