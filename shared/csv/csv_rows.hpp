// CSV (RFC 4180) by libcsv, with the line numbers of the file and a way on after every mistake. UTF-8 inside.
#pragma once
#include <csv.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "shared/csv/text_encoding.hpp"

namespace sitegate {

inline constexpr std::size_t csv_field_size_max = 4 * 1024;
inline constexpr std::size_t csv_row_size_max = 64 * 1024;

/// A row, or what is wrong with the lines that should have been one.
struct CsvRow {
  std::uint64_t line = 0;  ///< where it begins, from 1
  std::vector<std::string> cells;
  std::string mistake;  ///< empty: the row is good
};

/// Lines end with LF, CR LF or CR. Empty lines and rows of nothing but empty cells are passed over. After a
/// mistake (a quote that never ends, too long a row) the line it began on is given up and reading goes on
/// with the one behind it.
class CsvRows {
 public:
  using Take = std::function<void(CsvRow&&)>;
  CsvRows(TextDecoder& decoder, Take take);
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;
  ~CsvRows();

  void feed(ByteView bytes);
  /// The input has ended.
  void finish();

 private:
  struct Line {
    std::uint64_t number = 0;
    std::string text;  // UTF-8, with its end of line
    bool damaged = false;
  };
  void add_to_line(ByteView part);
  void end_line();
  void parse_next();
  void give_up(const std::string& mistake);
  void end_row();
  void clear_row();
  static void take_cell(void* bytes, std::size_t size, void* self);
  static void take_row_end(int terminator, void* self);

  TextDecoder& decoder_;
  const Take take_;
  csv_parser parser_{};

  // the line being collected
  Bytes line_;
  std::uint64_t line_number_ = 1;
  bool line_too_long_ = false;
  bool after_carriage_return_ = false;

  // the row being parsed
  std::deque<Line> waiting_;     // lines to parse (again)
  std::vector<Line> row_lines_;  // of the row, so far
  std::size_t row_size_ = 0;
  std::vector<std::string> cells_;
  std::string mistake_;
  bool row_ended_ = false;
  std::size_t replayed_ = 0;  // bytes parsed again after mistakes
};

}  // namespace sitegate
