// RFC 4180 rows with the line numbers of the file, and the way on after mistakes.
#include <boost/test/unit_test.hpp>

#include "shared/csv/csv_rows.hpp"

using namespace sitegate;

namespace {

std::vector<CsvRow> rows_of(std::string_view text, std::size_t block = 1 << 20,
                            TextEncoding encoding = TextEncoding::detect) {
  TextDecoder decoder(encoding);
  decoder.detect(as_bytes(text));
  std::vector<CsvRow> rows;
  CsvRows reader(decoder, [&](CsvRow&& row) { rows.push_back(std::move(row)); });
  for (auto bytes = as_bytes(text); !bytes.empty(); bytes = bytes.subspan(std::min(block, bytes.size())))
    reader.feed(bytes.first(std::min(block, bytes.size())));
  reader.finish();
  return rows;
}

/// "line:cell|cell" or "line!mistake", rows separated by spaces.
std::string shape(const std::vector<CsvRow>& rows) {
  std::string text;
  for (const auto& row : rows) {
    text += (text.empty() ? "" : " ") + std::to_string(row.line);
    if (!row.mistake.empty()) {
      text += "!";
      continue;
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) text += (i == 0 ? ":" : "|") + row.cells[i];
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_rows)

BOOST_AUTO_TEST_CASE(line_ends_of_all_kinds) {
  for (const auto* text : {"a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\rc,d\r", "a,b\nc,d", "a,b\r\nc,d\r"})
    BOOST_TEST(shape(rows_of(text)) == "1:a|b 2:c|d");
}

BOOST_AUTO_TEST_CASE(size_of_the_blocks_does_not_matter) {
  const std::string text = "id,name\r\n1,\"two\r\nlines, \"\"quoted\"\"\"\r\n\r\n2,x\r\n\"3\",\"\"";
  const auto whole = shape(rows_of(text));
  BOOST_TEST(whole == "1:id|name 2:1|two\r\nlines, \"quoted\" 5:2|x 6:3|");
  for (std::size_t block = 1; block < 12; ++block) BOOST_TEST(shape(rows_of(text, block)) == whole);
}

BOOST_AUTO_TEST_CASE(empty_lines_and_empty_rows_are_passed_over) {
  BOOST_TEST(shape(rows_of("\n\na,b\n  \t\n,,\n\nc,d\n")) == "3:a|b 7:c|d");
  BOOST_TEST(rows_of("").empty());
  BOOST_TEST(rows_of("\n").empty());
}

BOOST_AUTO_TEST_CASE(byte_order_mark_is_no_part_of_the_first_cell) {
  BOOST_TEST(shape(rows_of("\xef\xbb\xbfid\n1\n")) == "1:id 2:1");
}

BOOST_AUTO_TEST_CASE(quote_inside_a_field_costs_one_line) {
  const auto rows = rows_of("a,b\n1,x\"y\n2,z\n");
  BOOST_TEST(shape(rows) == "1:a|b 2! 3:2|z");
  BOOST_TEST(rows[1].mistake.find("quote") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(quote_that_never_ends_costs_one_line) {
  BOOST_TEST(shape(rows_of("a,b\n1,\"x\n2,y\n3,z\n")) == "1:a|b 2! 3:2|y 4:3|z");
}

BOOST_AUTO_TEST_CASE(two_quotes_that_never_end_cost_two_lines) {
  BOOST_TEST(shape(rows_of("1,\"x\n2,y\n3,\"z\n4,w\n")) == "1! 2:2|y 3! 4:4|w");
}

BOOST_AUTO_TEST_CASE(open_quote_before_a_long_rest_costs_one_line) {
  std::string text = "1,\"x\n";
  for (int i = 0; i < 20'000; ++i) text += "22,abcdefgh\n";
  const auto rows = rows_of(text);
  BOOST_TEST(rows.size() == 20'001U);
  BOOST_TEST(!rows.front().mistake.empty());
  BOOST_TEST(rows.back().line == 20'001U);
}

BOOST_AUTO_TEST_CASE(too_long_lines_rows_and_fields) {
  const std::string field(csv_field_size_max, 'x');
  BOOST_TEST(rows_of("a," + field + "\n")[0].mistake.empty());
  BOOST_TEST(rows_of("a," + field + "x\n")[0].mistake == "field 2 is longer than 4 KiB");
  const std::string line(csv_row_size_max + 1, 'x');
  BOOST_TEST(shape(rows_of("a\n" + line + "\nb\n", 1000)) == "1:a 2! 3:b");
  BOOST_TEST(shape(rows_of("a\n\"q\n" + line + "\nb\n", 1000)) == "1:a 2! 3! 4:b");
}

BOOST_AUTO_TEST_CASE(hostile_quotes_do_not_make_reading_quadratic) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += i % 2 == 0 ? "\"a\n" : "b\n";
  std::uint64_t last = 0;
  const auto rows = rows_of(text);
  for (const auto& row : rows) {
    BOOST_TEST_REQUIRE(row.line > last);
    last = row.line;
  }
  BOOST_TEST(rows.size() > 1'000U);
}

BOOST_AUTO_TEST_CASE(cp932_is_found_and_decoded) {
  const std::string text =
      "id,name\n1,\x90\xc2\x8b\xf3\x8c\x9a\x90\xdd\n2,\x95\x5c\x8e\xa6\n";  // 青空建設, 表示
  BOOST_TEST(shape(rows_of(text)) == "1:id|name 2:1|青空建設 3:2|表示");
}

BOOST_AUTO_TEST_CASE(one_damaged_line_does_not_change_the_encoding) {
  const auto rows = rows_of("id,name\n1,\xff\xfe\n2,青空\n3,建設\n");
  BOOST_TEST(shape(rows) == "1:id|name 2! 3:2|青空 4:3|建設");
  const auto forced = rows_of("1,\x90\xc2\n2,x\n", 100, TextEncoding::utf8);
  BOOST_TEST(shape(forced) == "1! 2:2|x");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(text_encoding)

BOOST_AUTO_TEST_CASE(utf8_is_what_rfc_3629_says) {
  for (const auto* good : {"", "abc", "é", "青", "𠮷", "\xf4\x8f\xbf\xbf"})
    BOOST_TEST(is_utf8(as_bytes(good)));
  for (const auto* bad :
       {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe9\x9d", "\xf8"})
    BOOST_TEST(!is_utf8(as_bytes(bad)));
}

BOOST_AUTO_TEST_CASE(the_first_line_that_is_not_ascii_decides_late) {
  TextDecoder decoder(TextEncoding::detect);
  decoder.detect(as_bytes("plain\n"));
  BOOST_TEST((decoder.encoding() == TextEncoding::detect));
  BOOST_TEST(decoder.decode(as_bytes("\x90\xc2")).text == "青");
  BOOST_TEST((decoder.encoding() == TextEncoding::cp932));
}

BOOST_AUTO_TEST_SUITE_END()
