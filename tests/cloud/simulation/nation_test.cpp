// The simulated nation in the real store: every published number is counted from records and equals the
// scaled figure.
#include "cloud/simulation/nation.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "cloud/simulation/plan.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::cloud;
namespace chrono = std::chrono;

namespace {

struct NationStore {
  tests::TemporaryFolder folder;
  std::unique_ptr<Store> store = open();

  std::unique_ptr<Store> open() const {
    StoreOptions options;
    options.durability = Durability::bulk;
    options.map_size = std::size_t{1} << 30;
    auto opened = open_store("lmdb:" + (folder / "store").string(), options);
    if (!opened) BOOST_FAIL(opened.error().text());
    return std::move(opened.value());
  }
  NationCounts simulate(std::uint64_t one_in, std::uint64_t seed = 20230731) {
    NationSettings settings;
    settings.one_in = one_in;
    settings.seed = seed;
    const auto done = simulate_nation(*store, settings, {});
    if (!done) BOOST_FAIL(done.error().text());
    return done.value();
  }
  void open_again() {
    store.reset();
    store = open();
  }
  Rollups rollups() const { return store->begin_read().value()->rollups().value(); }
  Rollups recount() const { return store->begin_read().value()->recount({}).value(); }
};

constexpr Month july = chrono::year{2023} / chrono::July;
constexpr Month june = chrono::year{2023} / chrono::June;
constexpr Month may = chrono::year{2023} / chrono::May;
constexpr Month march = chrono::year{2023} / chrono::March;

/// Sums the counts of the cells that `which` picks.
template <typename Cell, typename Which>
std::uint64_t sum(const std::vector<Cell>& cells, Which which) {
  std::uint64_t total = 0;
  for (const auto& cell : cells)
    if (which(cell)) total += cell.count;
  return total;
}

/// Counted anew from cells in the way the report defines its numbers.
Published counted(const Rollups& rollups) {
  const auto registered = [](const auto& cells, auto today, auto at_approval) {
    RegisteredCounts counts;
    counts.in_month = sum(cells, [&](const auto& c) { return c.month == july && at_approval(c); });
    counts.at_month_end = sum(cells, [&](const auto& c) { return c.month <= july && today(c); });
    counts.at_last_fiscal_year_end = sum(cells, [&](const auto& c) { return c.month <= march && today(c); });
    counts.in_fiscal_year = counts.at_month_end - counts.at_last_fiscal_year_end;
    return counts;
  };
  const auto all = [](const auto&) { return true; };
  const auto not_sole = [](const CompanyCell& c) { return c.company_class != CompanyClass::sole_proprietor; };
  const auto not_sole_then = [](const CompanyCell& c) {
    return c.company_class_at_approval != CompanyClass::sole_proprietor;
  };
  const auto in = [](Month month) { return [month](const auto& c) { return c.month == month; }; };
  const auto in_fiscal_year = [](const auto& c) { return c.month > march; };
  Published found;
  found.month = july;
  found.technicians = registered(rollups.technicians, all, all);
  found.companies = registered(rollups.companies, all, all);
  found.companies_without_sole_proprietors = registered(rollups.companies, not_sole, not_sole_then);
  found.sites = {sum(rollups.sites, in(july)), sum(rollups.sites, in(june)), sum(rollups.sites, in(may)),
                 sum(rollups.sites, in_fiscal_year), sum(rollups.sites, all)};
  found.histories = {sum(rollups.histories, in(july)), sum(rollups.histories, in(june)),
                     sum(rollups.histories, in_fiscal_year), sum(rollups.histories, all)};
  for (const auto& cell : rollups.technicians)
    found.technicians_by_prefecture[cell.prefecture.code() - 1U] += cell.count;
  for (const auto& cell : rollups.companies) {
    found.companies_by_prefecture[cell.prefecture.code() - 1U] += cell.count;
    if (not_sole(cell))
      found.companies_without_sole_proprietors_by_prefecture[cell.prefecture.code() - 1U] += cell.count;
  }
  return found;
}

void check_registration(const RegisteredCounts& found, const RegisteredCounts& expected) {
  BOOST_TEST(found.in_month == expected.in_month);
  BOOST_TEST(found.at_month_end == expected.at_month_end);
  BOOST_TEST(found.at_last_fiscal_year_end == expected.at_last_fiscal_year_end);
  BOOST_TEST(found.in_fiscal_year == expected.in_fiscal_year);
}

void check_figures(const Published& found, const Published& expected) {
  const auto per_element = boost::test_tools::per_element();
  check_registration(found.technicians, expected.technicians);
  check_registration(found.companies, expected.companies);
  check_registration(found.companies_without_sole_proprietors, expected.companies_without_sole_proprietors);
  BOOST_TEST((found.sites == expected.sites));
  BOOST_TEST((found.histories == expected.histories));
  BOOST_TEST(found.technicians_by_prefecture == expected.technicians_by_prefecture, per_element);
  BOOST_TEST(found.companies_by_prefecture == expected.companies_by_prefecture, per_element);
  BOOST_TEST(found.companies_without_sole_proprietors_by_prefecture ==
                 expected.companies_without_sole_proprietors_by_prefecture,
             per_element);
  BOOST_TEST((found == expected));
}

void check_nation(std::uint64_t one_in) {
  NationStore nation;
  const auto counts = nation.simulate(one_in);
  nation.open_again();
  const auto expected = scaled(published_2023_07(), one_in);
  const auto rollups = nation.rollups();
  check_figures(counted(rollups), expected);
  BOOST_TEST((nation.recount() == rollups));
  BOOST_TEST(counts.histories == expected.histories.cumulative);
  BOOST_TEST(counts.technicians == expected.technicians.at_month_end);
  // Every month, not only the published ones.
  const auto plan = make_plan(expected);
  for (int i = 0; i < 64; ++i) {
    const Month month = month_from_number(month_number(plan.technicians.first) + i);
    const auto in_month = [month](const auto& cell) { return cell.month == month; };
    BOOST_TEST(sum(rollups.technicians, in_month) == plan.technicians.in(month));
    BOOST_TEST(sum(rollups.sites, in_month) == plan.sites.in(month));
    BOOST_TEST(sum(rollups.histories, in_month) == plan.histories.in(month));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nation)

BOOST_AUTO_TEST_CASE(one_in_5000_is_counted_exactly) {
  check_nation(5'000);
}

BOOST_AUTO_TEST_CASE(one_in_1000_is_counted_exactly) {
  check_nation(1'000);
}

BOOST_AUTO_TEST_CASE(same_seed_same_store_other_seed_another) {
  NationStore first, second, other;
  const auto counts = first.simulate(8'000, 1);
  BOOST_TEST((second.simulate(8'000, 1) == counts));
  BOOST_TEST((other.simulate(8'000, 2) != counts));
  BOOST_TEST((first.rollups() == second.rollups()));
  BOOST_TEST((first.rollups() != other.rollups()));
}

BOOST_AUTO_TEST_CASE(settings_show_in_the_data_without_touching_the_figures) {
  NationStore nation;
  nation.simulate(1'000);
  const auto rollups = nation.rollups();
  const auto all = static_cast<double>(sum(rollups.histories, [](const auto&) { return true; }));
  const auto effective =
      static_cast<double>(sum(rollups.histories, [](const auto& c) { return c.effective; }));
  const auto card =
      static_cast<double>(sum(rollups.histories, [](const auto& c) { return c.method == Method::card; }));
  BOOST_TEST(effective / all > 0.4);
  BOOST_TEST(effective / all < 0.9);
  BOOST_TEST(card / all > 0.4);
  BOOST_TEST(card / all < 0.9);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_not_empty_is_refused) {
  NationStore nation;
  auto transaction = std::move(nation.store->begin_write().value());
  Technician technician;
  technician.id = *TechnicianId::from_number(1);
  technician.prefecture = *Prefecture::from_code(1);
  technician.registered_on = first_day(july);
  BOOST_REQUIRE(transaction->put(technician));
  BOOST_REQUIRE(transaction->commit());
  const auto done = simulate_nation(*nation.store, NationSettings{.one_in = 5'000}, {});
  BOOST_REQUIRE(!done);
  BOOST_TEST(is(done.error(), SimulationErrc::store_not_empty));
}

BOOST_AUTO_TEST_CASE(other_months_and_impossible_scales_are_refused) {
  NationStore nation;
  NationSettings settings;
  settings.as_of = june;
  auto done = simulate_nation(*nation.store, settings, {});
  BOOST_REQUIRE(!done);
  BOOST_TEST(is(done.error(), SimulationErrc::nothing_published));
  BOOST_TEST(done.error().detail.find("2023-06") != std::string::npos);
  for (const std::uint64_t one_in : {0, 20'000, 1'000'000}) {
    settings = {};
    settings.one_in = one_in;
    done = simulate_nation(*nation.store, settings, {});
    BOOST_REQUIRE(!done);
    BOOST_TEST(is(done.error(), SimulationErrc::scale_too_coarse));
  }
  BOOST_TEST((nation.rollups() == Rollups{}));  // nothing was begun
}

BOOST_AUTO_TEST_CASE(progress_reaches_each_total) {
  NationStore nation;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> last;
  NationSettings settings;
  settings.one_in = 5'000;
  const auto done = simulate_nation(*nation.store, settings, [&](auto phase, auto now, auto total) {
    last[std::string(phase)] = {now, total};
  });
  BOOST_REQUIRE(done);
  BOOST_TEST(last.size() == 5U);
  for (const auto& [phase, numbers] : last) BOOST_TEST(numbers.first == numbers.second, phase);
}

BOOST_AUTO_TEST_SUITE_END()
