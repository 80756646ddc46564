// What the contract structure says of a technician goes into his histories, and decides whether they are
// effective.
#include "cloud/registration/structure.hpp"

#include "tests/cloud/registration/registration_fixture.hpp"

namespace sitegate::cloud::tests {
namespace {

ContractStructureEntry place(std::uint64_t company, std::optional<std::uint64_t> upper,
                             bool approved = true) {
  ContractStructureEntry entry;
  entry.site = site_id(1);
  entry.company = company_id(company);
  if (upper) entry.upper_company = company_id(*upper);
  entry.approved = approved;
  entry.registered_by = "CCUS";
  return entry;
}

RosterEntry roster_of(std::uint64_t technician, std::uint64_t company) {
  RosterEntry entry = roster_entry(1, technician);
  entry.company = company_id(company);
  return entry;
}

StructureSnapshot complete(std::uint64_t company, std::uint8_t tier) {
  return {.company = company_id(company),
          .tier = tier,
          .trade = 1001,
          .position = Position::worker,
          .effective = true};
}
/// Its chain to the prime contractor is incomplete: trade and position are not stated.
StructureSnapshot company_alone(std::uint64_t company) {
  return {
      .company = company_id(company), .tier = 0, .trade = 0, .position = Position::none, .effective = false};
}

/// Technician n works for company n; 10 people on sample_day.
template <typename Engine>
void register_all(Subject<Engine>& subject, const std::vector<ContractStructureEntry>& places) {
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 10);
    for (const auto& one : places) need(writer.put(one));
    for (std::uint64_t n = 1; n <= 10; ++n) need(writer.put(roster_of(n, n)));
  });
  std::vector<Passage> passages;
  for (std::uint64_t n = 1; n <= 10; ++n) passages.push_back(passage(technician_id(n), n));
  BOOST_TEST(register_and_commit(subject, {batch(1, passages)}).added == 10);
}

StructureSnapshot snapshot_in(const ReadTransaction& reader, std::uint64_t technician) {
  const auto found = need(reader.work_history(technician_id(technician), site_id(1), date(sample_day)));
  BOOST_REQUIRE(found.has_value());
  return found->structure;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registration_structure)

BOOST_AUTO_TEST_CASE_TEMPLATE(complete_chains_are_effective_at_their_tier, Engine, Engines) {
  Subject<Engine> subject;
  register_all(subject, {place(3, 2), place(4, 3), place(1, {}), place(2, 1), place(5, 1)});
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST((snapshot_in(reader, 1) == complete(1, 0)));
    BOOST_TEST((snapshot_in(reader, 2) == complete(2, 1)));
    BOOST_TEST((snapshot_in(reader, 3) == complete(3, 2)));
    BOOST_TEST((snapshot_in(reader, 4) == complete(4, 3)));
    BOOST_TEST((snapshot_in(reader, 5) == complete(5, 1)));
    const auto& cells = need(reader.rollups()).histories;
    BOOST_REQUIRE(cells.size() == 2);
    BOOST_TEST((cells[0].effective ? cells[0] : cells[1]).count == 5);
  });
}

// "If one upper firm is missing, everything below it is incomplete": neither trade nor position is stated.
BOOST_AUTO_TEST_CASE_TEMPLATE(broken_chains_leave_the_company_alone, Engine, Engines) {
  Subject<Engine> subject;
  register_all(subject,
               {place(1, {}), place(2, 1, false), place(3, 2),  // 2 is not approved, 3 stands below it
                place(4, 10), place(5, 4),                      // 10 is missing in the structure
                place(6, 7), place(7, 6), place(8, 8),          // circles
                place(9, {})});                                 // a top that is not the prime contractor
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST((snapshot_in(reader, 1) == complete(1, 0)));
    for (std::uint64_t n = 2; n <= 10; ++n)
      BOOST_TEST((snapshot_in(reader, n) == company_alone(n)), "company " << n);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_approval_that_comes_later_makes_the_day_effective, Engine, Engines) {
  Subject<Engine> subject;
  register_all(subject, {place(1, {}), place(2, 1, false)});
  subject.commit([](WriteTransaction& writer) { need(writer.put(place(2, 1))); });
  const auto counts = register_and_commit(subject, {batch(1, {passage(technician_id(2), 99)})});
  BOOST_TEST(numbers(counts) == numbers(0, 1, 0, 0), boost::test_tools::per_element());
  subject.commit([](WriteTransaction& writer) { need(writer.put(place(2, 1, false))); });
  BOOST_TEST(register_and_commit(subject, {batch(1, {passage(technician_id(2), 100)})}).unchanged == 1);
  subject.holds(
      [](const ReadTransaction& reader) { BOOST_TEST((snapshot_in(reader, 2) == complete(2, 1))); });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(effective_needs_trade_and_position, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 2);
    need(writer.put(place(1, {})));
    RosterEntry no_trade = roster_of(1, 1);
    no_trade.trade = 0;
    need(writer.put(no_trade));
    RosterEntry no_position = roster_of(2, 1);
    no_position.position = Position::none;
    need(writer.put(no_position));
  });
  register_and_commit(subject, {batch(1, {passage(technician_id(1), 1), passage(technician_id(2), 2)})});
  StructureSnapshot without_trade = complete(1, 0);
  without_trade.trade = 0;
  without_trade.effective = false;
  StructureSnapshot without_position = complete(1, 0);
  without_position.position = Position::none;
  without_position.effective = false;
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((snapshot_in(reader, 1) == without_trade));
    BOOST_TEST((snapshot_in(reader, 2) == without_position));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(without_a_roster_entry_in_force_nothing_is_stated, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 5);
    need(writer.put(place(1, {})));
    const std::vector<std::pair<std::string, std::string>> periods{
        {"2023-07-01", "2023-07-30"},   // expired
        {"2023-08-01", "2023-08-31"},   // not yet
        {"2023-07-01", "2023-07-31"},   // its last day
        {"2023-07-31", "2023-08-31"}};  // its first day
    for (std::uint64_t n = 1; n <= periods.size(); ++n) {
      RosterEntry entry = roster_of(n, 1);
      entry.from = date(periods[n - 1].first);
      entry.until = date(periods[n - 1].second);
      need(writer.put(entry));
    }
  });
  std::vector<Passage> passages;
  for (std::uint64_t n = 1; n <= 5; ++n) passages.push_back(passage(technician_id(n), n));
  register_and_commit(subject, {batch(1, passages)});
  subject.holds([](const ReadTransaction& reader) {
    for (const std::uint64_t n : {1, 2, 5}) BOOST_TEST((snapshot_in(reader, n) == StructureSnapshot{}), n);
    for (const std::uint64_t n : {3, 4}) BOOST_TEST((snapshot_in(reader, n) == complete(1, 0)), n);
  });
}

BOOST_AUTO_TEST_CASE(a_long_chain_ends) {
  std::vector<ContractStructureEntry> chain{place(1, {})};
  for (std::uint64_t n = 2; n <= 60; ++n) chain.push_back(place(n, n - 1));
  const ContractStructure structure(company_id(1), chain);
  BOOST_TEST((structure.tier_of(company_id(20)) == std::optional<std::uint8_t>(19)));
  BOOST_TEST(!structure.tier_of(company_id(60)).has_value());
  BOOST_TEST(!structure.tier_of(company_id(61)).has_value());
  BOOST_TEST(!ContractStructure().tier_of(company_id(1)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
