#include "cloud/simulation/work.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace sitegate::cloud {
namespace {

namespace chrono = std::chrono;

// A stint lasts 10 days and an exponentially distributed time: typically four to eight weeks, at times half a
// year.
constexpr int stint_days_min = 10;
constexpr double stint_days_mean_extra = 35;
constexpr int stint_days_max = 200;

constexpr auto earliest_entry = chrono::hours{7} + chrono::minutes{30};
constexpr std::uint64_t entry_spread_s = 40 * 60;
constexpr auto earliest_exit = chrono::hours{16} + chrono::minutes{40};
constexpr std::uint64_t exit_spread_s = 90 * 60;

constexpr double first_tier_share = 0.6;  // of subcontractors work for the prime contractor itself

/// By site and technician, of several entries for the same two the last one.
void sort_roster(std::vector<RosterEntry>& roster) {
  const auto key = [](const RosterEntry& entry) { return std::pair(entry.site, entry.technician); };
  std::stable_sort(roster.begin(), roster.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto superseded = std::unique(roster.rbegin(), roster.rend(),
                                      [&](const auto& a, const auto& b) { return key(a) == key(b); });
  roster.erase(roster.begin(), superseded.base());
}

std::uint64_t pair_key(std::uint32_t site, std::uint32_t other) {
  return std::uint64_t{site} << 32 | other;
}

}  // namespace

NationWork::NationWork(const Population& population, const Plan& plan, const NationSettings& settings)
    : population_(population),
      plan_(plan),
      settings_(settings),
      draw_(settings.seed),
      month_(month_number(plan.histories.first) - 1),
      site_choice_(population.sites, draw_),
      crews_(population.crews.size()),
      seen_at_(population.technicians.size()),
      structures_(population.sites.size()) {
  std::vector<std::uint64_t> starting(static_cast<std::size_t>(month_number(plan.last)) + 2);
  for (const auto& technician : population.technicians)
    ++starting[static_cast<std::size_t>(std::min(technician.works_from, month_number(plan.last) + 1))];
  std::uint64_t workers = 0;
  for (int number = 0; number <= month_number(plan.last); ++number) {
    workers += starting[static_cast<std::size_t>(number)];
    const Month month = month_from_number(number);
    const auto days = static_cast<std::uint64_t>((last_day(month) - first_day(month)).count()) + 1;
    feasible_ = feasible_ && plan.histories.in(month) <= workers * days;
  }
}

bool NationWork::next(WorkChunk& chunk, std::size_t days_max) {
  while (next_active_ == active_.size())
    if (!begin_next_month()) return false;
  chunk = WorkChunk{.month = month_from_number(month_), .structure = {}, .roster = {}, .worked_days = {}};
  chunk.worked_days.reserve(days_max + 31);
  while (next_active_ < active_.size() && chunk.worked_days.size() < days_max)
    add_technician(active_[next_active_++], chunk);
  sort_roster(chunk.roster);
  return true;
}

bool NationWork::begin_next_month() {
  if (month_ >= month_number(plan_.last)) return false;
  const Month month = month_from_number(++month_);
  auto active = share_out(population_, month, plan_.histories.in(month), settings_);
  SITEGATE_ASSERT(active.has_value());
  active_ = std::move(*active);
  next_active_ = 0;
  calendar_.emplace(month, settings_);
  month_stints_.clear();
  site_choice_.begin_month(month);
  return true;
}

void NationWork::add_technician(const ActiveTechnician& active, WorkChunk& chunk) {
  auto dates = calendar_->draw_dates(active.technician, active.days);
  const auto stints = stints_of(population_.technicians[active.technician].crew);
  auto stint = stints.begin();
  for (; dates != 0; dates &= dates - 1) {
    const Date date = first_day(chunk.month) + chrono::days{std::countr_zero(dates)};
    while (date > stint->until) ++stint;
    put_on_roster(active.technician, *stint, chunk);
    chunk.worked_days.push_back(worked_day(active.technician, *stint, date));
  }
}

/// The crew's stints of this month; together they cover each of its days.
std::span<const NationWork::Stint> NationWork::stints_of(std::uint32_t crew) {
  auto& state = crews_[crew];
  if (state.month == month_) return std::span(month_stints_).subspan(state.begin, state.count);
  const Month month = month_from_number(month_);
  state.begin = static_cast<std::uint32_t>(month_stints_.size());
  state.month = month_;
  const bool goes_on = state.last.number != 0 && state.last.until >= first_day(month);
  if (goes_on) month_stints_.push_back(state.last);
  Date from = goes_on ? state.last.until + chrono::days{1} : first_day(month);
  while (from <= last_day(month)) {
    state.last = new_stint(crew, from);
    month_stints_.push_back(state.last);
    from = state.last.until + chrono::days{1};
  }
  state.count = static_cast<std::uint32_t>(month_stints_.size()) - state.begin;
  return std::span(month_stints_).subspan(state.begin, state.count);
}

NationWork::Stint NationWork::new_stint(std::uint32_t crew, Date from) {
  const auto number = ++stints_made_;
  // Drawn for crew and date, not for the running number, so that one crew's way does not depend on the
  // others.
  const auto stream =
      draw_.bits(Purpose::stint_length, crew, static_cast<std::uint64_t>(from.time_since_epoch().count()));
  const bool away = draw_.chance(settings_.away_share, Purpose::stint_length, stream, 1);
  const auto site = site_choice_.choose(population_.crews[crew].prefecture, away, from, stream);
  const double extra = -std::log(1.0 - draw_.unit(Purpose::stint_length, stream, 2)) * stint_days_mean_extra;
  const int days = std::min(stint_days_min + static_cast<int>(extra), stint_days_max);
  return {site, number, from, std::min(from + chrono::days{days - 1}, population_.sites[site].closes_on)};
}

/// At the first day of each stint; at some sites nobody is, and a few people never are.
void NationWork::put_on_roster(std::uint32_t technician, const Stint& stint, WorkChunk& chunk) {
  if (std::exchange(seen_at_[technician], stint.number) == stint.number) return;
  const bool on_roster = population_.sites[stint.site].keeps_structure &&
                         draw_.chance(settings_.roster_share, Purpose::roster, technician, stint.site);
  if (!on_roster) return;
  join_structure(stint.site, population_.technicians[technician].company, chunk);
  chunk.roster.push_back(roster_entry(technician, stint));
}

/// A technician who comes back to a site keeps the first day of his entry there.
RosterEntry NationWork::roster_entry(std::uint32_t technician, const Stint& stint) {
  const auto& person = population_.technicians[technician];
  const auto& company = population_.companies[person.company];
  const auto first = rostered_.try_emplace(pair_key(stint.site, technician), stint.from).first;
  return {.site = population_.sites[stint.site].id,
          .technician = person.id,
          .company = company.id,
          .trade = company.trade,
          .position = person.position,
          .from = first->second,
          .until = stint.until};
}

/// The company and, on the first call for a site, its prime contractor get their places in the contract
/// structure.
void NationWork::join_structure(std::uint32_t site, std::uint32_t company, WorkChunk& chunk) {
  if (!joined_.insert(pair_key(site, company)).second) return;
  const auto& place = population_.sites[site];
  auto& structure = structures_[site];
  const auto add = [&](std::uint32_t index, std::optional<CompanyId> upper, bool approved) {
    structure.push_back(index);
    chunk.structure.push_back({.site = place.id,
                               .company = population_.companies[index].id,
                               .upper_company = upper,
                               .approved = approved,
                               .registered_by = "CCUS"});
  };
  if (structure.empty()) {
    add(place.prime_contractor, std::nullopt, true);
    joined_.insert(pair_key(site, place.prime_contractor));
    if (company == place.prime_contractor) return;
  }
  const bool first_tier = draw_.chance(first_tier_share, Purpose::structure_tier, site, company);
  const auto upper = first_tier ? 0 : draw_.below(structure.size(), Purpose::structure_tier, company, site);
  const bool approved = draw_.chance(settings_.approval_share, Purpose::structure_approval, site, company);
  add(company, population_.companies[structure[upper]].id, approved);
}

WorkedDay NationWork::worked_day(std::uint32_t technician, const Stint& stint, Date date) const {
  const auto& site = population_.sites[stint.site];
  const auto bits = draw_.bits(Purpose::entry_time, technician,
                               static_cast<std::uint64_t>(date.time_since_epoch().count()));
  const auto more = Draw::mix(bits);
  const auto share = [](std::uint64_t some_bits) {
    return static_cast<double>(some_bits & 0xffff) / 65536.0;
  };
  const auto at = [date](auto time_of_day) {
    return to_utc(chrono::local_time<chrono::milliseconds>{date} + time_of_day, chrono::minutes{540});
  };
  WorkedDay made{.technician = population_.technicians[technician].id,
                 .site = site.id,
                 .work_date = date,
                 .first_entry = at(earliest_entry + chrono::seconds{Draw::scale(bits, entry_spread_s)}),
                 .last_exit = {},
                 .method = site.method};
  if (share(more) >= settings_.exit_missing_share)
    made.last_exit = at(earliest_exit + chrono::seconds{Draw::scale(more, exit_spread_s)});
  if (share(more >> 16) < settings_.typed_share) made.method = Method::typed;
  return made;
}

}  // namespace sitegate::cloud
