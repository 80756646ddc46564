// A header row, its columns by name, and what becomes of the rows behind it.
#include "shared/csv/csv_table.hpp"

#include <boost/test/unit_test.hpp>

namespace sitegate {
namespace {

constexpr Column columns[] = {{"number", Need::required, "番号 通番", "a number", {"1", "2"}},
                              {"name", Need::optional, "名前", "a name", {"a", "b"}}};

struct Read {
  std::vector<std::string> rows;  // "line:number|name" or "line!mistake"
  std::vector<std::string> notes;
  Result<void> fed = success();
  Result<void> finished = success();
};

Read read(std::string_view text, bool with_notes = false) {
  Read made;
  CsvTable::Takers takers{.row = [&](const CsvHeader& header, CsvRow&& row) {
    const auto line = std::to_string(row.line);
    made.rows.push_back(row.mistake.empty() ? line + ":" + std::string(cell_of(header, row.cells, "number")) +
                                                  "|" + std::string(cell_of(header, row.cells, "name"))
                                            : line + "!" + row.mistake);
  }};
  if (with_notes) takers.note = [&](CsvRow&& row) { made.notes.push_back(row.cells[0]); };
  CsvTable table(columns, "people", TextEncoding::detect, takers);
  made.fed = table.feed(as_bytes(text));
  made.finished = table.finish();
  return made;
}

void check_rows(const Read& made, const std::vector<std::string>& expected) {
  BOOST_TEST(made.rows == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_table)

BOOST_AUTO_TEST_CASE(columns_are_found_by_any_of_their_names) {
  check_rows(read("Name,NUMBER\nx,1\n"), {"2:1|x"});
  check_rows(read("名前,通番\nx,1\n"), {"2:1|x"});
  check_rows(read("番号,remark\n 1 ,y\n"), {"2:1|"});
}

BOOST_AUTO_TEST_CASE(rows_of_another_size_are_said_to_be_so) {
  check_rows(read("number,name\n1\n2,b\n3,c,\n4,d,x\n"),
             {"2!has 1 fields, the header has 2", "3:2|b", "4:3|c", "5!has 3 fields, the header has 2"});
}

BOOST_AUTO_TEST_CASE(a_file_without_a_usable_header_is_an_error) {
  BOOST_TEST(is(read("").finished.error(), CsvErrc::empty));
  BOOST_TEST(is(read("name\nx\n").finished.error(), CsvErrc::missing_column));
  BOOST_TEST(is(read("number,番号\n1,1\n").finished.error(), CsvErrc::duplicate_column));
  BOOST_TEST(is(read("number,\"name\n").finished.error(), CsvErrc::unsupported_text));
  BOOST_TEST(is(read(std::string("\xff\xfe\x61\x00", 4)).fed.error(), CsvErrc::unsupported_text));
}

BOOST_AUTO_TEST_CASE(notes_are_rows_only_where_nobody_takes_them) {
  const auto with = read("#a,1\nnumber,name\n1,x\n#b\n2,y\n", true);
  check_rows(with, {"3:1|x", "5:2|y"});
  BOOST_TEST(with.notes == (std::vector<std::string>{"#a", "#b"}), boost::test_tools::per_element());
  BOOST_TEST(is(read("#a,1\nnumber,name\n").finished.error(), CsvErrc::missing_column));
}

BOOST_AUTO_TEST_CASE(examples_read_back_and_cells_quote) {
  check_rows(read(example_csv(columns)), {"2:1|a", "3:2|b"});
  BOOST_TEST(quoted_cell("a \"b\", c") == "\"a \"\"b\"\", c\"");
  check_rows(read("number,name\n1," + quoted_cell("a \"b\",\nc") + "\n"), {"2:1|a \"b\",\nc"});
  BOOST_TEST(shown_cell(std::string(50, 'x')) == "\"" + std::string(40, 'x') + "…\"");
  BOOST_TEST(shown_cell(std::string(39, 'x') + "青") == "\"" + std::string(39, 'x') + "…\"");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate
