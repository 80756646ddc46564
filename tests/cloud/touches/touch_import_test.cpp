// Stored touches into the record, through the real registration and the real store: each history once,
// however often a file comes and in whatever pieces.
#include "cloud/touches/touch_import.hpp"

#include <boost/test/unit_test.hpp>

#include "shared/touches/reader_time.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::cloud;

namespace {

UtcTime at(std::string_view text) {
  return touches::parse_reader_time(text, std::chrono::minutes{540}).value();
}
Date day(std::string_view text) {
  return parse_date(text).value();
}
template <typename T>
T need(Result<T> result) {
  if (!result) BOOST_FAIL(result.error().text());
  return std::move(result).value();
}
void need(const Result<void>& result) {
  if (!result) BOOST_FAIL(result.error().text());
}

const SiteId site = *SiteId::parse("00000000000901");
const SiteId other_site = *SiteId::parse("00000000000902");
TechnicianId technician(std::uint64_t number) {
  return *TechnicianId::from_number(100 + number);
}

/// Technicians 1 to 3 hold the cards 01 to 03 and are on the roster of both sites from July on; the card of 3
/// expired in June; technician 4 holds 04 and is on no roster.
struct World {
  sitegate::tests::TemporaryFolder folder;
  std::unique_ptr<Store> store;
  TouchImportOptions options;

  World() {
    StoreOptions how;
    how.durability = Durability::bulk;
    how.map_size = std::size_t{1} << 28;
    store = need(open_store("lmdb:" + folder.path().string(), how));
    const auto writer = need(store->begin_write());
    const auto company = *CompanyId::from_number(17);
    const auto tokyo = *Prefecture::from_code(13);
    const auto first = day("2023-07-01");
    const auto last = day("2023-12-31");
    need(writer->put(
        Company{company, "", tokyo, CompanyClass::corporation, CompanyClass::corporation, first}));
    for (const auto id : {site, other_site}) {
      need(writer->put(Site{id, "", tokyo, company, first, first, last, false, {}}));
      need(writer->put(ContractStructureEntry{id, company, std::nullopt, true, "CCUS"}));
    }
    for (std::uint64_t number = 1; number <= 4; ++number) {
      need(writer->put(Technician{technician(number), "", tokyo, first, company}));
      const auto expires = number == 3 ? std::optional(day("2023-06-30")) : std::nullopt;
      need(writer->put(CredentialAssignment{
          technician(number), CardCredential{CardTechnology::felica, {static_cast<std::uint8_t>(number)}},
          expires}));
      if (number == 4) continue;
      for (const auto id : {site, other_site})
        need(writer->put(RosterEntry{id, technician(number), company, 1001, Position::worker, first, last}));
    }
    need(writer->commit());
    options.site = site;
    options.now = at("2023-08-02 12:00:00");
  }

  /// Rows "number,card,time[,direction]"; the reader is R-1.
  TouchImportResult import(const std::vector<std::string>& rows, std::string_view notes = "") {
    std::string text = "number,card_uid,reader_clock,direction,reader_id\n" + std::string(notes);
    for (const auto& row : rows)
      text += row + (std::count(row.begin(), row.end(), ',') == 2 ? ",,R-1\n" : ",R-1\n");
    return need(import_touches(*store, need(touches::parse_touch_file(as_bytes(text))), "file", options));
  }
  std::optional<WorkHistory> history(std::uint64_t number, std::string_view date, SiteId where = site) const {
    return need(need(store->begin_read())->work_history(technician(number), where, day(date)));
  }
  std::vector<UnregisteredPassage> unregistered() const {
    return need(need(store->begin_read())->unregistered_passages(site, 100));
  }
  void check_history(std::uint64_t number, std::string_view date, std::string_view entry,
                     std::string_view exit) const {
    const auto made = history(number, date);
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST((made->first_entry == (entry.empty() ? std::nullopt : std::optional(at(entry)))));
    BOOST_TEST((made->last_exit == (exit.empty() ? std::nullopt : std::optional(at(exit)))));
    BOOST_TEST((made->method == Method::card));
  }
};

const std::vector<std::string> monday{"1,01,2023-07-31 07:50:00", "2,02,2023-07-31 07:51:00",
                                      "3,01,2023-07-31 12:00:00", "4,01,2023-07-31 12:50:00",
                                      "5,01,2023-07-31 17:05:00", "6,02,2023-07-31 17:06:00"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(touch_import, World)

BOOST_AUTO_TEST_CASE(a_days_touches_are_one_history_each) {
  const auto result = import(monday);
  BOOST_TEST(result.counts.added == 2U);
  BOOST_TEST(result.report.bad.empty());
  check_history(1, "2023-07-31", "2023-07-31 07:50:00", "2023-07-31 17:05:00");
  check_history(2, "2023-07-31", "2023-07-31 07:51:00", "2023-07-31 17:06:00");
  BOOST_TEST(history(1, "2023-07-31")->structure.effective);
}

BOOST_AUTO_TEST_CASE(the_same_file_again_changes_nothing) {
  import(monday);
  const auto rollups = need(need(store->begin_read())->rollups());
  const auto again = import(monday);
  BOOST_TEST(again.counts.added == 0U);
  BOOST_TEST(again.counts.changed == 0U);
  BOOST_TEST(again.counts.unchanged > 0U);
  BOOST_TEST((need(need(store->begin_read())->rollups()) == rollups));
  check_history(1, "2023-07-31", "2023-07-31 07:50:00", "2023-07-31 17:05:00");
}

BOOST_AUTO_TEST_CASE(in_any_pieces_it_comes_to_the_same) {
  for (std::size_t piece = 1; piece < monday.size(); ++piece) {
    World world;
    for (std::size_t from = 0; from < monday.size(); from += piece)
      world.import({monday.begin() + static_cast<std::ptrdiff_t>(from),
                    monday.begin() + static_cast<std::ptrdiff_t>(std::min(from + piece, monday.size()))});
    BOOST_TEST_CONTEXT("pieces of " << piece) {
      world.check_history(1, "2023-07-31", "2023-07-31 07:50:00", "2023-07-31 17:05:00");
      world.check_history(2, "2023-07-31", "2023-07-31 07:51:00", "2023-07-31 17:06:00");
    }
  }
  for (std::uint64_t step = 1; step < 4; ++step) {
    World world;
    world.options.commit_touches = step;
    std::vector<std::uint64_t> told;
    world.options.on_progress = [&](std::uint64_t done, std::uint64_t all) {
      BOOST_TEST(all == monday.size());
      told.push_back(done);
    };
    world.import(monday);
    BOOST_TEST(told.back() == monday.size());
    BOOST_TEST(told.size() == (monday.size() + step - 1) / step);
    world.check_history(1, "2023-07-31", "2023-07-31 07:50:00", "2023-07-31 17:05:00");
  }
}

BOOST_AUTO_TEST_CASE(a_night_shift_counts_to_the_day_it_began) {
  import({"1,01,2023-07-31 20:00:00", "2,01,2023-08-01 05:30:00"});
  check_history(1, "2023-07-31", "2023-07-31 20:00:00", "2023-08-01 05:30:00");
  BOOST_TEST(!history(1, "2023-08-01"));
  import({"3,02,2023-07-31 20:00:00"});
  import({"4,02,2023-08-01 05:30:00"});
  check_history(2, "2023-07-31", "2023-07-31 20:00:00", "2023-08-01 05:30:00");
  BOOST_TEST(!history(2, "2023-08-01"));
}

BOOST_AUTO_TEST_CASE(what_a_gate_recorded_already_is_recognised) {
  {
    const auto writer = need(store->begin_write());
    need(
        register_days(*writer, std::vector{WorkedDay{technician(1), site, day("2023-07-31"),
                                                     at("2023-07-31 07:50:00"), at("2023-07-31 17:05:00")}}));
    need(writer->commit());
  }
  const auto result = import(monday);
  BOOST_TEST(result.counts.added == 1U);
  check_history(1, "2023-07-31", "2023-07-31 07:50:00", "2023-07-31 17:05:00");
}

BOOST_AUTO_TEST_CASE(an_entry_at_a_gate_and_an_exit_at_a_logging_reader_are_one_day) {
  {
    const auto writer = need(store->begin_write());
    for (const auto* date : {"2023-07-31", "2023-08-01"})
      need(register_days(*writer, std::vector{WorkedDay{technician(1), site, day(date),
                                                        at(std::string(date) + " 07:00:00"), std::nullopt}}));
    need(writer->commit());
  }
  import({"1,01,2023-07-31 17:00:00", "2,01,2023-08-01 17:00:00"});
  check_history(1, "2023-07-31", "2023-07-31 07:00:00", "2023-07-31 17:00:00");
  check_history(1, "2023-08-01", "2023-08-01 07:00:00", "2023-08-01 17:00:00");
}

BOOST_AUTO_TEST_CASE(the_readers_own_keys_say_the_direction) {
  import(
      {"1,02,2023-07-31 07:00:00,entry", "2,02,2023-07-31 08:00:00,entry", "3,01,2023-07-31 17:00:00,exit"});
  check_history(1, "2023-07-31", "", "2023-07-31 17:00:00");
  check_history(2, "2023-07-31", "2023-07-31 07:00:00", "");
}

BOOST_AUTO_TEST_CASE(a_second_touch_within_a_minute_is_no_exit) {
  import({"1,01,2023-07-31 07:00:00", "2,01,2023-07-31 07:00:59"});
  check_history(1, "2023-07-31", "2023-07-31 07:00:00", "");
}

BOOST_AUTO_TEST_CASE(times_are_corrected_before_anything_counts) {
  const auto result =
      import({"1,01,2023-07-31 04:03:00"}, "#clock,R-1,2023-07-31 18:05:00,2023-07-31 18:00:00\n");
  check_history(1, "2023-07-30", "2023-07-31 03:58:00", "");
  BOOST_REQUIRE(result.report.clocks.size() == 1U);
  BOOST_TEST((result.report.clocks[0].offset == std::chrono::minutes{5}));
}

BOOST_AUTO_TEST_CASE(what_counts_for_nobody_is_kept_with_its_reason_once) {
  const std::vector<std::string> rows{"1,01,2023-06-30 07:02:00", "2,09,2023-07-31 07:00:00",
                                      "3,04,2023-07-31 07:01:00", "4,03,2023-07-31 07:03:00"};
  for (int round = 0; round < 2; ++round) {
    const auto result = import(rows);
    BOOST_TEST(result.counts.unregistered == 3U);
    const auto& remarks = result.report.remarks;
    BOOST_REQUIRE(remarks.size() == 3U);
    std::map<std::uint64_t, std::string> reasons;
    for (const auto& remark : remarks) reasons[remark.line] = remark.reason;
    BOOST_TEST(reasons[3] == "unknown_credential");
    BOOST_TEST(reasons[4] == "not_on_roster");
    BOOST_TEST(reasons[2] == "site_closed");
    BOOST_TEST(result.report.outcomes.at("not_on_roster") == 1U);
    BOOST_TEST(unregistered().size() == 3U);
  }
  BOOST_TEST(
      history(3, "2023-07-31").has_value());  // the card lapsed, the person is known: the site's setting
}

BOOST_AUTO_TEST_CASE(a_reader_that_counts_from_one_again_overwrites_nothing) {
  import({"1,09,2023-07-30 07:00:00"});
  import({"1,09,2023-07-31 07:00:00"});
  BOOST_TEST(unregistered().size() == 2U);
}

BOOST_AUTO_TEST_CASE(bound_by_the_table_to_the_sites_of_their_dates) {
  const auto table =
      need(touches::Deployments::parse(as_bytes("reader_id,site_id,from,until\n"
                                                "R-1,00000000000901,2023-07-01,2023-07-30\n"
                                                "R-1,00000000000902,2023-07-31,\n")));
  options.deployments = &table;
  options.site.reset();
  const auto result =
      import({"1,01,2023-06-30 07:00:00", "2,01,2023-07-30 07:00:00", "3,01,2023-07-31 07:00:00"});
  BOOST_REQUIRE(result.report.bad.size() == 1U);
  BOOST_TEST(result.report.bad[0].line == 2U);
  BOOST_TEST(history(1, "2023-07-30", site).has_value());
  BOOST_TEST(history(1, "2023-07-31", other_site).has_value());
  BOOST_TEST(!history(1, "2023-07-31", site).has_value());
}

BOOST_AUTO_TEST_CASE(a_site_that_is_not_registered_takes_nothing) {
  options.site = SiteId::parse("00000000000999");
  const auto result = import({"1,01,2023-07-31 07:00:00"});
  BOOST_REQUIRE(result.report.remarks.size() == 1U);
  BOOST_TEST(result.report.remarks[0].reason == "unknown_site");
}

BOOST_AUTO_TEST_SUITE_END()
