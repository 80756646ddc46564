#include "cloud/store/lmdb/queries.hpp"

#include <algorithm>
#include <set>

#include "cloud/store/lmdb/forms.hpp"

namespace sitegate::cloud {
namespace {

constexpr std::uint64_t progress_step = 1 << 16;

std::optional<UtcTime> to_time(std::optional<std::int64_t> time_s) {
  if (!time_s) return std::nullopt;
  return UtcTime(std::chrono::seconds(*time_s));
}

Date to_date(std::int32_t days) {
  return Date(std::chrono::days(days));
}

std::uint8_t day_of(Date date) {
  return static_cast<std::uint8_t>((date - first_day(month_of(date))).count() + 1);
}

template <typename Id>
Result<std::optional<Number>> number_of(const Records& records, TableId table, Id id) {
  const Key key = Key().u64(id.number());
  SITEGATE_TRY(bytes, records.get(table, key));
  if (!bytes) return std::optional<Number>{};
  RecordReader record(*bytes);
  const auto number = static_cast<Number>(record.varint());
  if (!record.complete()) return damaged(table, key.view());
  return std::optional(number);
}

template <typename Object>
Result<std::optional<Object>> object_of(const Records& records, TableId numbers, TableId objects,
                                        decltype(Object::id) id) {
  SITEGATE_TRY(number, number_of(records, numbers, id));
  if (!number) return std::optional<Object>{};
  SITEGATE_TRY(object, object_at<Object>(records, objects, *number));
  return std::optional(std::move(object));
}

/// Objects in key order, at most `count_max`.
template <typename Object>
Result<std::vector<Object>> objects(const Records& records, TableId table, const Key& from, ByteView prefix,
                                    std::size_t count_max) {
  std::vector<Object> all;
  if (count_max == 0) return all;
  SITEGATE_TRYV(records.scan(table, from, prefix, [&](ByteView key, ByteView payload) -> Result<bool> {
    if (!decode(payload, all.emplace_back())) return damaged(table, key);
    return all.size() < count_max;
  }));
  return all;
}

constexpr std::size_t all_of_them = std::numeric_limits<std::size_t>::max();

template <typename Object>
Result<std::optional<Object>> object_if_there(const Records& records, TableId table, const Key& key) {
  SITEGATE_TRY(bytes, records.get(table, key));
  if (!bytes) return std::optional<Object>{};
  Object object;
  if (!decode(*bytes, object)) return damaged(table, key.view());
  return std::optional(std::move(object));
}

}  // namespace

template <typename Object>
Result<Object> object_at(const Records& records, TableId table, Number number) {
  const Key key = Key().u32(number);
  SITEGATE_TRY(bytes, records.get(table, key));
  Object object;
  if (!bytes || !decode(*bytes, object)) return damaged(table, key.view());
  return object;
}
template Result<Technician> object_at(const Records&, TableId, Number);
template Result<Company> object_at(const Records&, TableId, Number);
template Result<Site> object_at(const Records&, TableId, Number);

// ---- registry ----

Result<std::optional<Technician>> Queries::technician(TechnicianId id) const {
  return object_of<Technician>(records_, TableId::technician_numbers, TableId::technicians, id);
}

Result<std::optional<Company>> Queries::company(CompanyId id) const {
  return object_of<Company>(records_, TableId::company_numbers, TableId::companies, id);
}

Result<std::optional<Site>> Queries::site(SiteId id) const {
  return object_of<Site>(records_, TableId::site_numbers, TableId::sites, id);
}

Result<std::optional<Number>> Queries::technician_number(TechnicianId id) const {
  return number_of(records_, TableId::technician_numbers, id);
}

Result<std::optional<Number>> Queries::company_number(CompanyId id) const {
  if (const auto known = companies_.find(id.number()); known != companies_.end())
    return std::optional(known->second);
  SITEGATE_TRY(number, number_of(records_, TableId::company_numbers, id));
  if (number) companies_.emplace(id.number(), *number);
  return number;
}

Result<const SiteFacts*> Queries::site_facts(SiteId id) const {
  if (const auto known = sites_.find(id.number()); known != sites_.end()) return &known->second;
  SITEGATE_TRY(number, number_of(records_, TableId::site_numbers, id));
  if (!number) return static_cast<const SiteFacts*>(nullptr);
  SITEGATE_TRY(site, object_at<Site>(records_, TableId::sites, *number));
  return &sites_.emplace(id.number(), SiteFacts{*number, site.prefecture, !site.test_data}).first->second;
}

Result<CompanyId> Queries::company_id(Number number) const {
  if (const auto known = company_ids_.find(number); known != company_ids_.end()) return known->second;
  SITEGATE_TRY(company, object_at<Company>(records_, TableId::companies, number));
  company_ids_.emplace(number, company.id);
  return company.id;
}

Result<SiteId> Queries::site_id(Number number) const {
  if (const auto known = site_ids_.find(number); known != site_ids_.end()) return known->second;
  SITEGATE_TRY(site, object_at<Site>(records_, TableId::sites, number));
  site_ids_.emplace(number, site.id);
  return site.id;
}

Result<std::vector<ContractStructureEntry>> Queries::contract_structure(SiteId id) const {
  SITEGATE_TRY(facts, site_facts(id));
  if (facts == nullptr) return std::vector<ContractStructureEntry>{};
  const Key prefix = Key().u32(facts->number);
  return objects<ContractStructureEntry>(records_, TableId::contract_structures, prefix, prefix.view(),
                                         all_of_them);
}

Result<RosterEntry> Queries::to_entry(const RosterForm::Entry& stored, SiteId site,
                                      TechnicianId technician) const {
  SITEGATE_TRY(company, company_id(stored.company));
  return RosterEntry{.site = site,
                     .technician = technician,
                     .company = company,
                     .trade = stored.trade,
                     .position = stored.position,
                     .from = to_date(stored.from),
                     .until = to_date(stored.until)};
}

Result<std::optional<RosterEntry>> Queries::roster_entry(SiteId site, TechnicianId technician) const {
  SITEGATE_TRY(facts, site_facts(site));
  if (facts == nullptr) return std::optional<RosterEntry>{};
  SITEGATE_TRY(number, technician_number(technician));
  if (!number) return std::optional<RosterEntry>{};
  SITEGATE_TRY(stored, rosters_.find(Key().u32(facts->number), *number));
  if (!stored || stored->removed) return std::optional<RosterEntry>{};
  SITEGATE_TRY(entry, to_entry(*stored, site, technician));
  return std::optional(entry);
}

Result<std::vector<CredentialAssignment>> Queries::credentials_of(TechnicianId id) const {
  SITEGATE_TRY(number, technician_number(id));
  if (!number) return std::vector<CredentialAssignment>{};
  const Key prefix = credential_prefix(*number);
  return objects<CredentialAssignment>(records_, TableId::credentials, prefix, prefix.view(), all_of_them);
}

Result<std::vector<CredentialAssignment>> Queries::holders_of(const Credential& credential) const {
  std::vector<CredentialAssignment> holders;
  CredentialForm form = form_of(credential);
  if (!credential_of(form)) return holders;
  const Key prefix = holder_prefix(form);
  SITEGATE_TRYV(
      records_.scan(TableId::credential_holders, prefix, [&](ByteView key, ByteView) -> Result<bool> {
        // the credential, technology, technician
        const ByteView rest = key.subspan(prefix.view().size());
        if (rest.size() != 1 + sizeof(Number)) return damaged(TableId::credential_holders, key);
        form.technology = static_cast<CardTechnology>(rest[0]);
        const auto technician = lmdb::get_big_endian<Number>(rest.subspan(1));
        SITEGATE_TRY(assignment, object_if_there<CredentialAssignment>(records_, TableId::credentials,
                                                                       credential_key(technician, form)));
        if (!assignment) return damaged(TableId::credential_holders, key);
        if (same_credential(assignment->credential, credential)) holders.push_back(std::move(*assignment));
        return true;
      }));
  std::sort(holders.begin(), holders.end(), [](const CredentialAssignment& a, const CredentialAssignment& b) {
    return std::tie(a.technician, a.credential) < std::tie(b.technician, b.credential);
  });
  return holders;
}

Result<std::optional<GatewayRecord>> Queries::gateway(const GatewayId& id) const {
  return object_if_there<GatewayRecord>(records_, TableId::gateways, key_of(id));
}

Result<std::vector<GatewayRecord>> Queries::gateways() const {
  return objects<GatewayRecord>(records_, TableId::gateways, Key(), {}, all_of_them);
}

// ---- rosters ----

Result<std::uint64_t> Queries::version_of(Number site) const {
  const Key key = Key().u32(site);
  SITEGATE_TRY(bytes, records_.get(TableId::roster_versions, key));
  if (!bytes) return std::uint64_t{0};
  RecordReader record(*bytes);
  const std::uint64_t version = record.varint();
  if (!record.complete()) return damaged(TableId::roster_versions, key.view());
  return version;
}

Result<std::uint64_t> Queries::roster_version(SiteId id) const {
  SITEGATE_TRY(facts, site_facts(id));
  if (facts == nullptr) return std::uint64_t{0};
  return version_of(facts->number);
}

Result<RosterTechnician> Queries::to_roster_technician(const RosterForm::Entry& stored,
                                                       const Technician& technician) const {
  RosterTechnician told{.technician = technician.id,
                        .name = technician.name,
                        .from = to_date(stored.from),
                        .until = to_date(stored.until),
                        .credentials = {}};
  SITEGATE_TRY(company, company_id(stored.company));
  told.company = company;
  SITEGATE_TRY(credentials, credentials_of(technician.id));
  for (auto& one : credentials) told.credentials.push_back({std::move(one.credential), one.expires_on});
  return told;
}

Result<void> Queries::tell_companies(SiteRoster& roster) const {
  std::set<CompanyId> told;
  for (const auto& technician : roster.technicians)
    if (technician.company) told.insert(*technician.company);
  for (const CompanyId id : told) {
    SITEGATE_TRY(known, company(id));
    if (known) roster.companies.push_back({id, known->name});
  }
  return success();
}

Result<SiteRoster> Queries::site_roster(SiteId id, std::uint64_t base_version) const {
  SITEGATE_TRY(about, site(id));
  SiteRoster roster;
  roster.site = id;
  if (!about) return roster;
  SITEGATE_TRY(facts, site_facts(id));
  roster.opens_on = about->opens_on;
  roster.closes_on = about->closes_on;
  roster.settings = about->settings;
  SITEGATE_TRY(version, version_of(facts->number));
  roster.version = version;
  if (base_version <= roster.version) roster.base_version = base_version;
  SITEGATE_TRY(entries, rosters_.all(Key().u32(facts->number)));
  for (const auto& entry : entries) {
    if (entry.version <= roster.base_version) continue;
    if (entry.removed && roster.base_version == 0) continue;
    SITEGATE_TRY(technician, object_at<Technician>(records_, TableId::technicians, entry.technician));
    if (entry.removed) {
      roster.removed.push_back(technician.id);
      continue;
    }
    SITEGATE_TRY(told, to_roster_technician(entry, technician));
    roster.technicians.push_back(std::move(told));
  }
  SITEGATE_TRYV(tell_companies(roster));
  std::sort(roster.removed.begin(), roster.removed.end());
  std::sort(roster.technicians.begin(), roster.technicians.end(),
            [](const RosterTechnician& a, const RosterTechnician& b) { return a.technician < b.technician; });
  return roster;
}

// ---- histories ----

Result<WorkHistory> Queries::to_history(const StoredDay& day, TechnicianId technician, SiteId site,
                                        Month month) const {
  WorkHistory history{.technician = technician,
                      .site = site,
                      .work_date = first_day(month) + std::chrono::days(day.day - 1),
                      .first_entry = to_time(day.entry_s),
                      .last_exit = to_time(day.exit_s),
                      .method = day.method,
                      .structure = {}};
  history.structure.tier = day.structure.tier;
  history.structure.trade = day.structure.trade;
  history.structure.position = day.structure.position;
  history.structure.effective = day.structure.effective;
  if (day.structure.company_plus_one != 0) {
    SITEGATE_TRY(company, company_id(day.structure.company_plus_one - 1));
    history.structure.company = company;
  }
  return history;
}

Result<void> Queries::days_of(Number technician, Month month, std::vector<StoredDay>& days) const {
  days.clear();
  const Key key = technician_month_key(static_cast<std::uint16_t>(month_number(month)), technician);
  SITEGATE_TRY(bytes, records_.get(TableId::technician_months, key));
  if (bytes && !decode_month(month, *bytes, days)) return damaged(TableId::technician_months, key.view());
  return success();
}

Result<std::optional<WorkHistory>> Queries::work_history(TechnicianId technician, SiteId site,
                                                         WorkDate date) const {
  const auto nothing = std::optional<WorkHistory>{};
  if (!date_can_be_counted(date)) return nothing;
  SITEGATE_TRY(number, technician_number(technician));
  SITEGATE_TRY(facts, site_facts(site));
  if (!number || facts == nullptr) return nothing;
  std::vector<StoredDay> days;
  SITEGATE_TRYV(days_of(*number, month_of(date), days));
  const auto at = std::find_if(days.begin(), days.end(), [&](const StoredDay& day) {
    return day.site == facts->number && day.day == day_of(date);
  });
  if (at == days.end()) return nothing;
  SITEGATE_TRY(history, to_history(*at, technician, site, month_of(date)));
  return std::optional(history);
}

Result<std::optional<std::pair<int, int>>> Queries::months_of(TableId table) const {
  SITEGATE_TRY(first, records_.first_key(table));
  SITEGATE_TRY(last, records_.last_key(table));
  if (!first || !last) return std::optional<std::pair<int, int>>{};
  return std::optional(std::pair<int, int>(lmdb::get_big_endian<std::uint16_t>(first->view()),
                                           lmdb::get_big_endian<std::uint16_t>(last->view())));
}

Result<std::vector<WorkHistory>> Queries::histories_of(TechnicianId id, WorkDate from, WorkDate until) const {
  std::vector<WorkHistory> histories;
  SITEGATE_TRY(number, technician_number(id));
  SITEGATE_TRY(months, months_of(TableId::technician_months));
  if (!number || !months || from > until) return histories;
  const int first = std::max(months->first, month_number(month_of(from)));
  const int last = std::min(months->second, month_number(month_of(until)));
  std::vector<StoredDay> days;
  for (int month = first; month <= last; ++month) {
    SITEGATE_TRYV(days_of(*number, month_from_number(month), days));
    for (const StoredDay& day : days) {
      SITEGATE_TRY(site, site_id(day.site));
      SITEGATE_TRY(history, to_history(day, id, site, month_from_number(month)));
      if (history.work_date >= from && history.work_date <= until) histories.push_back(history);
    }
  }
  std::sort(histories.begin(), histories.end(), [](const WorkHistory& a, const WorkHistory& b) {
    return std::tie(a.work_date, a.site) < std::tie(b.work_date, b.site);
  });
  return histories;
}

Result<std::vector<TechnicianId>> Queries::technicians_on(SiteId id, WorkDate date) const {
  std::vector<TechnicianId> technicians;
  SITEGATE_TRY(facts, site_facts(id));
  if (facts == nullptr || !date_can_be_counted(date)) return technicians;
  SITEGATE_TRY(entries, site_months_.all(site_month_list(month_key(date), facts->number)));
  for (const auto& entry : entries) {
    if ((entry.days >> (day_of(date) - 1) & 1) == 0) continue;
    SITEGATE_TRY(technician, object_at<Technician>(records_, TableId::technicians, entry.technician));
    technicians.push_back(technician.id);
  }
  std::sort(technicians.begin(), technicians.end());
  return technicians;
}

// ---- counting ----

Result<void> Queries::count_site(Number site, Prefecture prefecture, std::int64_t sign,
                                 Counts& counts) const {
  SITEGATE_TRY(months, months_of(TableId::site_months));
  if (!months) return success();
  std::vector<StoredDay> days;
  for (int number = months->first; number <= months->second; ++number) {
    const Month month = month_from_number(number);
    SITEGATE_TRY(entries, site_months_.all(site_month_list(static_cast<std::uint16_t>(number), site)));
    for (const auto& entry : entries) {
      SITEGATE_TRYV(days_of(entry.technician, month, days));
      for (const StoredDay& day : days)
        if (day.site == site)
          counts.add(cell_of(month, prefecture, day.method, day.structure.effective), sign);
    }
  }
  return success();
}

Result<void> Queries::count_registry(Counts& counts, std::unordered_map<Number, SiteFacts>& sites) const {
  SITEGATE_TRYV(
      records_.scan(TableId::technicians, Key(), [&](ByteView key, ByteView payload) -> Result<bool> {
        Technician technician;
        if (!decode(payload, technician)) return damaged(TableId::technicians, key);
        counts.add(cell_of(technician), 1);
        return true;
      }));
  SITEGATE_TRYV(records_.scan(TableId::companies, Key(), [&](ByteView key, ByteView payload) -> Result<bool> {
    Company company;
    if (!decode(payload, company)) return damaged(TableId::companies, key);
    counts.add(cell_of(company), 1);
    return true;
  }));
  return records_.scan(TableId::sites, Key(), [&](ByteView key, ByteView payload) -> Result<bool> {
    Site site;
    if (!decode(payload, site)) return damaged(TableId::sites, key);
    const auto number = lmdb::get_big_endian<Number>(key);
    sites.emplace(number, SiteFacts{number, site.prefecture, !site.test_data});
    if (!site.test_data) counts.add(cell_of(site), 1);
    return true;
  });
}

Result<Rollups> Queries::recount(const std::function<void(std::uint64_t)>& progress) const {
  Counts counts;
  std::unordered_map<Number, SiteFacts> sites;
  SITEGATE_TRYV(count_registry(counts, sites));
  std::uint64_t read = 0;
  std::vector<StoredDay> days;
  const auto count = [&](ByteView key, ByteView payload) -> Result<bool> {
    const Month month = month_from_number(lmdb::get_big_endian<std::uint16_t>(key));
    if (!decode_month(month, payload, days)) return damaged(TableId::technician_months, key);
    for (const StoredDay& day : days) {
      const auto site = sites.find(day.site);
      if (site == sites.end()) return damaged(TableId::technician_months, key);
      if (site->second.counted)
        counts.add(cell_of(month, site->second.prefecture, day.method, day.structure.effective), 1);
    }
    if (progress && (read + days.size()) / progress_step != read / progress_step)
      progress(read + days.size());
    read += days.size();
    return true;
  };
  SITEGATE_TRYV(records_.scan(TableId::technician_months, Key(), count));
  if (progress) progress(read);
  return counts.rollups();
}

// ---- ingest ----

Result<std::optional<GatewayPosition>> Queries::position(const GatewayId& gateway, Epoch epoch) const {
  return object_if_there<GatewayPosition>(records_, TableId::positions, key_of(gateway, epoch));
}

Result<std::vector<GatewayPosition>> Queries::positions() const {
  return objects<GatewayPosition>(records_, TableId::positions, Key(), {}, all_of_them);
}

Result<std::optional<EpochReach>> Queries::reach(const GatewayId& gateway, Epoch epoch) const {
  return object_if_there<EpochReach>(records_, TableId::reaches, key_of(gateway, epoch));
}

Result<std::vector<EpochReach>> Queries::reaches() const {
  return objects<EpochReach>(records_, TableId::reaches, Key(), {}, all_of_them);
}

Result<std::vector<KeptBatch>> Queries::kept_batches(const GatewayId& gateway, Epoch epoch, Sequence from,
                                                     std::size_t count_max) const {
  const Key prefix = key_of(gateway, epoch);
  Key start = Key(prefix).u64(from);
  SITEGATE_TRY(cursor, records_.cursor(TableId::kept_batches));
  auto at = cursor.at_or_after(start.view());
  if (!at) return store_error(at.error());
  const bool exact = at.value() && starts_with(at.value()->key, start.view());
  if (!exact) {
    at = at.value() ? cursor.previous() : cursor.last();
    if (!at) return store_error(at.error());
    if (at.value() && starts_with(at.value()->key, prefix.view())) {
      SITEGATE_TRY(payload, records_.payload(TableId::kept_batches, *at.value()));
      KeptBatch before;
      if (!decode(payload, before)) return damaged(TableId::kept_batches, at.value()->key);
      if (before.through >= from) start = Key(at.value()->key);
    }
  }
  return objects<KeptBatch>(records_, TableId::kept_batches, start, prefix.view(), count_max);
}

Result<std::vector<QuarantineItem>> Queries::quarantine(std::uint64_t from, std::size_t count_max) const {
  return objects<QuarantineItem>(records_, TableId::quarantine, Key().u64(from), {}, count_max);
}

Result<std::vector<RepeatedBatch>> Queries::repeated_batches(const GatewayId& gateway,
                                                             std::size_t count_max) const {
  const Key prefix = key_of(gateway);
  SITEGATE_TRY(all, objects<RepeatedBatch>(records_, TableId::repeated_batches, prefix, prefix.view(),
                                           repeated_batches_max));
  std::ranges::reverse(all);
  if (all.size() > count_max) all.resize(count_max);
  return std::move(all);
}

Result<std::vector<UnregisteredPassage>> Queries::unregistered_passages(SiteId site,
                                                                        std::size_t count_max) const {
  const Key prefix = Key().u64(site.number());
  return objects<UnregisteredPassage>(records_, TableId::unregistered, prefix, prefix.view(), count_max);
}

Result<std::vector<TypedPassage>> Queries::typed_passages(const std::optional<SiteId>& site,
                                                          std::size_t count_max) const {
  const Key prefix = site ? Key().u64(site->number()) : Key();
  return objects<TypedPassage>(records_, TableId::typed_passages, prefix, prefix.view(), count_max);
}

Result<std::vector<TypedCount>> Queries::typed_counts() const {
  std::vector<TypedCount> counts;
  SITEGATE_TRYV(records_.scan(TableId::typed_passages, Key(), [&](ByteView key, ByteView) -> Result<bool> {
    const auto site = SiteId::from_number(lmdb::get_big_endian<std::uint64_t>(key));
    if (!site) return damaged(TableId::typed_passages, key);
    if (counts.empty() || counts.back().site != *site) counts.push_back({*site, 0});
    ++counts.back().awaiting;
    return true;
  }));
  return counts;
}

}  // namespace sitegate::cloud
