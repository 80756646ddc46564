#include "cloud/store/lmdb/history_merge.hpp"

#include <algorithm>

namespace sitegate::cloud {
namespace {

std::string name_of(const WorkHistory& history) {
  return "history of technician " + history.technician.text() + ", site " + history.site.text() + ", " +
         to_text(history.work_date);
}

bool whole_seconds(std::optional<UtcTime> time) {
  return !time || std::chrono::floor<std::chrono::seconds>(*time) == *time;
}

bool can_be_kept(const WorkHistory& history) {
  const auto method = static_cast<std::uint8_t>(history.method);
  return date_can_be_counted(history.work_date) && whole_seconds(history.first_entry) &&
         whole_seconds(history.last_exit) && method >= 1 && method <= stored_method_max &&
         static_cast<std::uint8_t>(history.structure.position) <= stored_position_max;
}

std::optional<std::int64_t> seconds_of(std::optional<UtcTime> time) {
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count();
}

Month month_in(std::uint64_t month_and_number) {
  return month_from_number(static_cast<int>(month_and_number >> 32));
}

}  // namespace

Result<MergeCounts> HistoryMerge::merge(std::span<const WorkHistory> contributions) {
  SITEGATE_TRYV(resolve(contributions));
  const auto by_record = [](const Incoming& a, const Incoming& b) {
    return a.month_technician < b.month_technician;
  };
  if (!std::is_sorted(incoming_.begin(), incoming_.end(), by_record))
    std::stable_sort(incoming_.begin(), incoming_.end(), by_record);
  for (auto begin = incoming_.begin(); begin != incoming_.end();) {
    const auto end = std::find_if(begin, incoming_.end(), [&](const Incoming& one) {
      return one.month_technician != begin->month_technician;
    });
    std::stable_sort(begin, end,
                     [](const Incoming& a, const Incoming& b) { return a.site_day < b.site_day; });
    SITEGATE_TRYV(merge_record(std::span(begin, end)));
    begin = end;
  }
  SITEGATE_TRYV(write_presences());
  return result_;
}

Result<void> HistoryMerge::resolve(std::span<const WorkHistory> contributions) {
  incoming_.reserve(contributions.size());
  for (const WorkHistory& contribution : contributions) {
    SITEGATE_TRY(incoming, resolve(contribution));
    incoming_.push_back(incoming);
  }
  return success();
}

Result<HistoryMerge::Incoming> HistoryMerge::resolve(const WorkHistory& contribution) {
  if (!can_be_kept(contribution)) return fail(StoreErrc::invalid, name_of(contribution));
  SITEGATE_TRY(technician, technician_number(contribution.technician));
  SITEGATE_TRY(site, queries_.site_facts(contribution.site));
  if (site == nullptr) return fail(StoreErrc::missing_reference, "site " + contribution.site.text());
  if (contribution.structure.company) {
    SITEGATE_TRY(company, queries_.company_number(contribution.structure.company));
    if (!company)
      return fail(StoreErrc::missing_reference, "company " + contribution.structure.company.text());
  }
  const std::chrono::year_month_day date(contribution.work_date);
  const auto month = static_cast<std::uint64_t>(month_number(date.year() / date.month()));
  const auto day = static_cast<unsigned>(date.day());
  return Incoming{month << 32 | technician, std::uint64_t{site->number} << 8 | day, &contribution, site};
}

Result<Number> HistoryMerge::technician_number(TechnicianId id) {
  if (id == last_technician_) return last_number_;
  auto known = technicians_.find(id.number());
  if (known == technicians_.end()) {
    SITEGATE_TRY(number, queries_.technician_number(id));
    if (!number) return fail(StoreErrc::missing_reference, "technician " + id.text());
    known = technicians_.emplace(id.number(), *number).first;
  }
  last_technician_ = id;
  last_number_ = known->second;
  return last_number_;
}

Result<void> HistoryMerge::merge_record(std::span<const Incoming> incoming) {
  const std::uint64_t month_technician = incoming.front().month_technician;
  const Month month = month_in(month_technician);
  const Key key = technician_month_key(static_cast<std::uint16_t>(month_technician >> 32),
                                       static_cast<Number>(month_technician));
  SITEGATE_TRY(bytes, records_.get(TableId::technician_months, key));
  stored_.clear();
  if (bytes && !decode_month(month, *bytes, stored_)) return damaged(TableId::technician_months, key.view());
  const std::uint64_t news_before = result_.added + result_.changed;
  days_.clear();
  auto at = stored_.begin();
  for (const Incoming& one : incoming) {
    while (at != stored_.end() && site_day(*at) <= one.site_day) days_.push_back(*at++);
    SITEGATE_TRYV(add_day(one, days_));
  }
  if (result_.added + result_.changed == news_before) return success();
  days_.insert(days_.end(), at, stored_.end());
  encode_month(month, days_, record_);
  return records_.put(TableId::technician_months, key, record_.view());
}

Result<void> HistoryMerge::add_day(const Incoming& incoming, std::vector<StoredDay>& days) {
  if (!days.empty() && site_day(days.back()) == incoming.site_day) return join_day(incoming, days.back());
  SITEGATE_TRY(day, to_stored(*incoming.history, incoming.site->number));
  days.push_back(day);
  ++result_.added;
  if (incoming.site->counted)
    counts_.add(cell_of(month_in(incoming.month_technician), incoming.site->prefecture, day.method,
                        day.structure.effective),
                1);
  note_presence(incoming);
  return success();
}

Result<void> HistoryMerge::join_day(const Incoming& incoming, StoredDay& day) {
  const Month month = month_in(incoming.month_technician);
  const WorkHistory& contribution = *incoming.history;
  SITEGATE_TRY(before, queries_.to_history(day, contribution.technician, contribution.site, month));
  const WorkHistory after = sitegate::merge(before, contribution);
  if (after == before) {
    ++result_.unchanged;
    return success();
  }
  ++result_.changed;
  SITEGATE_TRY(stored, to_stored(after, incoming.site->number));
  day = stored;
  if (incoming.site->counted) {
    counts_.add(cell_of(month, incoming.site->prefecture, before.method, before.structure.effective), -1);
    counts_.add(cell_of(month, incoming.site->prefecture, after.method, after.structure.effective), 1);
  }
  return success();
}

Result<StoredDay> HistoryMerge::to_stored(const WorkHistory& history, Number site) const {
  const StructureSnapshot& structure = history.structure;
  StoredDay day{.site = site,
                .day = static_cast<std::uint8_t>(
                    static_cast<unsigned>(std::chrono::year_month_day(history.work_date).day())),
                .method = history.method,
                .structure = {.company_plus_one = 0,
                              .tier = structure.tier,
                              .trade = structure.trade,
                              .position = structure.position,
                              .effective = structure.effective},
                .entry_s = seconds_of(history.first_entry),
                .exit_s = seconds_of(history.last_exit)};
  if (structure.company) {
    SITEGATE_TRY(company, queries_.company_number(structure.company));
    if (!company) return fail(StoreErrc::missing_reference, "company " + structure.company.text());
    day.structure.company_plus_one = *company + 1;
  }
  return day;
}

void HistoryMerge::note_presence(const Incoming& incoming) {
  const std::uint64_t month = incoming.month_technician >> 32;
  const std::uint64_t month_site = month << 32 | incoming.site->number;
  const auto technician = static_cast<Number>(incoming.month_technician);
  const std::uint32_t day = std::uint32_t{1} << ((incoming.site_day & 0xFF) - 1);
  if (!presences_.empty() && presences_.back().month_site == month_site &&
      presences_.back().entry.technician == technician) {
    presences_.back().entry.days |= day;
    return;
  }
  presences_.push_back({month_site, {technician, day}});
}

Result<void> HistoryMerge::write_presences() {
  std::sort(presences_.begin(), presences_.end(), [](const Presence& a, const Presence& b) {
    return std::tie(a.month_site, a.entry.technician) < std::tie(b.month_site, b.entry.technician);
  });
  const auto join = [](const SiteMonthForm::Entry* existing, SiteMonthForm::Entry incoming) {
    if (existing != nullptr) incoming.days |= existing->days;
    return incoming;
  };
  std::vector<SiteMonthForm::Entry> entries;
  for (std::size_t i = 0; i < presences_.size();) {
    const std::uint64_t month_site = presences_[i].month_site;
    entries.clear();
    for (; i < presences_.size() && presences_[i].month_site == month_site; ++i)
      entries.push_back(presences_[i].entry);
    const Key list =
        site_month_list(static_cast<std::uint16_t>(month_site >> 32), static_cast<Number>(month_site));
    SITEGATE_TRYV(queries_.site_months().upsert(records_, list, entries, join));
  }
  return success();
}

}  // namespace sitegate::cloud
