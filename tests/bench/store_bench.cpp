// Histories a second and bytes a history of the store, through registration, against LMDB appending the very
// same records: two million technician-days, 11 a technician and month, everyone at one site a month, 20
// people a site. Once a month's days by technician (imports), once as they are lived: day by day and site by
// site. Prints JSON.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>
#include <span>
#include <tuple>

#include "cloud/registration/registration.hpp"
#include "shared/base/retry_delay.hpp"
#include "shared/lmdb/environment.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::cloud;
using sitegate::tests::median;
using sitegate::tests::seconds_of;
using sitegate::tests::TemporaryFolder;

namespace {

constexpr std::uint32_t technicians = 60'000;
constexpr std::uint32_t people_per_site = 20;
constexpr std::uint32_t sites = technicians / people_per_site;
constexpr std::uint32_t companies_per_site = 4;
constexpr int first_month = 5;  // of 2023
constexpr int months = 3;
constexpr std::size_t days_per_month = 11;
constexpr std::size_t all_days = std::size_t{technicians} * months * days_per_month;
constexpr std::size_t import_step = 110'000;  // days a call and commit
constexpr std::size_t lived_step = 10'000;
constexpr int rounds = 3;
constexpr std::uint64_t seed = 1'241'884;
const std::array<std::string, 3> history_tables{"technician_months", "site_months", "counts"};

template <typename T>
T must(Result<T> result) {
  if (!result) std::cerr << result.error().text() << '\n';
  SITEGATE_ASSERT(result.has_value());
  return std::move(result).value();
}
void must(const Result<void>& result) {
  if (!result) std::cerr << result.error().text() << '\n';
  SITEGATE_ASSERT(result.has_value());
}

std::string url_of(const TemporaryFolder& folder) {
  return "lmdb:" + folder.path().string();
}

// ---- the world ----

CompanyId company_id(std::uint32_t n) {
  return *CompanyId::from_number(1'000'000 + n);
}
SiteId site_id(std::uint32_t n) {
  return *SiteId::from_number(2'000'000 + n);
}
TechnicianId technician_id(std::uint32_t n) {
  return *TechnicianId::from_number(3'000'000 + n);
}
Date day_of(int month, unsigned day) {
  return Date(std::chrono::year(2023) / month / static_cast<int>(day));
}

void put_site(WriteTransaction& writer, std::uint32_t n) {
  const Prefecture prefecture = *Prefecture::from_code(static_cast<int>(1 + n % 47));
  const Date from = day_of(1, 1);
  const auto corporation = CompanyClass::corporation;
  const CompanyId prime = company_id(n * companies_per_site);
  for (std::uint32_t i = 0; i < companies_per_site; ++i)
    must(writer.put(
        Company{company_id(n * companies_per_site + i), "", prefecture, corporation, corporation, from}));
  must(writer.put(Site{site_id(n), "", prefecture, prime, from, from, day_of(12, 31), false, {}}));
  must(writer.put(ContractStructureEntry{site_id(n), prime, std::nullopt, true, "CCUS"}));
  for (std::uint32_t i = 1; i < companies_per_site; ++i) {
    const CompanyId upper = company_id(n * companies_per_site + i / 2);
    must(writer.put(ContractStructureEntry{site_id(n), company_id(n * companies_per_site + i), upper,
                                           (n + i) % 5 != 0, "CCUS"}));
  }
}

RosterEntry roster_entry(std::uint32_t technician, std::uint32_t site) {
  return {.site = site_id(site),
          .technician = technician_id(technician),
          .company = company_id(site * companies_per_site + technician % companies_per_site),
          .trade = static_cast<TradeCode>(1001 + technician % 50),
          .position = technician % 10 == 0 ? Position::foreman : Position::worker,
          .from = day_of(1, 1),
          .until = day_of(12, 31)};
}

/// Eleven days without Sundays, in order.
std::vector<Date> draw_days(int month, Random& random) {
  const auto last = std::chrono::year_month_day_last(std::chrono::year(2023) / month / std::chrono::last);
  std::vector<Date> all;
  for (Date day = day_of(month, 1); day <= Date(last); day += std::chrono::days(1))
    if (std::chrono::weekday(day) != std::chrono::Sunday) all.push_back(day);
  std::vector<Date> drawn;
  std::sample(all.begin(), all.end(), std::back_inserter(drawn), days_per_month, random);
  return drawn;
}

WorkedDay worked_day(std::uint32_t technician, std::uint32_t site, Date day, Random& random) {
  const UtcTime midnight = UtcTime(day.time_since_epoch());  // 09:00 in Japan
  const auto early = std::chrono::seconds(random() % 5400);
  const auto late = std::chrono::seconds(random() % 7200);
  return {
      .technician = technician_id(technician),
      .site = site_id(site),
      .work_date = day,
      .first_entry = midnight - early,
      .last_exit = random() % 50 == 0 ? std::nullopt : std::optional(midnight + std::chrono::hours(8) + late),
      .method = site % 10 == 0 ? Method::face : Method::card};
}

struct World {
  std::vector<RosterEntry> roster;
  std::vector<WorkedDay> days;  // by month, then technician
};

World draw_world() {
  Random random(seed);
  World world;
  world.days.reserve(all_days);
  for (int month = first_month; month < first_month + months; ++month) {
    for (std::uint32_t technician = 0; technician < technicians; ++technician) {
      const auto site = static_cast<std::uint32_t>(random() % sites);
      world.roster.push_back(roster_entry(technician, site));
      for (const Date day : draw_days(month, random))
        world.days.push_back(worked_day(technician, site, day, random));
    }
  }
  return world;
}

void put_registry(const TemporaryFolder& folder, const World& world) {
  const auto store = must(open_store(url_of(folder), {.durability = Durability::bulk}));
  const auto writer = must(store->begin_write());
  for (std::uint32_t n = 0; n < sites; ++n) put_site(*writer, n);
  for (std::uint32_t n = 0; n < technicians; ++n)
    must(writer->put(
        Technician{technician_id(n), "", *Prefecture::from_code(13), day_of(1, 1), std::nullopt}));
  must(writer->put_roster_entries(world.roster));
  must(writer->commit());
}

// ---- what is measured ----

/// Every commit is on the disk before the next begins.
double register_all(const TemporaryFolder& folder, std::span<const WorkedDay> days, std::size_t step) {
  const auto store = must(open_store(url_of(folder)));
  std::uint64_t added = 0;
  const double seconds = seconds_of([&] {
    for (std::size_t i = 0; i < days.size(); i += step) {
      const auto writer = must(store->begin_write());
      added += must(register_days(*writer, days.subspan(i, std::min(step, days.size() - i)))).added;
      must(writer->commit());
    }
  });
  SITEGATE_ASSERT(added == days.size());
  return seconds;
}

struct Record {
  std::string table;
  Bytes key;
  Bytes value;
};

struct Filled {
  std::vector<Record> records;                      // of the history tables, in the order of their keys
  std::map<std::string, std::uint64_t> page_bytes;  // by table
};

/// The registry alone leaves the tables of histories empty; counts hold the registry's cells as well.
Filled read_back(const TemporaryFolder& folder) {
  const auto environment = must(lmdb::Environment::open(folder.path(), {.read_only = true}));
  const auto tables = must(environment->tables(history_tables));
  const auto reader = must(environment->begin_read());
  Filled filled;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    filled.page_bytes[history_tables[i]] = must(reader.bytes_used(tables[i]));
    auto cursor = must(lmdb::Cursor::open(reader, tables[i]));
    for (auto at = must(cursor.first()); at; at = must(cursor.next()))
      filled.records.push_back({history_tables[i], to_bytes(at->key), to_bytes(at->value)});
  }
  return filled;
}

/// The same records in as many synchronised commits, with nothing looked up, merged, counted or checksummed.
double append_all(const std::vector<Record>& records, std::size_t commits) {
  const TemporaryFolder folder;
  const auto environment = must(lmdb::Environment::open(folder.path(), {.map_size = std::size_t{4} << 30}));
  std::map<std::string, lmdb::Table> tables;
  for (const auto& name : history_tables) tables[name] = must(environment->table(name));
  const std::size_t step = records.size() / commits + 1;
  return seconds_of([&] {
    for (std::size_t i = 0; i < records.size(); i += step) {
      auto writer = must(environment->begin_write());
      for (std::size_t k = i; k < std::min(i + step, records.size()); ++k)
        must(writer.append(tables[records[k].table], records[k].key, records[k].value));
      must(writer.commit());
    }
  });
}

nlohmann::ordered_json sizes(const Filled& filled) {
  nlohmann::ordered_json json;
  const auto per_history = [](std::uint64_t bytes) { return static_cast<double>(bytes) / all_days; };
  std::uint64_t pages = 0;
  for (const auto& [table, bytes] : filled.page_bytes) {
    json["page_bytes_per_history"][table] = per_history(bytes);
    pages += bytes;
  }
  json["page_bytes_per_history"]["all"] = per_history(pages);
  std::uint64_t content = 0;
  for (const auto& record : filled.records) content += record.key.size() + record.value.size();
  json["key_and_value_bytes_per_history"] = per_history(content);
  return json;
}

/// Store and raw LMDB in turn, because machines drift; each store begins with a copy of the registry.
nlohmann::ordered_json measure(const TemporaryFolder& registry, std::span<const WorkedDay> days,
                               std::size_t step) {
  const std::size_t commits = (days.size() + step - 1) / step;
  std::vector<double> store_rates;
  std::vector<double> raw_rates;
  std::vector<double> ratios;
  nlohmann::ordered_json json;
  for (int round = 0; round < rounds; ++round) {
    const TemporaryFolder folder;
    std::filesystem::copy_file(registry / "data.mdb", folder / "data.mdb");
    store_rates.push_back(all_days / register_all(folder, days, step));
    const Filled filled = read_back(folder);
    raw_rates.push_back(all_days / append_all(filled.records, commits));
    ratios.push_back(store_rates.back() / raw_rates.back());
    if (round == 0) json = sizes(filled);
  }
  json["commits"] = commits;
  json["histories_per_second"] = median(store_rates);
  json["raw_lmdb_histories_per_second"] = median(raw_rates);
  json["part_of_raw_lmdb"] = median(ratios);
  json["histories_per_second_each_round"] = store_rates;
  return json;
}

}  // namespace

int main() {
  World world = draw_world();
  const TemporaryFolder registry;
  put_registry(registry, world);
  nlohmann::ordered_json json{
      {"bench", "store"}, {"histories", all_days}, {"rounds", rounds}, {"seed", seed}};
  json["by_month_and_technician"] = measure(registry, world.days, import_step);
  std::stable_sort(world.days.begin(), world.days.end(), [](const WorkedDay& a, const WorkedDay& b) {
    return std::tie(a.work_date, a.site) < std::tie(b.work_date, b.site);
  });
  json["by_day_and_site"] = measure(registry, world.days, lived_step);
  std::cout << json.dump(2) << '\n';
}
