// The form of a logging reader's file: columns, encodings, clock rows, and every bad row with line and
// reason.
#include "shared/touches/touch_file.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "shared/touches/touch_report.hpp"
#include "tests/shared/touches/touches_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::touches {

namespace {

TouchFile parsed(std::string_view text) {
  auto file = parse_touch_file(as_bytes(text));
  if (!file) BOOST_FAIL(file.error().text());
  return std::move(file).value();
}

const std::string header = "number,card_uid,technology,reader_clock,reader_id,direction\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(touch_file)

BOOST_AUTO_TEST_CASE(every_part_of_a_row) {
  const auto file = parsed(header + "17,01:14:B3:4d-2a0f6c81,FeliCa,2023-07-31 07:52:10,BLR-0007,exit\n");
  BOOST_TEST(file.rows == 1U);
  BOOST_REQUIRE(file.touches.size() == 1U);
  BOOST_TEST((file.touches[0] == Touch{2,
                                       17,
                                       "BLR-0007",
                                       {CardTechnology::felica, *from_hex("0114b34d2a0f6c81")},
                                       at("2023-07-31 07:52:10"),
                                       Direction::exit}));
}

BOOST_AUTO_TEST_CASE(optional_columns_may_be_missing) {
  const auto file = parsed("reader_id,number,reader_clock,card_uid\nR,1,2023-07-31T07:52:10Z,0102\n");
  BOOST_REQUIRE(file.touches.size() == 1U);
  BOOST_TEST((file.touches[0].card.technology == CardTechnology::unknown));
  BOOST_TEST(!file.touches[0].direction);
}

BOOST_AUTO_TEST_CASE(japanese_names_in_cp932_and_in_utf8_with_a_byte_order_mark) {
  // 番号,カードID,日時,端末番号,入退場 / 1,0102,2023/7/31 7:52,R,入場 in Windows-31J
  const auto cp932 = parsed(
      "\x94\xd4\x8d\x86,\x83\x4a\x81\x5b\x83\x68ID,\x93\xfa\x8e\x9e,\x92\x5b\x96\x96\x94\xd4\x8d\x86,"
      "\x93\xfc\x91\xde\x8f\xea\r\n1,0102,2023/7/31 7:52,R,\x93\xfc\x8f\xea\r\n");
  const auto utf8 =
      parsed("\xef\xbb\xbf番号,カードID,日時,端末番号,入退場\r\n1,0102,2023/7/31 7:52,R,入場\r\n");
  BOOST_TEST((cp932.encoding == TextEncoding::cp932));
  BOOST_TEST((utf8.encoding == TextEncoding::utf8));
  BOOST_REQUIRE(cp932.touches.size() == 1U);
  BOOST_TEST((cp932.touches == utf8.touches));
  BOOST_TEST((cp932.touches[0].direction == Direction::entry));
}

BOOST_AUTO_TEST_CASE(clock_rows_are_measurements_and_other_notes_are_remarks) {
  const auto file =
      parsed("#clock,R-1,2023-07-31 18:00:05,2023-07-31T09:00:00Z\n# fetched by hand, on Monday\n" + header +
             "#clock,R-1,2023-08-01 18:00:05,2023-08-01 18:00:00,set,\n1,0102,,2023-07-31 07:52:10,R-1,\n");
  BOOST_TEST(file.bad.empty());
  BOOST_TEST(file.touches.size() == 1U);
  BOOST_REQUIRE(file.measurements.size() == 2U);
  BOOST_TEST((file.measurements[0] == measured("2023-07-31 18:00:05", "2023-07-31 18:00:00")));
  BOOST_TEST((file.measurements[1] == measured("2023-08-01 18:00:05", "2023-08-01 18:00:00", true)));
}

BOOST_AUTO_TEST_CASE(every_bad_row_is_named_and_good_ones_are_kept) {
  const auto file = parsed(header +
                           "1,0102,felica,2023-07-31 07:52:10,R,\n"
                           "0,0102,felica,2023-07-31 07:52:10,R,\n"
                           "x,0102,felica,2023-07-31 07:52:10,R,\n"
                           "2,,felica,2023-07-31 07:52:10,R,\n"
                           "3,0102030405060708090a0b0c0d0e0f1011,felica,2023-07-31 07:52:10,R,\n"
                           "4,0102,nfc,2023-07-31 07:52:10,R,\n"
                           "5,0102,felica,yesterday,R,\n"
                           "6,0102,felica,2023-07-31 07:52:10,R/1,\n"
                           "7,0102,felica,2023-07-31 07:52:10,R,up\n"
                           "8,0102,felica\n"
                           "9,\"01\"02,felica,2023-07-31 07:52:10,R,\n"
                           "#clock,R,soon,2023-07-31 07:52:10\n"
                           "#clock,R\n"
                           "99999999999999999999,0102,felica,2023-07-31 07:52:10,R,\n"
                           "10,0102,felica,2023-07-31 07:52:10,R,\n");
  const std::vector<std::string> expected{
      "3 number",     "4 number", "5 card_uid", "6 card_uid", "7 technology", "8 reader_clock", "9 reader_id",
      "10 direction", "11 ",      "12 ",        "13 #clock",  "14 #clock",    "15 number"};
  BOOST_TEST(places(file.bad) == expected, boost::test_tools::per_element());
  BOOST_TEST(file.rows == 13U);
  BOOST_REQUIRE(file.touches.size() == 2U);
  BOOST_TEST(file.touches[1].number == 10U);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_none_is_an_error) {
  BOOST_TEST(is(parse_touch_file({}).error(), CsvErrc::empty));
  BOOST_TEST(is(parse_touch_file(as_bytes("number,card_uid\n1,01\n")).error(), CsvErrc::missing_column));
  BOOST_TEST(is(load_touch_file("/nowhere/touches.csv").error(), TouchErrc::unreadable));
}

BOOST_AUTO_TEST_CASE(a_line_of_a_megabyte_costs_one_row) {
  const std::string row = "1,0102,felica,2023-07-31 07:52:10,R,\n";
  const auto file = parsed(header + std::string(1 << 20, 'x') + "\n" + row + std::string(1 << 20, '\0') +
                           "\n" + "2" + row.substr(1));
  BOOST_TEST(places(file.bad) == (std::vector<std::string>{"2 ", "4 "}), boost::test_tools::per_element());
  BOOST_TEST(file.touches.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_example_is_a_good_file) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "example.csv") << example_touch_file();
  const auto file = load_touch_file(folder / "example.csv").value();
  BOOST_TEST(file.touches.size() == 2U);
  BOOST_TEST(file.measurements.size() == 1U);
  BOOST_TEST(file.bad.empty());
}

BOOST_AUTO_TEST_CASE(readme_names_every_column) {
  std::ifstream in(std::string(std::getenv("SITEGATE_SOURCE")) + "/shared/touches/README.md");
  std::ostringstream readme;
  readme << in.rdbuf();
  for (const auto columns : {touch_columns(), deployment_columns()})
    for (const auto& column : columns)
      BOOST_TEST(readme.str().find(column.name) != std::string::npos, column.name);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::touches
