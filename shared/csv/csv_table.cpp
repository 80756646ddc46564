#include "shared/csv/csv_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace sitegate {
namespace {

/// "Technician ID" -> "technician_id"; Japanese names as they are.
std::string normal_name(std::string_view text) {
  std::string name(trimmed(text));
  for (auto& letter : name) {
    if (letter == ' ' || letter == '-') letter = '_';
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return name;
}

bool is_named(const Column& column, const std::string& name) {
  if (column.name == name) return true;
  std::string_view rest = column.also;
  while (!rest.empty()) {
    const auto word = rest.substr(0, rest.find(' '));
    if (normal_name(word) == name) return true;
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  return false;
}

std::string quoted_list(const std::vector<std::string>& names) {
  return names.empty() ? "nothing" : fmt::format("\"{}\"", fmt::join(names, "\", \""));
}

}  // namespace

const char* errc_category(CsvErrc) {
  return "csv";
}

std::string_view errc_text(CsvErrc what) {
  switch (what) {
    case CsvErrc::empty:
      return "the file is empty";
    case CsvErrc::unsupported_text:
      return "the file is no CSV text";
    case CsvErrc::missing_column:
      return "a required column is missing";
    case CsvErrc::duplicate_column:
      return "a column is there twice";
  }
  return "unknown";
}

Result<CsvHeader> match_header(std::span<const Column> columns, std::string_view what,
                               const std::vector<std::string>& cells) {
  CsvHeader header;
  header.cell_count = cells.size();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto name = normal_name(cells[i]);
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const Column& column) { return is_named(column, name); });
    if (found == columns.end()) {
      header.ignored.push_back(cells[i]);
    } else if (!header.cell_of.emplace(found->name, i).second) {
      return fail(
          CsvErrc::duplicate_column,
          fmt::format("\"{}\" names column {} a second time; leave one of them", cells[i], found->name));
    }
  }
  for (const auto& column : columns)
    if (column.need == Need::required && !header.cell_of.contains(column.name))
      return fail(CsvErrc::missing_column,
                  fmt::format("{}{} for {}; the first row has {}", column.name,
                              column.also.empty() ? "" : fmt::format(" ({})", column.also), what,
                              quoted_list(cells)));
  return header;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view wide_space = "　";
  const auto is_space = [](char letter) {
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
  };
  while (!text.empty() && (is_space(text.front()) || text.starts_with(wide_space)))
    text.remove_prefix(is_space(text.front()) ? 1 : wide_space.size());
  while (!text.empty() && (is_space(text.back()) || text.ends_with(wide_space)))
    text.remove_suffix(is_space(text.back()) ? 1 : wide_space.size());
  return text;
}

std::string_view cell_of(const CsvHeader& header, const std::vector<std::string>& cells,
                         std::string_view column) {
  const auto found = header.cell_of.find(column);
  if (found == header.cell_of.end() || found->second >= cells.size()) return {};
  return trimmed(cells[found->second]);
}

std::string shown_cell(std::string_view cell) {
  constexpr std::size_t size_max = 40;
  if (cell.size() <= size_max) return fmt::format("\"{}\"", cell);
  std::size_t size = size_max;
  while (size > 0 && (static_cast<unsigned char>(cell[size]) & 0xc0) == 0x80) --size;
  return fmt::format("\"{}…\"", cell.substr(0, size));
}

std::string quoted_cell(std::string_view text) {
  std::string cell = "\"";
  for (const char letter : text) cell.append(letter == '"' ? 2 : 1, letter);
  return cell + '"';
}

std::string example_csv(std::span<const Column> columns) {
  std::vector<std::string_view> names;
  std::array<std::vector<std::string_view>, 2> rows;
  for (const auto& column : columns) {
    names.push_back(column.name);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(column.examples[i]);
  }
  return fmt::format("{}\n{}\n{}\n", fmt::join(names, ","), fmt::join(rows[0], ","), fmt::join(rows[1], ","));
}

std::string column_help(std::span<const Column> columns) {
  std::string text;
  for (const auto& column : columns)
    text += fmt::format("  {:<28}{}{}{}{}\n", column.name, column.need == Need::required ? "required; " : "",
                        column.meaning, column.also.empty() ? "" : "; also: ", column.also);
  return text;
}

CsvTable::CsvTable(std::span<const Column> columns, std::string what, TextEncoding encoding, Takers takers)
    : columns_(columns), what_(std::move(what)), takers_(std::move(takers)), decoder_(encoding) {}

Result<void> CsvTable::feed(ByteView block) {
  if (!std::exchange(begun_, true)) {
    const auto text = as_text(block);
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
      failed_ =
          fail(CsvErrc::unsupported_text, "this is UTF-16; save the file as UTF-8 or Shift_JIS (CP932) CSV");
    decoder_.detect(block);
  }
  if (!failed_) rows_.feed(block);
  if (failed_) return *failed_;
  return success();
}

Result<void> CsvTable::finish() {
  if (!failed_) rows_.finish();
  if (failed_) return *failed_;
  if (!header_) return fail(CsvErrc::empty, fmt::format("the first row must name the columns of {}", what_));
  return success();
}

void CsvTable::take(CsvRow&& row) {
  if (failed_) return;
  if (takers_.note && !row.cells.empty() && trimmed(row.cells[0]).starts_with('#'))
    return takers_.note(std::move(row));
  if (!header_) return take_header(row);
  if (row.mistake.empty() && wrong_size(row))
    row.mistake = fmt::format("has {} fields, the header has {}", row.cells.size(), header_->cell_count);
  takers_.row(*header_, std::move(row));
}

void CsvTable::take_header(const CsvRow& row) {
  if (!row.mistake.empty()) {
    failed_ = fail(CsvErrc::unsupported_text, fmt::format("line {}, the header: {}", row.line, row.mistake));
    return;
  }
  auto header = match_header(columns_, what_, row.cells);
  if (header)
    header_ = std::move(header).value();
  else
    failed_ = header.error();
}

/// Empty fields beyond the header are spreadsheet dust.
bool CsvTable::wrong_size(const CsvRow& row) const {
  if (row.cells.size() <= header_->cell_count) return row.cells.size() < header_->cell_count;
  return std::any_of(row.cells.begin() + static_cast<std::ptrdiff_t>(header_->cell_count), row.cells.end(),
                     [](const std::string& cell) { return !trimmed(cell).empty(); });
}

}  // namespace sitegate
