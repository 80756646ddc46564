#include "shared/touches/touch_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "shared/csv/cell_values.hpp"
#include "shared/touches/reader_time.hpp"

namespace sitegate::touches {
namespace {

using enum Need;

constexpr Column columns[] = {
    {"number", required, "番号 通番", "running number of the reader, from 1", {"1", "2"}},
    {"card_uid",
     required,
     "カードID IDm UID",
     "hexadecimal, 1 to 16 bytes",
     {"0114b34d2a0f6c81", "04:a2:5b:6c"}},
    {"technology",
     optional,
     "方式 カード方式",
     "iso14443a, iso14443b, felica; default unknown",
     {"felica", "iso14443a"}},
    {"reader_clock",
     required,
     "日時 時刻 リーダー時刻",
     "by the reader's clock: 2023-07-31 07:52:10, local or with zone",
     {"2023-07-31 07:52:10", "2023-07-31 17:03:44"}},
    {"reader_id",
     required,
     "リーダーID 端末番号",
     "1 to 40 letters, digits and hyphens",
     {"BLR-0007", "BLR-0007"}},
    {"direction", optional, "入退場", "entry 入場, exit 退場; empty: by the place", {"", "exit"}},
};

constexpr std::string_view clock_note = "#clock";

/// One file from its first byte to its last.
class Parser {
 public:
  explicit Parser(const TouchFileOptions& options) : options_(options) {}

  Result<TouchFile> parse(ByteView bytes) {
    CsvTable table(columns, "a logging reader's touches", options_.encoding,
                   {.row = [this](const CsvHeader& header, CsvRow&& row) { take_row(header, row); },
                    .note = [this](CsvRow&& row) { take_note(row); }});
    SITEGATE_TRYV(table.feed(bytes));
    SITEGATE_TRYV(table.finish());
    file_.ignored_columns = table.header()->ignored;
    file_.encoding = table.encoding();
    return std::move(file_);
  }

 private:
  void refuse(std::uint64_t line, std::string_view column, std::string reason) {
    file_.bad.push_back({line, std::string(column), std::move(reason)});
  }

  void take_row(const CsvHeader& header, const CsvRow& row) {
    ++file_.rows;
    if (!row.mistake.empty()) return refuse(row.line, {}, row.mistake);
    const auto bad_before = file_.bad.size();
    auto touch = touch_of(header, row);
    if (file_.bad.size() == bad_before) file_.touches.push_back(std::move(touch));
  }

  /// Says at most one thing of a row: the first cell that is wrong.
  Touch touch_of(const CsvHeader& header, const CsvRow& row) {
    const auto cell = [&](std::string_view column) { return cell_of(header, row.cells, column); };
    Touch touch;
    touch.line = row.line;
    bool good = true;
    const auto need = [&](bool holds, std::string_view column, std::string_view what) {
      if (good && !holds) refuse(row.line, column, fmt::format("{}: {}", what, shown_cell(cell(column))));
      good = good && holds;
    };
    const auto number = cell("number");
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), touch.number);
    need(error == std::errc{} && end == number.data() + number.size() && touch.number > 0, "number",
         "is no running number from 1");
    const auto uid = parse_credential_value(CredentialKind::card, cell("card_uid"));
    need(uid && !uid->empty() && uid->size() <= card_uid_size_max, "card_uid",
         "is not 1 to 16 bytes in hexadecimal");
    const auto word = cell("technology");
    const auto technology = parse_card_technology(word.empty() ? "unknown" : lower_case(word));
    need(technology.has_value(), "technology", "is none of iso14443a, iso14443b, felica, unknown");
    const auto time = parse_reader_time(cell("reader_clock"), options_.utc_offset);
    need(time.has_value(), "reader_clock", "is no time like 2023-07-31 07:52:10");
    need(is_reader_id(cell("reader_id")), "reader_id", "is no reader ID (1 to 40 letters, digits, hyphens)");
    const auto direction = parse_touch_direction(cell("direction"));
    need(direction.has_value(), "direction", "is neither entry, exit nor empty");
    if (!good) return touch;
    touch.card = {*technology, *uid};
    touch.reader_time = *time;
    touch.reader_id = cell("reader_id");
    touch.direction = *direction;
    return touch;
  }

  /// #clock,<reader id>,<reader's clock>,<our clock>[,set]; any other note is a remark.
  void take_note(const CsvRow& row) {
    std::vector<std::string_view> cells;
    for (const auto& cell : row.cells) cells.push_back(trimmed(cell));
    if (cells[0] != clock_note) return;
    while (!cells.empty() && cells.back().empty()) cells.pop_back();
    if (!row.mistake.empty() || cells.size() < 4 || cells.size() > 5 ||
        (cells.size() == 5 && cells[4] != "set"))
      return refuse(row.line, clock_note, "is not #clock,<reader>,<its clock>,<our clock>[,set]");
    const auto reader = parse_reader_time(cells[2], options_.utc_offset);
    const auto actual = parse_reader_time(cells[3], options_.utc_offset);
    if (!reader || !actual || !is_reader_id(cells[1]))
      return refuse(row.line, clock_note, "has a reader ID or a time that cannot be read");
    file_.measurements.push_back({std::string(cells[1]), *reader, *actual, cells.size() == 5});
  }

  const TouchFileOptions& options_;
  TouchFile file_;
};

}  // namespace

const char* errc_category(TouchErrc) {
  return "touches";
}

std::string_view errc_text(TouchErrc what) {
  switch (what) {
    case TouchErrc::unreadable:
      return "the file of touches cannot be read";
    case TouchErrc::too_large:
      return "the file of touches is too large; split it";
  }
  return "unknown";
}

std::span<const Column> touch_columns() {
  return columns;
}

std::string example_touch_file() {
  return "#clock,BLR-0007,2023-07-31 18:00:05,2023-07-31T18:00:00+09:00\n" + example_csv(columns);
}

bool is_reader_id(std::string_view text) {
  return !text.empty() && text.size() <= reader_id_size_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
         });
}

std::optional<std::optional<Direction>> parse_touch_direction(std::string_view word) {
  if (word.empty()) return std::optional<Direction>{};
  const auto known = lower_case(word);
  if (known == "entry" || known == "入場" || known == "入") return std::optional(Direction::entry);
  if (known == "exit" || known == "退場" || known == "退") return std::optional(Direction::exit);
  return std::nullopt;
}

Result<TouchFile> parse_touch_file(ByteView file, const TouchFileOptions& options) {
  if (file.size() > touch_file_size_max)
    return fail(TouchErrc::too_large, fmt::format("{} bytes, at most {}", file.size(), touch_file_size_max));
  return Parser(options).parse(file);
}

Result<TouchFile> load_touch_file(const std::filesystem::path& file, const TouchFileOptions& options) {
  std::error_code code;
  const auto size = std::filesystem::file_size(file, code);
  if (code) return fail(TouchErrc::unreadable, file.string() + ": " + code.message());
  if (size > touch_file_size_max)
    return fail(TouchErrc::too_large,
                fmt::format("{}: {} bytes, at most {}", file.string(), size, touch_file_size_max));
  std::ifstream in(file, std::ios::binary);
  const Bytes bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || bytes.size() != size) return fail(TouchErrc::unreadable, file.string());
  return parse_touch_file(bytes, options);
}

}  // namespace sitegate::touches
