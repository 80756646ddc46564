// CSV text of unknown origin: rows and their line numbers do not depend on the blocks in which it is read.
#include <algorithm>

#include "shared/base/error.hpp"
#include "shared/csv/csv_rows.hpp"

namespace sitegate {
namespace {

std::vector<CsvRow> rows_of(ByteView text, std::size_t block_size) {
  TextDecoder decoder(TextEncoding::detect);
  decoder.detect(text);
  std::vector<CsvRow> rows;
  CsvRows reader(decoder, [&rows](CsvRow&& row) { rows.push_back(std::move(row)); });
  while (!text.empty()) {
    const auto block = text.first(std::min(block_size, text.size()));
    reader.feed(block);
    text = text.subspan(block.size());
  }
  reader.finish();
  return rows;
}

void check_row(const CsvRow& row) {
  SITEGATE_ASSERT(row.line >= 1);
  SITEGATE_ASSERT(row.cells.empty() != row.mistake.empty() || !row.mistake.empty());
  std::size_t row_size = 0;
  for (const auto& cell : row.cells) {
    SITEGATE_ASSERT(is_utf8(as_bytes(cell)));
    row_size += cell.size();
  }
  SITEGATE_ASSERT(row_size <= csv_row_size_max);
}

bool same(const CsvRow& a, const CsvRow& b) {
  return a.line == b.line && a.cells == b.cells && a.mistake == b.mistake;
}

}  // namespace
}  // namespace sitegate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  const auto rows = rows_of({data, size}, size + 1);
  std::for_each(rows.begin(), rows.end(), check_row);
  const auto in_pieces = rows_of({data, size}, 3);
  SITEGATE_ASSERT(std::equal(rows.begin(), rows.end(), in_pieces.begin(), in_pieces.end(), same));
  return 0;
}
