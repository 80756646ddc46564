// Every question of the store seam, asked of one transaction's records. Caches what cannot change within a
// transaction (numbers), so it belongs to that transaction and its thread.
#pragma once
#include <unordered_map>

#include "cloud/store/lmdb/chunks.hpp"
#include "cloud/store/lmdb/counters.hpp"
#include "cloud/store/lmdb/records.hpp"
#include "cloud/store/lmdb/technician_month.hpp"
#include "cloud/store/store.hpp"

namespace sitegate::cloud {

/// What a history needs to know of its site.
struct SiteFacts {
  Number number = 0;
  Prefecture prefecture;
  bool counted = true;  ///< false: test data
};

class Queries {
 public:
  explicit Queries(const Records& records)
      : records_(records), rosters_(records, TableId::rosters), site_months_(records, TableId::site_months) {}

  Result<std::optional<Technician>> technician(TechnicianId id) const;
  Result<std::optional<Company>> company(CompanyId id) const;
  Result<std::optional<Site>> site(SiteId id) const;
  Result<std::vector<ContractStructureEntry>> contract_structure(SiteId id) const;
  Result<std::optional<RosterEntry>> roster_entry(SiteId site, TechnicianId technician) const;
  Result<std::vector<CredentialAssignment>> credentials_of(TechnicianId id) const;
  Result<std::vector<CredentialAssignment>> holders_of(const Credential& credential) const;
  Result<std::optional<GatewayRecord>> gateway(const GatewayId& id) const;
  Result<std::vector<GatewayRecord>> gateways() const;
  Result<std::uint64_t> roster_version(SiteId id) const;
  Result<SiteRoster> site_roster(SiteId id, std::uint64_t base_version) const;
  Result<std::optional<WorkHistory>> work_history(TechnicianId technician, SiteId site, WorkDate date) const;
  Result<std::vector<WorkHistory>> histories_of(TechnicianId id, WorkDate from, WorkDate until) const;
  Result<std::vector<TechnicianId>> technicians_on(SiteId id, WorkDate date) const;
  Result<Rollups> recount(const std::function<void(std::uint64_t)>& progress) const;
  Result<std::optional<GatewayPosition>> position(const GatewayId& gateway, Epoch epoch) const;
  Result<std::vector<GatewayPosition>> positions() const;
  Result<std::optional<EpochReach>> reach(const GatewayId& gateway, Epoch epoch) const;
  Result<std::vector<EpochReach>> reaches() const;
  Result<std::vector<KeptBatch>> kept_batches(const GatewayId& gateway, Epoch epoch, Sequence from,
                                              std::size_t count_max) const;
  Result<std::vector<QuarantineItem>> quarantine(std::uint64_t from, std::size_t count_max) const;
  Result<std::vector<RepeatedBatch>> repeated_batches(const GatewayId& gateway, std::size_t count_max) const;
  Result<std::vector<UnregisteredPassage>> unregistered_passages(SiteId site, std::size_t count_max) const;
  Result<std::vector<TypedPassage>> typed_passages(const std::optional<SiteId>& site,
                                                   std::size_t count_max) const;
  Result<std::vector<TypedCount>> typed_counts() const;

  // ---- for the writer ----
  Result<std::optional<Number>> technician_number(TechnicianId id) const;
  Result<std::optional<Number>> company_number(CompanyId id) const;
  /// nullptr: not registered. Points into the cache: valid until forget_site of the same site.
  Result<const SiteFacts*> site_facts(SiteId id) const;
  void forget_site(SiteId id) { sites_.erase(id.number()); }
  Result<CompanyId> company_id(Number number) const;
  Result<std::uint64_t> version_of(Number site) const;
  Result<WorkHistory> to_history(const StoredDay& day, TechnicianId technician, SiteId site,
                                 Month month) const;
  /// The site's histories by month, method and effect, as cells of `prefecture`.
  Result<void> count_site(Number site, Prefecture prefecture, std::int64_t sign, Counts& counts) const;
  [[nodiscard]] const Rosters& rosters() const { return rosters_; }
  [[nodiscard]] const SiteMonths& site_months() const { return site_months_; }

 private:
  Result<RosterEntry> to_entry(const RosterForm::Entry& stored, SiteId site, TechnicianId technician) const;
  Result<RosterTechnician> to_roster_technician(const RosterForm::Entry& stored,
                                                const Technician& technician) const;
  /// The names of those for whom the roster's technicians work.
  Result<void> tell_companies(SiteRoster& roster) const;
  Result<SiteId> site_id(Number number) const;
  /// First and last month of the table whose keys begin with a month; nullopt if it is empty.
  Result<std::optional<std::pair<int, int>>> months_of(TableId table) const;
  Result<void> days_of(Number technician, Month month, std::vector<StoredDay>& days) const;
  Result<void> count_registry(Counts& counts, std::unordered_map<Number, SiteFacts>& sites) const;

  const Records& records_;
  Rosters rosters_;
  SiteMonths site_months_;
  mutable std::unordered_map<std::uint64_t, SiteFacts> sites_;   // by ID
  mutable std::unordered_map<std::uint64_t, Number> companies_;  // by ID
  mutable std::unordered_map<Number, CompanyId> company_ids_;    // by number
  mutable std::unordered_map<Number, SiteId> site_ids_;          // by number
};

// ---- keys ----

inline Key key_of(const GatewayId& gateway) {
  return Key().text(gateway.text());
}
inline Key key_of(const GatewayId& gateway, Epoch epoch) {
  return key_of(gateway).u64(epoch);
}
inline Key key_of(const EventId& event) {
  return key_of(event.gateway, event.epoch).u64(event.sequence);
}
/// Site, time (times before 1970 first), event.
inline Key typed_key(const TypedPassage& typed) {
  const auto time_ms = static_cast<std::uint64_t>(typed.passage.event_time.time_since_epoch().count());
  return Key().u64(typed.site.number()).u64(time_ms ^ std::uint64_t{1} << 63).raw(key_of(typed.event).view());
}
inline Key credential_prefix(Number technician) {
  return Key().u32(technician);
}
/// Kind, realm and value, each with its size, so that no credential is the beginning of another.
inline Key with_form(Key key, const CredentialForm& form) {
  return key.u8(static_cast<std::uint8_t>(form.kind))
      .u8(static_cast<std::uint8_t>(form.realm.size()))
      .text(form.realm)
      .u8(static_cast<std::uint8_t>(form.value.size()))
      .raw(form.value);
}
inline Key credential_key(Number technician, const CredentialForm& form) {
  return with_form(credential_prefix(technician), form).u8(static_cast<std::uint8_t>(form.technology));
}
/// Followed by technology and technician.
inline Key holder_prefix(const CredentialForm& form) {
  return with_form(Key(), form);
}
inline Key technician_month_key(std::uint16_t month, Number technician) {
  return Key().u16(month).u32(technician);
}
inline Key site_month_list(std::uint16_t month, Number site) {
  return Key().u16(month).u32(site);
}

/// Reads a registry object by its number; a number that names nothing is damage.
template <typename Object>
Result<Object> object_at(const Records& records, TableId table, Number number);

}  // namespace sitegate::cloud
