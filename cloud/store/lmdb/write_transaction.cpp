#include <algorithm>

#include "cloud/store/lmdb/forms.hpp"
#include "cloud/store/lmdb/history_merge.hpp"
#include "cloud/store/lmdb/transactions.hpp"

namespace sitegate::cloud {
namespace {

std::int32_t days_since_1970(Date date) {
  return static_cast<std::int32_t>(date.time_since_epoch().count());
}

Result<void> check_counted(Date date, const std::string& what) {
  if (date_can_be_counted(date)) return success();
  return fail(StoreErrc::invalid, what + ": date outside 1900 to 2199");
}

}  // namespace

template <typename T>
Result<T> LmdbWriteTransaction::guarded(Result<T> result) {
  if (!result && !is(result.error(), StoreErrc::missing_reference) && !is(result.error(), StoreErrc::invalid))
    failed_ = true;
  return result;
}

template <typename Object>
Result<void> LmdbWriteTransaction::write(TableId table, const Key& key, const Object& object) {
  encode(object, record_);
  return guarded(records_.put(table, key, record_.view()));
}

template <typename Object>
Result<std::pair<Number, std::optional<Object>>> LmdbWriteTransaction::replace(TableId numbers,
                                                                               TableId objects,
                                                                               const Object& object) {
  const Key id = Key().u64(object.id.number());
  SITEGATE_TRY(known, records_.get(numbers, id));
  std::pair<Number, std::optional<Object>> was;
  if (known) {
    was.first = static_cast<Number>(RecordReader(*known).varint());
    SITEGATE_TRY(before, object_at<Object>(records_, objects, was.first));
    was.second = std::move(before);
    if (*was.second == object) return was;
  } else {
    SITEGATE_TRY(count, records_.count(objects));
    was.first = static_cast<Number>(count);
    record_.clear();
    record_.varint(was.first);
    SITEGATE_TRYV(guarded(records_.put(numbers, id, record_.view())));
  }
  SITEGATE_TRYV(write(objects, Key().u32(was.first), object));
  return was;
}

Result<Number> LmdbWriteTransaction::need_site(SiteId id) const {
  SITEGATE_TRY(facts, queries_.site_facts(id));
  if (facts == nullptr) return fail(StoreErrc::missing_reference, "site " + id.text());
  return facts->number;
}

Result<Number> LmdbWriteTransaction::need_technician(TechnicianId id) const {
  SITEGATE_TRY(number, queries_.technician_number(id));
  if (!number) return fail(StoreErrc::missing_reference, "technician " + id.text());
  return *number;
}

Result<Number> LmdbWriteTransaction::need_company(CompanyId id) const {
  SITEGATE_TRY(number, queries_.company_number(id));
  if (!number) return fail(StoreErrc::missing_reference, "company " + id.text());
  return *number;
}

// ---- registry ----

Result<void> LmdbWriteTransaction::put(const Technician& technician) {
  SITEGATE_TRYV(check_counted(technician.registered_on, "technician " + technician.id.text()));
  SITEGATE_TRY(was, replace(TableId::technician_numbers, TableId::technicians, technician));
  const auto& [number, before] = was;
  if (before) pending_.add(cell_of(*before), -1);
  pending_.add(cell_of(technician), 1);
  if (before && before->name != technician.name) return guarded(touch_rosters_of(number));
  return success();
}

Result<void> LmdbWriteTransaction::put(const Company& company) {
  SITEGATE_TRYV(check_counted(company.approved_on, "company " + company.id.text()));
  SITEGATE_TRY(was, replace(TableId::company_numbers, TableId::companies, company));
  if (was.second) pending_.add(cell_of(*was.second), -1);
  pending_.add(cell_of(company), 1);
  return success();
}

Result<void> LmdbWriteTransaction::put(const Site& site) {
  SITEGATE_TRYV(check_counted(site.registered_on, "site " + site.id.text()));
  SITEGATE_TRYV(need_company(site.prime_contractor));
  SITEGATE_TRY(was, replace(TableId::site_numbers, TableId::sites, site));
  queries_.forget_site(site.id);
  const auto& [number, before] = was;
  if (before && !before->test_data) pending_.add(cell_of(*before), -1);
  if (!site.test_data) pending_.add(cell_of(site), 1);
  if (before) {
    SITEGATE_TRYV(guarded(move_site(number, *before, site)));
  }
  const bool told_the_same = before && before->opens_on == site.opens_on &&
                             before->closes_on == site.closes_on && before->settings == site.settings;
  if (told_the_same) return success();
  SITEGATE_TRY(version, next_version(number));
  return guarded(set_version(number, version));
}

Result<void> LmdbWriteTransaction::move_site(Number number, const Site& before, const Site& after) {
  if (before.prefecture == after.prefecture && before.test_data == after.test_data) return success();
  if (!before.test_data) {
    SITEGATE_TRYV(queries_.count_site(number, before.prefecture, -1, pending_));
  }
  if (!after.test_data) {
    SITEGATE_TRYV(queries_.count_site(number, after.prefecture, 1, pending_));
  }
  return success();
}

Result<void> LmdbWriteTransaction::put(const ContractStructureEntry& entry) {
  SITEGATE_TRY(site, need_site(entry.site));
  SITEGATE_TRYV(need_company(entry.company));
  return write(TableId::contract_structures, Key().u32(site).u64(entry.company.number()), entry);
}

Result<void> LmdbWriteTransaction::put(const CredentialAssignment& assignment) {
  const CredentialForm form = form_of(assignment.credential);
  if (!credential_of(form))
    return fail(StoreErrc::invalid,
                std::string(to_text(form.kind)) + " credential beyond the limits of its kind");
  SITEGATE_TRY(technician, need_technician(assignment.technician));
  encode(assignment, record_);
  const Key key = credential_key(technician, form);
  SITEGATE_TRY(known, records_.get(TableId::credentials, key));
  if (known && std::ranges::equal(*known, record_.view())) return success();
  SITEGATE_TRYV(guarded(records_.put(TableId::credentials, key, record_.view())));
  const Key holder = holder_prefix(form).u8(static_cast<std::uint8_t>(form.technology)).u32(technician);
  SITEGATE_TRYV(guarded(records_.put(TableId::credential_holders, holder, {})));
  return guarded(touch_rosters_of(technician));
}

Result<void> LmdbWriteTransaction::put(const GatewayRecord& gateway) {
  SITEGATE_TRYV(need_site(gateway.site));
  return write(TableId::gateways, key_of(gateway.id), gateway);
}

// ---- rosters ----

Result<LmdbWriteTransaction::Placed> LmdbWriteTransaction::place(const RosterEntry& entry) const {
  SITEGATE_TRY(site, need_site(entry.site));
  SITEGATE_TRY(technician, need_technician(entry.technician));
  SITEGATE_TRY(company, need_company(entry.company));
  return Placed{site,
                {.technician = technician,
                 .removed = false,
                 .company = company,
                 .trade = entry.trade,
                 .position = entry.position,
                 .from = days_since_1970(entry.from),
                 .until = days_since_1970(entry.until),
                 .version = 0}};
}

Result<void> LmdbWriteTransaction::put_roster_entries(std::span<const RosterEntry> entries) {
  std::vector<Placed> placed;
  placed.reserve(entries.size());
  for (const RosterEntry& entry : entries) {
    SITEGATE_TRY(one, place(entry));
    placed.push_back(one);
  }
  const auto order = [](const Placed& one) { return std::uint64_t{one.site} << 32 | one.entry.technician; };
  std::ranges::stable_sort(placed, {}, order);
  // Of two entries for the same person the later wins: drop from the back what stands before its like.
  const auto first_kept = std::unique(placed.rbegin(), placed.rend(),
                                      [&](const Placed& a, const Placed& b) { return order(a) == order(b); });
  placed.erase(placed.begin(), first_kept.base());
  return guarded(write_roster(placed));
}

Result<void> LmdbWriteTransaction::remove_roster_entry(SiteId site, TechnicianId technician) {
  SITEGATE_TRY(site_number, need_site(site));
  SITEGATE_TRY(technician_number, need_technician(technician));
  SITEGATE_TRY(stored, queries_.rosters().find(Key().u32(site_number), technician_number));
  if (!stored || stored->removed) return success();
  const RosterForm::Entry mark{.technician = technician_number, .removed = true};
  return guarded(write_site_roster(site_number, {&mark, 1}));
}

Result<void> LmdbWriteTransaction::write_roster(std::span<const Placed> entries) {
  new_technician_sites_.clear();
  std::vector<RosterForm::Entry> of_site;
  for (std::size_t i = 0; i < entries.size();) {
    const Number site = entries[i].site;
    of_site.clear();
    for (; i < entries.size() && entries[i].site == site; ++i) of_site.push_back(entries[i].entry);
    SITEGATE_TRYV(write_site_roster(site, of_site));
  }
  return add_technician_sites();
}

Result<void> LmdbWriteTransaction::write_site_roster(Number site,
                                                     std::span<const RosterForm::Entry> entries) {
  SITEGATE_TRY(version, next_version(site));
  bool changed = false;
  const auto join = [&](const RosterForm::Entry* existing, RosterForm::Entry incoming) {
    if (existing != nullptr && existing->says_the_same(incoming)) return *existing;
    if (existing == nullptr) new_technician_sites_.emplace_back(incoming.technician, site);
    incoming.version = version;
    changed = true;
    return incoming;
  };
  SITEGATE_TRYV(queries_.rosters().upsert(records_, Key().u32(site), entries, join));
  return changed ? set_version(site, version) : success();
}

Result<void> LmdbWriteTransaction::add_technician_sites() {
  std::sort(new_technician_sites_.begin(), new_technician_sites_.end());
  std::vector<Number> sites;
  for (std::size_t i = 0; i < new_technician_sites_.size();) {
    const Number technician = new_technician_sites_[i].first;
    const Key key = Key().u32(technician);
    SITEGATE_TRY(bytes, records_.get(TableId::technician_sites, key));
    sites.clear();
    if (bytes && !decode_sites(*bytes, sites)) return damaged(TableId::technician_sites, key.view());
    const auto old = static_cast<std::ptrdiff_t>(sites.size());
    for (; i < new_technician_sites_.size() && new_technician_sites_[i].first == technician; ++i)
      sites.push_back(new_technician_sites_[i].second);
    std::inplace_merge(sites.begin(), sites.begin() + old, sites.end());
    encode_sites(sites, record_);
    SITEGATE_TRYV(records_.put(TableId::technician_sites, key, record_.view()));
  }
  new_technician_sites_.clear();
  return success();
}

Result<void> LmdbWriteTransaction::touch_rosters_of(Number technician) {
  const Key key = Key().u32(technician);
  SITEGATE_TRY(bytes, records_.get(TableId::technician_sites, key));
  std::vector<Number> sites;
  if (bytes && !decode_sites(*bytes, sites)) return damaged(TableId::technician_sites, key.view());
  for (const Number site : sites) {
    SITEGATE_TRY(stored, queries_.rosters().find(Key().u32(site), technician));
    if (!stored || stored->removed) continue;
    SITEGATE_TRY(version, next_version(site));
    stored->version = version;
    const auto replace_it = [](const RosterForm::Entry*, const RosterForm::Entry& incoming) {
      return incoming;
    };
    SITEGATE_TRYV(queries_.rosters().upsert(records_, Key().u32(site), {&*stored, 1}, replace_it));
    SITEGATE_TRYV(set_version(site, stored->version));
  }
  return success();
}

Result<std::uint64_t> LmdbWriteTransaction::next_version(Number site) const {
  SITEGATE_TRY(version, queries_.version_of(site));
  return new_versions_.contains(site) ? version : version + 1;
}

Result<void> LmdbWriteTransaction::set_version(Number site, std::uint64_t version) {
  if (!new_versions_.insert(site).second) return success();
  record_.clear();
  record_.varint(version);
  return records_.put(TableId::roster_versions, Key().u32(site), record_.view());
}

// ---- histories and ingest ----

Result<MergeCounts> LmdbWriteTransaction::merge_histories(std::span<const WorkHistory> contributions) {
  return guarded(HistoryMerge(records_, queries_, pending_).merge(contributions));
}

Result<void> LmdbWriteTransaction::set_position(const GatewayPosition& position) {
  return write(TableId::positions, key_of(position.gateway, position.epoch), position);
}

Result<void> LmdbWriteTransaction::set_reach(const EpochReach& reach) {
  return write(TableId::reaches, key_of(reach.gateway, reach.epoch), reach);
}

Result<void> LmdbWriteTransaction::keep_batch(const KeptBatch& batch) {
  return write(TableId::kept_batches, key_of(batch.gateway, batch.epoch).u64(batch.first), batch);
}

Result<std::uint64_t> LmdbWriteTransaction::add_to_quarantine(QuarantineItem item) {
  SITEGATE_TRY(last, records_.last_key(TableId::quarantine));
  item.number = last ? lmdb::get_big_endian<std::uint64_t>(last->view()) + 1 : 1;
  if (item.bytes.size() > quarantine_bytes_max) item.bytes.resize(quarantine_bytes_max);
  SITEGATE_TRYV(write(TableId::quarantine, Key().u64(item.number), item));
  return item.number;
}

Result<void> LmdbWriteTransaction::decide_quarantined(std::uint64_t number,
                                                      const QuarantineDecision& decision) {
  const bool said = !decision.by.empty() && decision.by.size() <= quarantine_by_max &&
                    decision.why.size() <= quarantine_why_max;
  if (!said) return fail(StoreErrc::invalid, "who decides: 1 to 64 bytes, and why: at most 200");
  SITEGATE_TRY(items, quarantine(number, 1));
  if (items.empty() || items.front().number != number)
    return fail(StoreErrc::invalid,
                "nothing has the number " + std::to_string(number) + " in the quarantine");
  QuarantineItem& item = items.front();
  if (item.decision)
    return fail(StoreErrc::invalid, "number " + std::to_string(number) + " was " +
                                        std::string(outcome_word(item.decision->outcome)) + " by " +
                                        item.decision->by);
  item.decision = decision;
  return write(TableId::quarantine, Key().u64(number), item);
}

/// Numbers of a gateway rise without gaps and only the lowest are erased, so first and last tell how many
/// there are.
Result<std::uint64_t> LmdbWriteTransaction::next_repeated(const GatewayId& gateway) {
  const Key prefix = key_of(gateway);
  const auto number_at = [](const std::optional<lmdb::KeyValue>& at) {
    return lmdb::get_big_endian<std::uint64_t>(at->key.last(sizeof(std::uint64_t)));
  };
  SITEGATE_TRY(cursor, records_.cursor(TableId::repeated_batches));
  auto at = cursor.at_or_after(prefix.view());
  if (!at) return store_error(at.error());
  if (!at.value() || !starts_with(at.value()->key, prefix.view())) return std::uint64_t{0};
  const std::uint64_t lowest = number_at(at.value());
  RepeatedBatch oldest;
  SITEGATE_TRY(payload, records_.payload(TableId::repeated_batches, *at.value()));
  if (!decode(payload, oldest)) return damaged(TableId::repeated_batches, at.value()->key);
  at = cursor.at_or_after(Key(prefix).u64(std::numeric_limits<std::uint64_t>::max()).view());
  if (at) at = at.value() ? cursor.previous() : cursor.last();
  if (!at) return store_error(at.error());
  const std::uint64_t next = number_at(at.value()) + 1;
  if (next - lowest < repeated_batches_max) return next;
  SITEGATE_TRYV(guarded(records_.erase(TableId::repeated_batches, Key(prefix).u64(lowest))));
  SITEGATE_TRYV(
      guarded(records_.erase(TableId::repeated_numbers, key_of(gateway, oldest.epoch).u64(oldest.first))));
  return next;
}

Result<void> LmdbWriteTransaction::add_repeated(const RepeatedBatch& batch) {
  const Key id = key_of(batch.gateway, batch.epoch).u64(batch.first);
  const Key prefix = key_of(batch.gateway);
  SITEGATE_TRY(known, records_.get(TableId::repeated_numbers, id));
  if (!known) {
    SITEGATE_TRY(number, next_repeated(batch.gateway));
    record_.clear();
    record_.varint(number);
    SITEGATE_TRYV(guarded(records_.put(TableId::repeated_numbers, id, record_.view())));
    return write(TableId::repeated_batches, Key(prefix).u64(number), batch);
  }
  const Key key = Key(prefix).u64(RecordReader(*known).varint());
  SITEGATE_TRY(bytes, records_.get(TableId::repeated_batches, key));
  RepeatedBatch sum;
  if (!bytes || !decode(*bytes, sum)) return damaged(TableId::repeated_batches, key.view());
  sum.times += batch.times;
  sum.through = batch.through;
  sum.hash = batch.hash;
  sum.first_again = std::min(sum.first_again, batch.first_again);
  sum.last_again = std::max(sum.last_again, batch.last_again);
  return write(TableId::repeated_batches, key, sum);
}

Result<void> LmdbWriteTransaction::add_unregistered(const UnregisteredPassage& unregistered) {
  const Key key = Key().u64(unregistered.site.number()).raw(key_of(unregistered.event).view());
  SITEGATE_TRY(known, records_.get(TableId::unregistered, key));
  if (known) return success();
  return write(TableId::unregistered, key, unregistered);
}

Result<void> LmdbWriteTransaction::add_typed(const TypedPassage& typed) {
  if (!typed.passage.typed) return fail(StoreErrc::invalid, "a passage that nobody typed");
  const Key event = key_of(typed.event);
  SITEGATE_TRY(known, records_.get(TableId::typed_events, event));
  if (known) return success();
  const Key key = typed_key(typed);
  SITEGATE_TRYV(guarded(records_.put(TableId::typed_events, event, key.view())));
  return write(TableId::typed_passages, key, typed);
}

Result<void> LmdbWriteTransaction::commit() {
  if (failed_)
    return fail(StoreErrc::failed, "an earlier change of this transaction failed half-way: not committed");
  SITEGATE_TRYV(pending_.store(records_));
  return records_.commit();
}

}  // namespace sitegate::cloud
