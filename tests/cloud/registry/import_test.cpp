// Files into the registry through the real store: good rows are kept, bad rows are named by line, column and
// reason.
#include "cloud/registry/import.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "cloud/registry/columns.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::cloud;

namespace {

struct Fixture {
  tests::TemporaryFolder folder;
  std::unique_ptr<Store> store = open();

  std::unique_ptr<Store> open() const {
    StoreOptions options;
    options.durability = Durability::bulk;
    options.map_size = std::size_t{1} << 28;
    auto opened = open_store("lmdb:" + (folder / "store").string(), options);
    if (!opened) BOOST_FAIL(opened.error().text());
    return std::move(opened.value());
  }
  void open_again() {
    store.reset();
    store = open();
  }
  ImportResult import(ImportKind kind, std::string_view text, const ImportOptions& options = {}) {
    auto done = import_bytes(*store, kind, as_bytes(text), options);
    if (!done) BOOST_FAIL(done.error().text());
    return std::move(done.value());
  }
  Error import_error(ImportKind kind, std::string_view text) {
    auto done = import_bytes(*store, kind, as_bytes(text));
    BOOST_REQUIRE(!done);
    return done.error();
  }
  void import_examples() {
    for (const auto kind : all_import_kinds) {
      const auto result = import(kind, example_csv(kind));
      BOOST_TEST_CONTEXT(to_text(kind)) {
        BOOST_TEST(result.imported == 2U);
        BOOST_TEST(result.bad_rows.empty());
      }
    }
  }
  std::unique_ptr<ReadTransaction> read() const { return std::move(store->begin_read().value()); }
  std::optional<Technician> technician(std::string_view id) const {
    return read()->technician(*TechnicianId::parse(id)).value();
  }
};

/// "line column" of each bad row.
std::vector<std::string> places(const ImportResult& result) {
  std::vector<std::string> made;
  for (const auto& bad : result.bad_rows) made.push_back(std::to_string(bad.line) + " " + bad.column);
  return made;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

constexpr auto technicians = ImportKind::technicians;
const std::string technician_header = "technician_id,name,prefecture,registered_on\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(registry_import, Fixture)

BOOST_AUTO_TEST_CASE(examples_of_all_kinds_are_kept_as_they_stand) {
  import_examples();
  open_again();
  const auto transaction = read();
  const auto company = transaction->company(*CompanyId::parse("00000000000025")).value();
  BOOST_REQUIRE(company.has_value());
  BOOST_TEST(company->name == "佐藤工務店");
  BOOST_TEST(company->prefecture.code() == 14);
  BOOST_TEST((company->company_class == CompanyClass::sole_proprietor));
  BOOST_TEST((company->company_class_at_approval == CompanyClass::individual_business));
  const auto person = transaction->technician(*TechnicianId::parse("00000000000101")).value();
  BOOST_REQUIRE(person.has_value());
  BOOST_TEST((person->registered_on == parse_date("2019-05-07")));
  BOOST_TEST((person->company == CompanyId::parse("00000000000017")));
  const auto site = transaction->site(*SiteId::parse("00000000000902")).value();
  BOOST_REQUIRE(site.has_value());
  BOOST_TEST(site->settings.day_boundary_minutes == 300);
  BOOST_TEST(site->settings.utc_offset_minutes == 540);
  const auto structure = transaction->contract_structure(*SiteId::parse("00000000000901")).value();
  BOOST_TEST(structure.size() == 2U);
  const auto entry =
      transaction->roster_entry(*SiteId::parse("00000000000901"), *TechnicianId::parse("00000000000102"))
          .value();
  BOOST_REQUIRE(entry.has_value());
  BOOST_TEST(entry->trade == 3401);
  BOOST_TEST((entry->position == Position::worker));
  const auto cards = transaction->credentials_of(*TechnicianId::parse("00000000000102")).value();
  BOOST_REQUIRE(cards.size() == 1U);
  BOOST_TEST((cards[0].credential == Credential(PhoneCredential{"+819012345678"})));
  BOOST_TEST(!cards[0].expires_on.has_value());
}

BOOST_AUTO_TEST_CASE(importing_twice_changes_nothing) {
  import_examples();
  const auto site = *SiteId::parse("00000000000901");
  const auto version = read()->roster_version(site).value();
  const auto rollups = read()->rollups().value();
  for (const auto kind : all_import_kinds) {
    const auto result = import(kind, example_csv(kind));
    BOOST_TEST_CONTEXT(to_text(kind)) {
      BOOST_TEST(result.unchanged == 2U);
      BOOST_TEST(result.imported == 0U);
      BOOST_TEST(result.refused == 0U);
    }
  }
  open_again();
  BOOST_TEST(read()->roster_version(site).value() == version);
  BOOST_TEST((read()->rollups().value() == rollups));
  BOOST_TEST((read()->recount({}).value() == rollups));
}

BOOST_AUTO_TEST_CASE(japanese_headers_in_any_order_and_cp932) {
  // 都道府県,技能者ID,備考,登録日,氏名 / 東京都,…,x,2020/4/1,青空 in Windows-31J
  const std::string text =
      "\x93\x73\x93\xb9\x95\x7b\x8c\xa7,\x8b\x5a\x94\x5c\x8e\xd2ID,\x94\xf5\x8d\x6c,\x93\x6f\x98\x5e\x93\xfa,"
      "\x8e\x81\x96\xbc\r\n\x93\x8c\x8b\x9e\x93\x73,00000000000201,x,2020/4/1,\x90\xc2\x8b\xf3\r\n";
  const auto result = import(technicians, text);
  BOOST_TEST(result.imported == 1U);
  BOOST_TEST((result.encoding == TextEncoding::cp932));
  BOOST_TEST(result.ignored_columns == std::vector<std::string>{"備考"}, boost::test_tools::per_element());
  const auto kept = technician("00000000000201");
  BOOST_REQUIRE(kept.has_value());
  BOOST_TEST(kept->name == "青空");
  BOOST_TEST(kept->prefecture.code() == 13);
  BOOST_TEST((kept->registered_on == parse_date("2020-04-01")));
}

BOOST_AUTO_TEST_CASE(utf8_with_byte_order_mark_and_crlf) {
  const auto result =
      import(technicians, "\xef\xbb\xbf技能者ID,都道府県,登録日\r\n00000000000202,47,20230401\r\n");
  BOOST_TEST(result.imported == 1U);
  BOOST_TEST((result.encoding == TextEncoding::utf8));
  BOOST_TEST(technician("00000000000202")->prefecture.code() == 47);
}

BOOST_AUTO_TEST_CASE(every_bad_row_is_named_and_good_ones_are_kept) {
  const auto result = import(technicians, technician_header +
                                              "00000000000001,a,13,2020-01-01\n"
                                              "123,short id,13,2020-01-01\n"
                                              "00000000000000,zero,13,2020-01-01\n"
                                              "00000000000002,\"two\nlines\",13,2020-01-01\n"
                                              "00000000000003,prefecture,48,2020-01-01\n"
                                              "00000000000004,date,13,2020-02-30\n"
                                              "00000000000005,short row,13\n"
                                              "00000000000006,long row,13,2020-01-01,x\n"
                                              "00000000000007,dust,13,2020-01-01,,\n"
                                              ",no id,13,2020-01-01\n"
                                              "00000000000008,b,13,2020-01-01\n");
  const std::vector<std::string> expected{
      "3 technician_id", "4 technician_id", "7 prefecture", "8 registered_on", "9 ", "10 ",
      "12 technician_id"};
  BOOST_TEST(places(result) == expected, boost::test_tools::per_element());
  BOOST_TEST(contains(result.bad_rows[0].reason, "leading zeros"));
  BOOST_TEST(contains(result.bad_rows[2].reason, "\"48\""));
  BOOST_TEST(contains(result.bad_rows[4].reason, "has 3 fields, the header has 4"));
  BOOST_TEST(result.rows == 11U);
  BOOST_TEST(result.imported == 4U);
  BOOST_TEST(result.refused == 7U);
  open_again();
  BOOST_TEST(technician("00000000000002")->name == "two\nlines");
  BOOST_TEST(technician("00000000000008").has_value());
  BOOST_TEST(!technician("00000000000004").has_value());
}

BOOST_AUTO_TEST_CASE(missing_references_are_bad_rows) {
  import_examples();
  const auto refused = [&](ImportKind kind, const std::string& text) {
    const auto result = import(kind, text);
    BOOST_TEST(result.imported == 0U);
    BOOST_REQUIRE(result.bad_rows.size() == 1U);
    return result.bad_rows[0].column + ": " + result.bad_rows[0].reason;
  };
  BOOST_TEST(refused(technicians,
                     "technician_id,prefecture,registered_on,company_id\n"
                     "00000000000009,1,2020-01-01,00000000000099\n") ==
             "company_id: no such company is registered");
  BOOST_TEST(refused(ImportKind::sites,
                     "site_id,prefecture,prime_contractor,registered_on,opens_on,closes_on\n"
                     "00000000000009,1,00000000000099,2020-01-01,2020-01-01,2020-02-01\n") ==
             "prime_contractor: no such company is registered");
  BOOST_TEST(
      refused(ImportKind::contract_structures, "site_id,company_id\n00000000000999,00000000000017\n") ==
      "site_id: no such site is registered");
  BOOST_TEST(refused(ImportKind::contract_structures,
                     "site_id,company_id,upper_company_id\n00000000000901,00000000000017,00000000000099\n") ==
             "upper_company_id: no such company is registered");
  BOOST_TEST(refused(ImportKind::rosters,
                     "site_id,technician_id,company_id,from,until\n"
                     "00000000000901,00000000000999,00000000000017,2020-01-01,2020-01-02\n") ==
             "technician_id: no such technician is registered");
  BOOST_TEST(refused(ImportKind::credentials, "technician_id,technology,uid\n00000000000999,felica,0102\n") ==
             "technician_id: no such technician is registered");
}

BOOST_AUTO_TEST_CASE(values_that_contradict_each_other) {
  import_examples();
  auto result = import(ImportKind::rosters,
                       "site_id,technician_id,company_id,from,until\n"
                       "00000000000901,00000000000101,00000000000017,2020-01-02,2020-01-01\n");
  BOOST_TEST(places(result) == std::vector<std::string>{"2 until"}, boost::test_tools::per_element());
  result = import(ImportKind::contract_structures,
                  "site_id,company_id,upper_company_id\n00000000000901,00000000000017,00000000000017\n");
  BOOST_TEST(places(result) == std::vector<std::string>{"2 upper_company_id"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(structure_entry_belongs_to_who_registered_it) {
  import_examples();
  const std::string text = "site_id,company_id,registered_by\n00000000000901,00000000000017,Buildee\n";
  const auto refused = import(ImportKind::contract_structures, text);
  BOOST_REQUIRE(refused.bad_rows.size() == 1U);
  BOOST_TEST(contains(refused.bad_rows[0].reason, "\"CCUS\""));
  ImportOptions take_over;
  take_over.structure_owner = StructureOwner::take_over;
  BOOST_TEST(import(ImportKind::contract_structures, text, take_over).imported == 1U);
  const auto structure = read()->contract_structure(*SiteId::parse("00000000000901")).value();
  const auto entry = std::find_if(structure.begin(), structure.end(), [](const auto& one) {
    return one.company == CompanyId::parse("00000000000017");
  });
  BOOST_REQUIRE((entry != structure.end()));
  BOOST_TEST(entry->registered_by == "Buildee");
}

BOOST_AUTO_TEST_CASE(headers_that_cannot_be_used) {
  auto error = import_error(technicians, "technician_id,name\n00000000000001,a\n");
  BOOST_TEST(is(error, CsvErrc::missing_column));
  BOOST_TEST(contains(error.detail, "prefecture (都道府県"));
  BOOST_TEST(contains(error.detail, "\"technician_id\", \"name\""));
  error = import_error(technicians, "technician_id,技能者ID,prefecture,registered_on\n");
  BOOST_TEST(is(error, CsvErrc::duplicate_column));
  BOOST_TEST(contains(error.detail, "技能者ID"));
  BOOST_TEST(is(import_error(technicians, ""), CsvErrc::empty));
  BOOST_TEST(is(import_error(technicians, "\n\r\n  \n"), CsvErrc::empty));
  BOOST_TEST(is(import_error(technicians, std::string("\xff\xfe\x61\x00", 4)), CsvErrc::unsupported_text));
  const auto missing = import_file(*store, technicians, folder / "no such file");
  BOOST_TEST(is(missing.error(), ImportErrc::unreadable));
}

BOOST_AUTO_TEST_CASE(garbage_never_gets_in) {
  std::mt19937_64 random(20230731);
  for (int round = 0; round < 300; ++round) {
    std::string text = round % 3 == 0 ? "" : technician_header;
    const auto size = random() % 3'000;
    while (text.size() < size) {
      const auto pick = random() % 8;
      text += pick == 0   ? std::string("\n")
              : pick == 1 ? std::string(",")
              : pick == 2 ? std::string("\"")
                          : std::string(1, static_cast<char>(random()));
    }
    const auto done = import_bytes(*store, technicians, as_bytes(text));
    if (done) BOOST_TEST(done.value().imported == 0U);
    if (done) BOOST_TEST(done.value().rows == done.value().refused);
  }
  BOOST_TEST(read()->rollups().value().technicians.empty());
}

BOOST_AUTO_TEST_CASE(many_bad_rows_are_counted_but_not_all_kept) {
  std::string text = technician_header;
  for (int i = 0; i < 12'000; ++i) text += "x,y,z,w\n";
  std::uint64_t told = 0;
  ImportOptions options;
  options.on_bad_row = [&](const BadRow& bad) { BOOST_TEST_REQUIRE(bad.line == ++told + 1); };
  const auto result = import(technicians, text, options);
  BOOST_TEST(result.refused == 12'000U);
  BOOST_TEST(told == 12'000U);
  BOOST_TEST(result.bad_rows.size() == bad_rows_kept_max);
}

BOOST_AUTO_TEST_CASE(files_are_streamed_with_progress_in_small_transactions) {
  const auto file = folder / "technicians.csv";
  std::ofstream out(file);
  out << technician_header;
  for (int i = 1; i <= 40'000; ++i)
    out << format_ccus_digits(static_cast<std::uint64_t>(i)) << ",名前,13,2020-01-01\n";
  out.close();
  std::vector<ImportProgress> told;
  ImportOptions options;
  options.commit_rows = 7'000;
  options.on_progress = [&](const ImportProgress& progress) { told.push_back(progress); };
  const auto done = import_file(*store, technicians, file, options);
  BOOST_REQUIRE(done);
  BOOST_TEST(done.value().imported == 40'000U);
  BOOST_TEST(told.size() > 5U);
  BOOST_TEST(told.back().bytes_done == std::filesystem::file_size(file));
  BOOST_TEST(told.back().bytes_total == told.back().bytes_done);
  BOOST_TEST(told.back().rows_good == 40'000U);
  open_again();
  const auto rollups = read()->rollups().value();
  BOOST_REQUIRE(rollups.technicians.size() == 1U);
  BOOST_TEST(rollups.technicians[0].count == 40'000U);
}

BOOST_AUTO_TEST_CASE(readme_and_help_name_every_column) {
  const char* source = std::getenv("SITEGATE_SOURCE");
  std::ifstream in(std::filesystem::path(source ? source : ".") / "cloud/registry/README.md");
  BOOST_REQUIRE(in);
  std::ostringstream readme;
  readme << in.rdbuf();
  for (const auto kind : all_import_kinds) {
    BOOST_TEST((parse_import_kind(to_text(kind)) == kind));
    BOOST_TEST(contains(readme.str(), "`" + std::string(to_text(kind)) + "`"));
    for (const auto& column : columns_of(kind)) {
      BOOST_TEST_CONTEXT(to_text(kind) << " " << column.name) {
        BOOST_TEST(contains(readme.str(), "`" + std::string(column.name) + "`"));
        BOOST_TEST(contains(column_help(kind), column.name));
        BOOST_TEST(contains(column_help(kind), column.also));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
