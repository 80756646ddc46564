// Full rosters and deltas, in the order they may really come; each step holds after re-opening.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "edge/roster/roster.hpp"
#include "tests/edge/site_example.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct BookFixture {
  BookFixture() { reopen(); }
  void reopen() {
    book.reset();
    auto opened = RosterBook::open(folder.path(), site);
    if (!opened) BOOST_FAIL(opened.error().text());
    book = std::move(opened).value();
  }
  void apply(const SiteRoster& roster, RosterChange expected = RosterChange::applied) {
    const auto change = book->apply(roster);
    if (!change) BOOST_FAIL(change.error().text());
    BOOST_TEST((change.value() == expected));
  }
  void refuses(const SiteRoster& roster, RosterErrc expected) {
    const auto change = book->apply(roster);
    BOOST_REQUIRE(!change);
    BOOST_TEST(is(change.error(), expected), change.error().text());
  }
  SiteRoster held() { return book->current()->roster(); }

  tests::TemporaryFolder folder;
  std::unique_ptr<RosterBook> book;
};

/// Version 4 on 3: Sato leaves, Yamada gets a second card, somebody new comes.
SiteRoster example_delta() {
  SiteRoster delta = example_roster();
  delta.version = 4;
  delta.base_version = 3;
  delta.settings.open_for_unknown_credential = true;
  delta.technicians = {technician(yamada, "山田 太郎", {{card(1), std::nullopt}, {card(9), std::nullopt}}),
                       technician(*TechnicianId::parse("00000000000007"), "田中", {{card(7), std::nullopt}})};
  delta.removed = {sato};
  return delta;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(roster_book, BookFixture)

BOOST_AUTO_TEST_CASE(a_new_gateway_has_no_roster) {
  BOOST_TEST(!book->current()->known());
  BOOST_TEST(book->problem().empty());
}

BOOST_AUTO_TEST_CASE(a_delta_keeps_the_names_of_companies_that_are_still_there) {
  const auto stays = *CompanyId::from_number(1);
  const auto leaves = *CompanyId::from_number(2);
  const auto comes = *CompanyId::from_number(3);
  SiteRoster full = example_roster();
  full.technicians[1].company = leaves;  // Sato
  full.technicians[2].company = stays;
  full.companies = {{stays, "鈴木組"}, {leaves, "佐藤組"}};
  apply(full);
  SiteRoster delta = example_delta();
  delta.technicians[1].company = comes;
  delta.companies = {{comes, "田中組"}};
  apply(delta);
  reopen();
  BOOST_TEST((held().companies == std::vector<RosterCompany>{{stays, "鈴木組"}, {comes, "田中組"}}));
  BOOST_TEST(book->current()->company_name(comes) == "田中組");
  BOOST_TEST(book->current()->company_name(leaves) == "");
}

BOOST_AUTO_TEST_CASE(a_full_roster_is_held_and_there_again) {
  apply(example_roster());
  BOOST_TEST((held() == example_roster()));
  reopen();
  BOOST_TEST((held() == example_roster()));
  SiteRoster next = example_roster();
  next.version = 9;
  next.technicians.pop_back();
  apply(next);
  reopen();
  BOOST_TEST((held() == next));
}

BOOST_AUTO_TEST_CASE(a_delta_changes_exactly_its_base_version) {
  apply(example_roster());
  apply(example_delta());
  reopen();
  const auto index = book->current();
  BOOST_TEST(index->roster().version == 4u);
  BOOST_TEST(index->roster().base_version == 0u);  // what is held is full
  BOOST_TEST(index->roster().technicians.size() == 3u);
  BOOST_TEST(index->find(sato) == nullptr);
  BOOST_TEST(index->find(card(2)).technicians.empty());
  BOOST_TEST((index->find(card(9)).technicians.front().technician->technician == yamada));
  BOOST_TEST(index->find(card(7)).technicians.size() == 1u);
  BOOST_TEST(index->find(card(3)).technicians.size() == 1u);
  BOOST_TEST(index->settings().open_for_unknown_credential);
}

BOOST_AUTO_TEST_CASE(a_delta_on_another_version_asks_for_a_full_one) {
  refuses(example_delta(), RosterErrc::base_mismatch);
  SiteRoster newer = example_roster();
  newer.version = 5;
  apply(newer);
  SiteRoster delta = example_delta();
  delta.version = 6;
  delta.base_version = 4;
  refuses(delta, RosterErrc::base_mismatch);
  reopen();
  BOOST_TEST((held() == newer));
}

BOOST_AUTO_TEST_CASE(older_and_repeated_rosters_change_nothing) {
  apply(example_roster());
  apply(example_delta());
  const SiteRoster after = held();
  apply(example_roster(), RosterChange::older_than_held);
  apply(example_delta(), RosterChange::older_than_held);
  BOOST_TEST((held() == after));
}

BOOST_AUTO_TEST_CASE(another_sites_roster_is_refused) {
  apply(example_roster());
  SiteRoster other = example_roster();
  other.site = *SiteId::parse("00000000000777");
  other.version = 99;
  refuses(other, RosterErrc::wrong_site);
  BOOST_TEST((held() == example_roster()));
}

BOOST_AUTO_TEST_CASE(a_file_of_another_site_is_set_aside) {
  apply(example_roster());
  const auto other = RosterBook::open(folder.path(), *SiteId::parse("00000000000777"));
  BOOST_REQUIRE(other);
  BOOST_TEST(!other.value()->current()->known());
  BOOST_TEST(other.value()->problem().find("another site") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_taken_stays_as_it_is_while_the_book_moves_on) {
  apply(example_roster());
  const auto taken = book->current();
  apply(example_delta());
  BOOST_TEST(taken->find(sato) != nullptr);
  BOOST_TEST(book->current()->find(sato) == nullptr);
}

BOOST_AUTO_TEST_CASE(when_it_cannot_be_written_the_old_one_is_still_held) {
  apply(example_roster());
  std::filesystem::create_directory(folder / "roster.bin.new");  // stands where the new file would be written
  BOOST_TEST(!book->apply(example_delta()));
  BOOST_TEST((held() == example_roster()));
  reopen();
  BOOST_TEST((held() == example_roster()));
  std::filesystem::remove(folder / "roster.bin.new");
  apply(example_delta());
}

BOOST_AUTO_TEST_SUITE_END()
