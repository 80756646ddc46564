// The seam's transactions over one LMDB transaction each.
#pragma once
#include <unordered_map>
#include <unordered_set>

#include "cloud/store/lmdb/counters.hpp"
#include "cloud/store/lmdb/queries.hpp"
#include "cloud/store/lmdb/records.hpp"

namespace sitegate::cloud {

/// Answers every question of `Base` (ReadTransaction or WriteTransaction).
template <typename Base>
class Answering : public Base {
 public:
  explicit Answering(Records records) : records_(std::move(records)), queries_(records_) {}

  Result<std::optional<Technician>> technician(TechnicianId id) const override {
    return queries_.technician(id);
  }
  Result<std::optional<Company>> company(CompanyId id) const override { return queries_.company(id); }
  Result<std::optional<Site>> site(SiteId id) const override { return queries_.site(id); }
  Result<std::vector<ContractStructureEntry>> contract_structure(SiteId id) const override {
    return queries_.contract_structure(id);
  }
  Result<std::optional<RosterEntry>> roster_entry(SiteId site, TechnicianId technician) const override {
    return queries_.roster_entry(site, technician);
  }
  Result<std::vector<CredentialAssignment>> credentials_of(TechnicianId id) const override {
    return queries_.credentials_of(id);
  }
  Result<std::vector<CredentialAssignment>> holders_of(const Credential& credential) const override {
    return queries_.holders_of(credential);
  }
  Result<std::optional<GatewayRecord>> gateway(const GatewayId& id) const override {
    return queries_.gateway(id);
  }
  Result<std::vector<GatewayRecord>> gateways() const override { return queries_.gateways(); }
  Result<std::uint64_t> roster_version(SiteId id) const override { return queries_.roster_version(id); }
  Result<SiteRoster> site_roster(SiteId id, std::uint64_t base_version) const override {
    return queries_.site_roster(id, base_version);
  }
  Result<std::optional<WorkHistory>> work_history(TechnicianId technician, SiteId site,
                                                  WorkDate date) const override {
    return queries_.work_history(technician, site, date);
  }
  Result<std::vector<WorkHistory>> histories_of(TechnicianId id, WorkDate from,
                                                WorkDate until) const override {
    return queries_.histories_of(id, from, until);
  }
  Result<std::vector<TechnicianId>> technicians_on(SiteId id, WorkDate date) const override {
    return queries_.technicians_on(id, date);
  }
  Result<Rollups> rollups() const override {
    Counts counts = pending_;
    SITEGATE_TRYV(counts.load(records_));
    return counts.rollups();
  }
  Result<Rollups> recount(const std::function<void(std::uint64_t)>& progress) const override {
    return queries_.recount(progress);
  }
  Result<std::optional<GatewayPosition>> position(const GatewayId& gateway, Epoch epoch) const override {
    return queries_.position(gateway, epoch);
  }
  Result<std::vector<GatewayPosition>> positions() const override { return queries_.positions(); }
  Result<std::optional<EpochReach>> reach(const GatewayId& gateway, Epoch epoch) const override {
    return queries_.reach(gateway, epoch);
  }
  Result<std::vector<EpochReach>> reaches() const override { return queries_.reaches(); }
  Result<std::vector<KeptBatch>> kept_batches(const GatewayId& gateway, Epoch epoch, Sequence from,
                                              std::size_t count_max) const override {
    return queries_.kept_batches(gateway, epoch, from, count_max);
  }
  Result<std::vector<QuarantineItem>> quarantine(std::uint64_t from, std::size_t count_max) const override {
    return queries_.quarantine(from, count_max);
  }
  Result<std::vector<RepeatedBatch>> repeated_batches(const GatewayId& gateway,
                                                      std::size_t count_max) const override {
    return queries_.repeated_batches(gateway, count_max);
  }
  Result<std::vector<UnregisteredPassage>> unregistered_passages(SiteId site,
                                                                 std::size_t count_max) const override {
    return queries_.unregistered_passages(site, count_max);
  }
  Result<std::vector<TypedPassage>> typed_passages(const std::optional<SiteId>& site,
                                                   std::size_t count_max) const override {
    return queries_.typed_passages(site, count_max);
  }
  Result<std::vector<TypedCount>> typed_counts() const override { return queries_.typed_counts(); }

 protected:
  Records records_;
  Queries queries_;
  Counts pending_;  // a writer's, until its commit
};

using LmdbReadTransaction = Answering<ReadTransaction>;

class LmdbWriteTransaction final : public Answering<WriteTransaction> {
 public:
  using Answering::Answering;

  Result<void> put(const Technician&) override;
  Result<void> put(const Company&) override;
  Result<void> put(const Site&) override;
  Result<void> put(const ContractStructureEntry&) override;
  Result<void> put(const RosterEntry& entry) override { return put_roster_entries({&entry, 1}); }
  Result<void> put_roster_entries(std::span<const RosterEntry>) override;
  Result<void> remove_roster_entry(SiteId, TechnicianId) override;
  Result<void> put(const CredentialAssignment&) override;
  Result<void> put(const GatewayRecord&) override;
  Result<MergeCounts> merge_histories(std::span<const WorkHistory>) override;
  Result<void> set_position(const GatewayPosition&) override;
  Result<void> set_reach(const EpochReach&) override;
  Result<void> keep_batch(const KeptBatch&) override;
  Result<std::uint64_t> add_to_quarantine(QuarantineItem) override;
  Result<void> decide_quarantined(std::uint64_t number, const QuarantineDecision& decision) override;
  Result<void> add_repeated(const RepeatedBatch&) override;
  Result<void> add_unregistered(const UnregisteredPassage&) override;
  Result<void> add_typed(const TypedPassage&) override;
  [[nodiscard]] Result<void> commit() override;

 private:
  struct Placed {
    Number site;
    RosterForm::Entry entry;
  };

  /// The number of a batch that is not listed yet; makes room for it.
  Result<std::uint64_t> next_repeated(const GatewayId& gateway);

  /// After a half-done change the transaction must not be committed: remembers that it failed.
  template <typename T>
  Result<T> guarded(Result<T> result);

  template <typename Object>
  Result<void> write(TableId table, const Key& key, const Object& object);
  /// The object's number (a new one if it is new) and what was there before.
  template <typename Object>
  Result<std::pair<Number, std::optional<Object>>> replace(TableId numbers, TableId objects,
                                                           const Object& object);
  Result<void> move_site(Number number, const Site& before, const Site& after);

  Result<Number> need_site(SiteId id) const;
  Result<Number> need_technician(TechnicianId id) const;
  Result<Number> need_company(CompanyId id) const;

  Result<Placed> place(const RosterEntry& entry) const;
  /// Sorted by site and technician, no two equal.
  Result<void> write_roster(std::span<const Placed> entries);
  Result<void> write_site_roster(Number site, std::span<const RosterForm::Entry> entries);
  /// What gateways are told of the technician has changed.
  Result<void> touch_rosters_of(Number technician);
  Result<void> add_technician_sites();
  /// The site's next version, the same for all changes of this transaction.
  Result<std::uint64_t> next_version(Number site) const;
  Result<void> set_version(Number site, std::uint64_t version);

  std::unordered_set<Number> new_versions_;  // sites whose version this transaction has raised
  std::vector<std::pair<Number, Number>> new_technician_sites_;  // technician, site: scratch of one change
  RecordWriter record_;                                          // scratch
  bool failed_ = false;
};

}  // namespace sitegate::cloud
