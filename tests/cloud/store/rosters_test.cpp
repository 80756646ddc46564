// Site rosters and their versions: a gateway that applies full rosters and deltas always holds what the store
// holds.
#include <map>

#include "shared/base/retry_delay.hpp"
#include "tests/cloud/store/conformance.hpp"

namespace sitegate::cloud::tests {
namespace {

/// As a gateway does it.
void apply(const SiteRoster& told, SiteRoster& held) {
  BOOST_REQUIRE(told.base_version == 0 || told.base_version == held.version);
  std::map<TechnicianId, RosterTechnician> people;
  if (told.base_version != 0)
    for (const auto& one : held.technicians) people.emplace(one.technician, one);
  for (const auto& one : told.technicians) people.insert_or_assign(one.technician, one);
  for (const auto& gone : told.removed) people.erase(gone);
  held = told;
  held.base_version = 0;
  held.removed.clear();
  held.technicians.clear();
  for (const auto& [id, one] : people) held.technicians.push_back(one);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_rosters)

BOOST_AUTO_TEST_CASE_TEMPLATE(full_roster, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 3);
    need(writer.put(roster_entry(1, 2)));
    need(writer.put(roster_entry(1, 1)));
    need(writer.put(roster_entry(2, 3)));
    need(writer.put(card(1, {9, 8, 7, 6})));
  });
  subject.holds([](const ReadTransaction& reader) {
    const SiteRoster roster = need(reader.site_roster(site_id(1), 0));
    BOOST_TEST(roster.version == 1);
    BOOST_TEST(roster.version == need(reader.roster_version(site_id(1))));
    BOOST_TEST((roster.opens_on == site(1).opens_on && roster.closes_on == site(1).closes_on));
    BOOST_TEST((roster.settings == site(1).settings));
    BOOST_REQUIRE(roster.technicians.size() == 2);
    const RosterTechnician& first = roster.technicians.front();
    BOOST_TEST((first.technician == technician_id(1) && first.name == technician(1).name));
    BOOST_TEST((first.from == roster_entry(1, 1).from && first.until == roster_entry(1, 1).until));
    BOOST_REQUIRE(first.credentials.size() == 1);
    BOOST_TEST((first.credentials.front().credential == card(1, {9, 8, 7, 6}).credential));
    BOOST_TEST((need(reader.roster_entry(site_id(1), technician_id(2))) == roster_entry(1, 2)));
    BOOST_TEST(need(reader.roster_version(site_id(9))) == 0);
    BOOST_TEST(need(reader.site_roster(site_id(9), 0)).version == 0);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(for_whom_somebody_works_is_told_with_its_name_once, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 3);
    RosterEntry other = roster_entry(1, 3);
    other.company = company_id(3);
    need(writer.put(roster_entry(1, 1)));
    need(writer.put(roster_entry(1, 2)));
    need(writer.put(other));
  });
  std::uint64_t version = 0;
  subject.holds([&](const ReadTransaction& reader) {
    const SiteRoster roster = need(reader.site_roster(site_id(1), 0));
    version = roster.version;
    BOOST_REQUIRE(roster.technicians.size() == 3);
    BOOST_TEST((roster.technicians[0].company == company_id(1)));
    BOOST_TEST((roster.technicians[2].company == company_id(3)));
    BOOST_TEST((roster.companies == std::vector<RosterCompany>{{company_id(1), company(1).name},
                                                               {company_id(3), company(3).name}}));
  });
  subject.commit([](WriteTransaction& writer) {
    RosterEntry moved = roster_entry(1, 1);
    moved.company = company_id(2);
    need(writer.put(moved));
  });
  subject.holds([&](const ReadTransaction& reader) {
    const SiteRoster delta = need(reader.site_roster(site_id(1), version));
    BOOST_TEST((delta.companies == std::vector<RosterCompany>{{company_id(2), company(2).name}}));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_change_of_anything_told_to_gateways_raises_the_version_once, Engine,
                              Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 3);
    need(writer.put(roster_entry(1, 1)));
  });
  const auto raised_by = [&](auto&& change) {
    const auto version = [&] { return need(need(subject.store().begin_read())->roster_version(site_id(1))); };
    const std::uint64_t before = version();
    subject.commit(change);
    return version() - before;
  };
  Technician renamed = technician(1);
  renamed.name = "別名";
  Technician moved = renamed;
  moved.prefecture = prefecture(1);
  Site open = site(1);
  open.settings.open_when_site_closed = true;
  Site named = open;
  named.name = "別現場";
  BOOST_TEST(raised_by([](WriteTransaction& writer) { need(writer.put(roster_entry(1, 1))); }) == 0);
  BOOST_TEST(raised_by([](WriteTransaction& writer) { need(writer.put(technician(1))); }) == 0);
  BOOST_TEST(raised_by([](WriteTransaction& writer) { need(writer.put(site(1))); }) == 0);
  BOOST_TEST(raised_by([&](WriteTransaction& writer) { need(writer.put(renamed)); }) == 1);
  BOOST_TEST(raised_by([&](WriteTransaction& writer) { need(writer.put(moved)); }) == 0);
  BOOST_TEST(raised_by([&](WriteTransaction& writer) { need(writer.put(open)); }) == 1);
  BOOST_TEST(raised_by([&](WriteTransaction& writer) { need(writer.put(named)); }) == 0);
  BOOST_TEST(raised_by([](WriteTransaction& writer) { need(writer.put(card(1, {1, 1, 1, 1}))); }) == 1);
  BOOST_TEST(raised_by([](WriteTransaction& writer) { need(writer.put(card(1, {1, 1, 1, 1}))); }) == 0);
  BOOST_TEST(raised_by([](WriteTransaction& writer) { need(writer.put(card(2, {2, 1, 1, 1}))); }) == 0);
  BOOST_TEST(raised_by([](WriteTransaction& writer) {
               need(writer.put(roster_entry(1, 2)));
               need(writer.put(roster_entry(1, 3)));
               need(writer.remove_roster_entry(site_id(1), technician_id(1)));
             }) == 1);
  BOOST_TEST(raised_by([](WriteTransaction& writer) {
               need(writer.remove_roster_entry(site_id(1), technician_id(1)));
             }) == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unknown_or_newer_base_gives_the_full_roster, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 1);
    need(writer.put(roster_entry(1, 1)));
  });
  subject.holds([](const ReadTransaction& reader) {
    const SiteRoster full = need(reader.site_roster(site_id(1), 0));
    BOOST_TEST((need(reader.site_roster(site_id(1), full.version + 1)) == full));
    const SiteRoster nothing_new = need(reader.site_roster(site_id(1), full.version));
    BOOST_TEST(nothing_new.base_version == full.version);
    BOOST_TEST((nothing_new.technicians.empty() && nothing_new.removed.empty()));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(later_of_two_entries_in_a_bulk_wins, Engine, Engines) {
  Subject<Engine> subject;
  RosterEntry later = roster_entry(1, 1);
  later.trade = 3402;
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 2);
    const std::vector entries{roster_entry(1, 1), roster_entry(1, 2), later};
    need(writer.put_roster_entries(entries));
  });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.roster_entry(site_id(1), technician_id(1))) == later));
    BOOST_TEST((need(reader.roster_entry(site_id(1), technician_id(2))) == roster_entry(1, 2)));
  });
}

// 300 people do not fit one record: entries are found and told wherever they stand.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_gateway_that_follows_deltas_holds_the_full_roster, Engine, Engines) {
  constexpr std::uint64_t people = 300;
  constexpr std::uint64_t seed = 20230731;
  BOOST_TEST_MESSAGE("seed " << seed);
  Random random(seed);
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, people); });
  SiteRoster held;
  SiteRoster lazy;  // follows only now and then
  for (int round = 0; round < 12; ++round) {
    {
      auto writer = need(subject.store().begin_write());
      for (int change = 0; change < 60; ++change) {
        const std::uint64_t who = 1 + random() % people;
        Technician renamed = technician(who);
        renamed.name += std::to_string(random() % 3);
        switch (random() % 6) {
          case 0:
            need(writer->remove_roster_entry(site_id(1), technician_id(who)));
            break;
          case 1:
            need(writer->put(renamed));
            break;
          case 2:
            need(writer->put(card(who, {static_cast<std::uint8_t>(random()), 1, 2, 3})));
            break;
          default:
            need(writer->put(roster_entry(1, who)));
        }
      }
      need(writer->commit());
    }
    subject.reopen();
    const auto reader = need(subject.store().begin_read());
    const SiteRoster full = need(reader->site_roster(site_id(1), 0));
    apply(need(reader->site_roster(site_id(1), held.version)), held);
    BOOST_TEST((held == full));
    if (round % 5 == 4) {
      apply(need(reader->site_roster(site_id(1), lazy.version)), lazy);
      BOOST_TEST((lazy == full));
    }
    for (const auto& one : full.technicians)
      BOOST_TEST(need(reader->roster_entry(site_id(1), one.technician)).has_value());
  }
  BOOST_TEST(held.technicians.size() > 100);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
