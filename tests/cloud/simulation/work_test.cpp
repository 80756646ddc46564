// A nation at work, without a store: exact sums, nobody twice at one site on one day, everything refers to
// what is there.
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <tuple>

#include "cloud/simulation/work.hpp"

using namespace sitegate;
using namespace sitegate::cloud;
namespace chrono = std::chrono;

namespace {

struct Nation {
  explicit Nation(std::uint64_t one_in, std::uint64_t seed = 7) {
    settings.one_in = one_in;
    settings.seed = seed;
    plan = make_plan(scaled(published_2023_07(), one_in));
    population = make_population(plan, settings);
  }
  NationSettings settings;
  Plan plan;
  Population population;
};

std::vector<WorkedDay> all_histories(const Nation& nation, std::size_t chunk_size) {
  NationWork work(nation.population, nation.plan, nation.settings);
  BOOST_TEST_REQUIRE(work.feasible());
  std::vector<WorkedDay> all;
  WorkChunk chunk;
  while (work.next(chunk, chunk_size))
    all.insert(all.end(), chunk.worked_days.begin(), chunk.worked_days.end());
  return all;
}

auto keys(const std::vector<WorkedDay>& worked_days) {
  std::vector<
      std::tuple<TechnicianId, SiteId, WorkDate, std::optional<UtcTime>, std::optional<UtcTime>, Method>>
      made;
  for (const auto& one : worked_days)
    made.emplace_back(one.technician, one.site, one.work_date, one.first_entry, one.last_exit, one.method);
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(work)

BOOST_AUTO_TEST_CASE(population_has_the_marginals) {
  const Nation nation(500);
  std::map<std::pair<Month, bool>, std::uint64_t> companies;
  PrefectureCounts technicians{};
  PrefectureCounts others{};
  for (const auto& company : nation.population.companies) {
    const bool sole = company.company_class == CompanyClass::sole_proprietor;
    ++companies[{month_of(company.approved_on), sole}];
    if (!sole) ++others[company.prefecture.code() - 1U];
  }
  for (const auto& technician : nation.population.technicians)
    ++technicians[technician.prefecture.code() - 1U];
  for (int i = 0; i < 64; ++i) {
    const Month month = month_from_number(month_number(nation.plan.companies.first) + i);
    BOOST_TEST((companies[{month, false}]) == nation.plan.companies.in(month));
    BOOST_TEST((companies[{month, true}]) == nation.plan.sole_proprietors.in(month));
  }
  BOOST_TEST(technicians == nation.plan.technicians_by_prefecture, boost::test_tools::per_element());
  BOOST_TEST(others == nation.plan.companies_by_prefecture, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ids_are_distinct_and_keep_leading_zeros) {
  const Nation nation(200);
  std::set<TechnicianId> ids;
  std::uint64_t leading_zeros = 0;
  for (const auto& technician : nation.population.technicians) {
    ids.insert(technician.id);
    if (technician.id.text().front() == '0') ++leading_zeros;
  }
  BOOST_TEST(ids.size() == nation.population.technicians.size());
  BOOST_TEST(leading_zeros > ids.size() / 20);
  BOOST_TEST(leading_zeros < ids.size() / 5);
}

BOOST_AUTO_TEST_CASE(each_month_has_its_exact_number_of_distinct_histories) {
  const Nation nation(500);
  std::map<Month, std::uint64_t> counts;
  std::set<std::tuple<TechnicianId, SiteId, WorkDate>> triples;
  const auto histories = all_histories(nation, 1'000);
  for (const auto& history : histories) {
    ++counts[month_of(history.work_date)];
    triples.insert({history.technician, history.site, history.work_date});
  }
  BOOST_TEST(triples.size() == histories.size());
  for (std::size_t i = 0; i < nation.plan.histories.counts.size(); ++i) {
    const Month month = month_from_number(month_number(nation.plan.histories.first) + static_cast<int>(i));
    BOOST_TEST(counts[month] == nation.plan.histories.counts[i]);
  }
}

BOOST_AUTO_TEST_CASE(histories_are_of_registered_people_at_open_sites) {
  const Nation nation(500);
  std::map<TechnicianId, const NationTechnician*> technicians;
  std::map<SiteId, const NationSite*> sites;
  for (const auto& technician : nation.population.technicians) technicians[technician.id] = &technician;
  for (const auto& site : nation.population.sites) sites[site.id] = &site;
  std::uint64_t sundays = 0;
  const auto histories = all_histories(nation, 5'000);
  for (const auto& history : histories) {
    const auto& technician = *technicians.at(history.technician);
    const auto& site = *sites.at(history.site);
    BOOST_TEST_REQUIRE((technician.registered_on < history.work_date));
    BOOST_TEST_REQUIRE((nation.population.companies[technician.company].approved_on < history.work_date));
    BOOST_TEST_REQUIRE((site.registered_on <= history.work_date));
    BOOST_TEST_REQUIRE((site.opens_on <= history.work_date && history.work_date <= site.closes_on));
    const auto entry = to_local(*history.first_entry, chrono::minutes{540}) - history.work_date;
    BOOST_TEST_REQUIRE((entry >= chrono::minutes{450} && entry < chrono::minutes{490}));
    if (history.last_exit) BOOST_TEST_REQUIRE((*history.last_exit > *history.first_entry));
    if (chrono::weekday{history.work_date} == chrono::Sunday) ++sundays;
  }
  BOOST_TEST(sundays > 0U);
  BOOST_TEST(sundays * 20 < histories.size());
}

BOOST_AUTO_TEST_CASE(roster_and_structure_come_before_they_are_used) {
  const Nation nation(500);
  NationWork work(nation.population, nation.plan, nation.settings);
  std::map<std::pair<SiteId, TechnicianId>, RosterEntry> roster;
  std::set<std::pair<SiteId, CompanyId>> structure;
  std::uint64_t worked_days = 0;
  std::uint64_t on_roster = 0;
  WorkChunk chunk;
  while (work.next(chunk, 2'000)) {
    for (const auto& entry : chunk.structure) {
      if (entry.upper_company) BOOST_TEST_REQUIRE(structure.contains({entry.site, *entry.upper_company}));
      BOOST_TEST_REQUIRE(structure.insert({entry.site, entry.company}).second);
    }
    for (const auto& entry : chunk.roster) {
      BOOST_TEST_REQUIRE(structure.contains({entry.site, entry.company}));
      roster[{entry.site, entry.technician}] = entry;
    }
    for (const auto& history : chunk.worked_days) {
      ++worked_days;
      const auto entry = roster.find({history.site, history.technician});
      if (entry == roster.end()) continue;
      ++on_roster;
      BOOST_TEST_REQUIRE(
          (entry->second.from <= history.work_date && history.work_date <= entry->second.until));
    }
  }
  BOOST_TEST(roster.size() > 1'000U);
  BOOST_TEST(on_roster * 10 > worked_days * 5);
  BOOST_TEST(on_roster * 10 < worked_days * 9);
}

BOOST_AUTO_TEST_CASE(order_is_by_month_then_technician_then_date) {
  const Nation nation(1'000);
  const auto histories = all_histories(nation, 3'000);
  const auto key = [](const WorkedDay& history) {
    return std::tuple(month_of(history.work_date), history.technician, history.work_date);
  };
  for (std::size_t i = 1; i < histories.size(); ++i)
    BOOST_TEST_REQUIRE((key(histories[i - 1]) < key(histories[i])));
}

BOOST_AUTO_TEST_CASE(same_seed_same_nation_other_seed_another) {
  const auto first = all_histories(Nation(2'000, 1), 1'000);
  BOOST_TEST((keys(first) == keys(all_histories(Nation(2'000, 1), 777))));  // whatever the size of the chunks
  BOOST_TEST((keys(first) != keys(all_histories(Nation(2'000, 2), 1'000))));
}

BOOST_AUTO_TEST_CASE(small_scales_are_feasible) {
  for (const std::uint64_t one_in : {3'000, 5'000, 8'000, 10'000}) {
    BOOST_TEST_CONTEXT("one in " << one_in) {
      const Nation nation(one_in);
      BOOST_TEST(all_histories(nation, 1'000).size() == nation.plan.histories.total());
    }
  }
}

BOOST_AUTO_TEST_CASE(crews_stay_for_weeks) {
  const Nation nation(500);
  std::map<std::pair<TechnicianId, SiteId>, std::uint64_t> days;
  const auto histories = all_histories(nation, 5'000);
  std::map<std::pair<TechnicianId, Month>, std::uint64_t> months;
  for (const auto& history : histories) {
    ++days[{history.technician, history.site}];
    ++months[{history.technician, month_of(history.work_date)}];
  }
  const double days_at_site = static_cast<double>(histories.size()) / static_cast<double>(days.size());
  const double days_in_month = static_cast<double>(histories.size()) / static_cast<double>(months.size());
  BOOST_TEST(days_at_site > 10.0);
  BOOST_TEST(days_in_month > 10.0);
  BOOST_TEST(days_in_month < 16.0);
}

BOOST_AUTO_TEST_SUITE_END()
