#include "cloud/registration/registration.hpp"

#include <algorithm>
#include <unordered_map>

#include "cloud/registration/structure.hpp"

namespace sitegate::cloud {
namespace {

/// What is asked of the store again and again within one call.
class Lookups {
 public:
  explicit Lookups(const ReadTransaction& transaction) : transaction_(transaction) {}

  struct SiteFacts {
    std::optional<Site> site;
    ContractStructure structure;
  };
  /// Valid until the next call for another site that is not yet known.
  Result<const SiteFacts*> site(SiteId id) {
    const auto known = sites_.find(id);
    if (known != sites_.end()) return &known->second;
    SiteFacts facts;
    SITEGATE_TRY(site, transaction_.site(id));
    facts.site = site;
    if (site) {
      SITEGATE_TRY(entries, transaction_.contract_structure(id));
      facts.structure = ContractStructure(site->prime_contractor, entries);
    }
    return &sites_.emplace(id, std::move(facts)).first->second;
  }

  Result<StructureSnapshot> snapshot(SiteId site_id, TechnicianId technician, WorkDate date) {
    SITEGATE_TRY(facts, site(site_id));
    if (site_id != last_site_ || technician != last_technician_) {
      SITEGATE_TRY(entry, transaction_.roster_entry(site_id, technician));
      last_entry_ = entry;
      last_site_ = site_id;
      last_technician_ = technician;
    }
    return snapshot_of(facts->structure, last_entry_, date);
  }

  Result<bool> registered(TechnicianId id) {
    const auto known = technicians_.find(id);
    if (known != technicians_.end()) return known->second;
    SITEGATE_TRY(technician, transaction_.technician(id));
    return technicians_.emplace(id, technician.has_value()).first->second;
  }

 private:
  const ReadTransaction& transaction_;
  std::unordered_map<SiteId, SiteFacts> sites_;
  std::unordered_map<TechnicianId, bool> technicians_;
  SiteId last_site_;
  TechnicianId last_technician_;
  std::optional<RosterEntry> last_entry_;
};

bool says_typed(const Passage& passage) {
  return std::ranges::any_of(passage.evidence,
                             [](const Evidence& evidence) { return evidence.method == Method::typed; });
}

/// Who a passage counts for, or the word why it counts for nobody.
struct Verdict {
  std::optional<TechnicianId> technician;
  std::string reason;
};

class PassageRegistration {
 public:
  PassageRegistration(WriteTransaction& transaction, const UnregisteredSink& on_unregistered)
      : transaction_(transaction), on_unregistered_(on_unregistered), lookups_(transaction) {}

  Result<void> take(const RegistrationBatch& batch) {
    for (const auto& passage : batch.passages) {
      SITEGATE_TRYV(take(batch, passage));
    }
    return success();
  }

  Result<RegistrationCounts> finish() {
    SITEGATE_TRY(merged, transaction_.merge_histories(contributions_));
    counts_.added = merged.added;
    counts_.changed = merged.changed;
    counts_.unchanged = merged.unchanged;
    return counts_;
  }

 private:
  Result<void> take(const RegistrationBatch& batch, const Passage& passage) {
    const EventId event{batch.gateway, batch.epoch, passage.sequence};
    if (passage.typed) {
      ++counts_.awaiting;
      return transaction_.add_typed(TypedPassage{event, batch.site, passage, Approval::awaiting});
    }
    SITEGATE_TRY(verdict, judge(batch.site, passage));
    if (!verdict.technician) {
      ++counts_.unregistered;
      const UnregisteredPassage kept{event, batch.site, passage, std::move(verdict.reason)};
      if (on_unregistered_) on_unregistered_(kept);
      return transaction_.add_unregistered(kept);
    }
    SITEGATE_TRY(snapshot, lookups_.snapshot(batch.site, *verdict.technician, passage.work_date));
    contributions_.push_back(contribution(passage, *verdict.technician, batch.site, snapshot));
    return success();
  }

  Result<Verdict> judge(SiteId site_id, const Passage& passage) {
    if (says_typed(passage)) return Verdict{std::nullopt, "typed_without_author"};
    if (!passage.gate_opened) return Verdict{std::nullopt, std::string(to_text(passage.admission))};
    SITEGATE_TRY(facts, lookups_.site(site_id));
    if (!facts->site) return Verdict{std::nullopt, "unknown_site"};
    const Site& site = *facts->site;
    const bool in_period = passage.work_date >= site.opens_on && passage.work_date <= site.closes_on;
    if (!in_period && !site.settings.open_when_site_closed) return Verdict{std::nullopt, "site_closed"};
    std::optional<TechnicianId> technician;
    if (const auto* known = std::get_if<TechnicianId>(&passage.person)) {
      technician = *known;
    } else {
      SITEGATE_TRY(holder, holder_of(transaction_, std::get<Credential>(passage.person)));
      if (!holder) return Verdict{std::nullopt, "unknown_credential"};
      technician = holder;
    }
    SITEGATE_TRY(registered, lookups_.registered(*technician));
    if (!registered) return Verdict{std::nullopt, "unknown_technician"};
    return Verdict{technician, {}};
  }

  WriteTransaction& transaction_;
  const UnregisteredSink& on_unregistered_;
  Lookups lookups_;
  std::vector<WorkHistory> contributions_;
  RegistrationCounts counts_;
};

}  // namespace

Result<std::optional<TechnicianId>> holder_of(const ReadTransaction& transaction,
                                              const Credential& credential) {
  if (const auto* named = std::get_if<TechnicianCredential>(&credential))
    return std::optional<TechnicianId>{named->technician};
  SITEGATE_TRY(holders, transaction.holders_of(credential));
  std::optional<TechnicianId> holder;
  for (const auto& assignment : holders) {
    if (holder && *holder != assignment.technician) return std::optional<TechnicianId>{};
    holder = assignment.technician;
  }
  return holder;
}

Result<RegistrationCounts> register_passages(WriteTransaction& transaction,
                                             std::span<const RegistrationBatch> batches,
                                             const UnregisteredSink& on_unregistered) {
  PassageRegistration registration(transaction, on_unregistered);
  for (const auto& batch : batches) {
    SITEGATE_TRYV(registration.take(batch));
  }
  return registration.finish();
}

Result<RegistrationCounts> register_days(WriteTransaction& transaction, std::span<const WorkedDay> days) {
  Lookups lookups(transaction);
  std::vector<WorkHistory> contributions;
  contributions.reserve(days.size());
  for (const auto& day : days) {
    SITEGATE_TRY(snapshot, lookups.snapshot(day.site, day.technician, day.work_date));
    contributions.push_back(
        {day.technician, day.site, day.work_date, day.first_entry, day.last_exit, day.method, snapshot});
  }
  SITEGATE_TRY(merged, transaction.merge_histories(contributions));
  return RegistrationCounts{merged.added, merged.changed, merged.unchanged, 0, 0};
}

}  // namespace sitegate::cloud
