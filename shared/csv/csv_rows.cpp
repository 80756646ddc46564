#include "shared/csv/csv_rows.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/error.hpp"

namespace sitegate {
namespace {

// Beyond this, lines swallowed by a mistake are given up with it, so that no file can make reading quadratic.
constexpr std::size_t replay_size_max = 16 * 1024 * 1024;
constexpr unsigned char parser_options = CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool all_empty(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return cell.empty(); });
}

}  // namespace

CsvRows::CsvRows(TextDecoder& decoder, Take take) : decoder_(decoder), take_(std::move(take)) {
  SITEGATE_ASSERT(csv_init(&parser_, parser_options) == 0);
}

CsvRows::~CsvRows() {
  csv_free(&parser_);
}

void CsvRows::feed(ByteView bytes) {
  while (!bytes.empty()) {
    if (after_carriage_return_) {
      after_carriage_return_ = false;
      if (bytes.front() == '\n') {
        add_to_line(bytes.first(1));
        bytes = bytes.subspan(1);
      }
      end_line();
      continue;
    }
    const auto end =
        std::find_if(bytes.begin(), bytes.end(), [](auto byte) { return byte == '\n' || byte == '\r'; });
    const bool ended = end != bytes.end();
    const auto size = static_cast<std::size_t>(end - bytes.begin()) + (ended ? 1 : 0);
    after_carriage_return_ = ended && *end == '\r';
    add_to_line(bytes.first(size));
    bytes = bytes.subspan(size);
    if (ended && !after_carriage_return_) end_line();
  }
}

void CsvRows::finish() {
  if (!line_.empty() || line_too_long_) end_line();
  // A quote that is still open swallowed what stands behind it: parse those lines again without its line.
  while (!row_lines_.empty()) {
    if (csv_fini(&parser_, take_cell, take_row_end, this) == 0) return end_row();
    give_up("a quoted field that begins here never ends");
    while (!waiting_.empty()) parse_next();
  }
}

void CsvRows::add_to_line(ByteView part) {
  if (line_.size() + part.size() > csv_row_size_max) line_too_long_ = true;
  if (!line_too_long_) line_.insert(line_.end(), part.begin(), part.end());
}

void CsvRows::end_line() {
  const auto number = line_number_++;
  const Bytes bytes = std::exchange(line_, {});
  if (std::exchange(line_too_long_, false)) {
    if (!row_lines_.empty()) give_up("a quoted field that begins here never ends");
    while (!waiting_.empty()) parse_next();
    take_({number, {}, "the line is longer than 64 KiB"});
    return;
  }
  ByteView view = bytes;
  if (number == 1 && as_text(view).starts_with(byte_order_mark)) view = view.subspan(byte_order_mark.size());
  auto decoded = decoder_.decode(view);
  waiting_.push_back({number, std::move(decoded.text), decoded.damaged});
  while (!waiting_.empty()) parse_next();
}

void CsvRows::parse_next() {
  Line line = std::move(waiting_.front());
  waiting_.pop_front();
  if (row_lines_.empty() && is_blank(line.text)) return;
  row_size_ += line.text.size();
  row_lines_.push_back(std::move(line));
  const auto& text = row_lines_.back().text;
  if (row_lines_.back().damaged)
    mistake_ = "bytes that are no " + std::string(to_text(decoder_.encoding())) + " text";
  if (row_size_ > csv_row_size_max)
    return give_up("the row is longer than 64 KiB; is a closing quote missing?");
  const auto parsed = csv_parse(&parser_, text.data(), text.size(), take_cell, take_row_end, this);
  if (parsed < text.size()) return give_up("a quote stands inside a field; write \"\" for a quote");
  if (row_ended_) end_row();
}

/// Reports the line the row began on; the lines behind it get another chance.
void CsvRows::give_up(const std::string& mistake) {
  const auto line = row_lines_.front().number;
  const auto again = row_size_ - row_lines_.front().text.size();
  if (replayed_ + again <= replay_size_max) {
    replayed_ += again;
    waiting_.insert(waiting_.begin(), std::make_move_iterator(row_lines_.begin() + 1),
                    std::make_move_iterator(row_lines_.end()));
  }
  csv_free(&parser_);
  SITEGATE_ASSERT(csv_init(&parser_, parser_options) == 0);
  clear_row();
  take_({line, {}, mistake});
}

void CsvRows::end_row() {
  CsvRow row{row_lines_.front().number, std::move(cells_), std::move(mistake_)};
  clear_row();
  if (row.mistake.empty() && all_empty(row.cells)) return;
  take_(std::move(row));
}

void CsvRows::clear_row() {
  row_lines_.clear();
  row_size_ = 0;
  cells_.clear();
  mistake_.clear();
  row_ended_ = false;
}

void CsvRows::take_cell(void* bytes, std::size_t size, void* self) {
  auto& rows = *static_cast<CsvRows*>(self);
  if (size > csv_field_size_max)
    rows.mistake_ = "field " + std::to_string(rows.cells_.size() + 1) + " is longer than 4 KiB";
  rows.cells_.emplace_back(static_cast<const char*>(bytes), std::min(size, csv_field_size_max));
}

void CsvRows::take_row_end(int, void* self) {
  static_cast<CsvRows*>(self)->row_ended_ = true;
}

}  // namespace sitegate
