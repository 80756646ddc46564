#include "cloud/touches/touch_import.hpp"

#include <algorithm>
#include <map>

#include "shared/crypto/digest.hpp"
#include "shared/model/admission_rule.hpp"

namespace sitegate::cloud {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using touches::PreparedTouch;

/// Two touches within this time are one: the person was not sure of the beep.
constexpr std::chrono::seconds same_touch{60};

/// What is known of a card at a site before its next touch.
struct CardState {
  std::optional<TechnicianId> holder;
  std::optional<Date> expires_on;
  std::optional<RosterEntry> roster;
  std::optional<UtcTime> entered;  ///< the entry of the shift that may still run
  WorkDate entry_date{};
};

WorkDate date_of(UtcTime time, const SiteSettings& settings) {
  return work_date_of(time, minutes(settings.utc_offset_minutes), minutes(settings.day_boundary_minutes));
}

Admission admission_of(const CardState& state, const Site& site, WorkDate date) {
  if (!state.holder) return Admission::unknown_credential;
  if (date < site.opens_on || date > site.closes_on) return Admission::site_closed;
  if (!state.roster || date < state.roster->from || date > state.roster->until)
    return Admission::not_on_roster;
  if (state.expires_on && date > *state.expires_on) return Admission::credential_expired;
  return Admission::admitted;
}

/// What is remembered from one transaction to the next.
struct Memory {
  std::map<SiteId, Site> sites;
  std::map<std::pair<SiteId, CardCredential>, CardState> states;
};

/// One transaction's worth of touches.
class Chunk {
 public:
  Chunk(WriteTransaction& transaction, Memory& memory) : transaction_(transaction), memory_(memory) {}

  Result<void> take(const PreparedTouch& touch) {
    SITEGATE_TRY(site, site_of(touch.place.site));
    SITEGATE_TRY(state, state_of(touch, *site));
    Passage passage = passage_of(touch, *site, *state);
    if (passage.gate_opened) remember(*state, passage);
    const EventId event = event_of(touch);
    lines_[event] = touch.touch.line;
    batches_.push_back({event.gateway, event.epoch, touch.place.site, {std::move(passage)}});
    return success();
  }

  Result<void> finish(TouchImportResult& result) {
    const auto on_unregistered = [&](const UnregisteredPassage& kept) {
      ++result.report.outcomes[kept.reason];
      result.report.remarks.push_back({lines_.at(kept.event), "card_uid", kept.reason});
    };
    SITEGATE_TRY(counts, register_passages(transaction_, batches_, on_unregistered));
    result.counts.added += counts.added;
    result.counts.changed += counts.changed;
    result.counts.unchanged += counts.unchanged;
    result.counts.unregistered += counts.unregistered;
    return success();
  }

 private:
  /// A site that is not registered has no period: registration says why it counts for nobody.
  Result<const Site*> site_of(SiteId id) {
    const auto known = memory_.sites.find(id);
    if (known != memory_.sites.end()) return &known->second;
    SITEGATE_TRY(site, transaction_.site(id));
    return &memory_.sites.emplace(id, site.value_or(Site{})).first->second;
  }

  Result<CardState*> state_of(const PreparedTouch& touch, const Site& site) {
    const auto [place, is_new] = memory_.states.try_emplace({touch.place.site, touch.touch.card});
    CardState& state = place->second;
    if (is_new) {
      SITEGATE_TRYV(look_up_holder(state, touch));
    }
    const bool in_shift =
        state.entered && touch.time - *state.entered <= hours(site.settings.shift_hours_max);
    if (state.holder && !in_shift) {
      SITEGATE_TRYV(look_up_shift(state, touch, site));
    }
    return &state;
  }

  Result<void> look_up_holder(CardState& state, const PreparedTouch& touch) {
    SITEGATE_TRY(holder, holder_of(transaction_, touch.touch.card));
    if (!holder) return success();
    state.holder = holder;
    SITEGATE_TRY(roster, transaction_.roster_entry(touch.place.site, *holder));
    state.roster = roster;
    SITEGATE_TRY(assignments, transaction_.holders_of(touch.touch.card));
    if (!assignments.empty()) state.expires_on = assignments.front().expires_on;
    return success();
  }

  /// The shift that the record knows and that this touch may belong to.
  Result<void> look_up_shift(CardState& state, const PreparedTouch& touch, const Site& site) {
    const auto today = date_of(touch.time, site.settings);
    for (const auto date : {today, today - days{1}}) {
      SITEGATE_TRY(history, transaction_.work_history(*state.holder, touch.place.site, date));
      if (!history || !history->first_entry) continue;
      const auto since = touch.time - *history->first_entry;
      if (since < -same_touch || since > hours(site.settings.shift_hours_max)) continue;
      state.entered = history->first_entry;
      state.entry_date = date;
      break;
    }
    return success();
  }

  static Direction direction_of(const PreparedTouch& touch, const CardState& state, hours shift_max) {
    if (!state.entered || touch.time - *state.entered < same_touch) return Direction::entry;
    return touch.time - *state.entered <= shift_max ? Direction::exit : Direction::entry;
  }

  static Passage passage_of(const PreparedTouch& touch, const Site& site, const CardState& state) {
    const hours shift_max(site.settings.shift_hours_max);
    Passage passage;
    passage.sequence = touch.touch.number;
    passage.person = touch.touch.card;
    if (state.holder) passage.person = *state.holder;
    passage.gate = touch.place.gate;
    passage.reader = touch.touch.reader_id;
    passage.direction = touch.direction ? *touch.direction : direction_of(touch, state, shift_max);
    passage.evidence = {{Method::card, std::nullopt, std::nullopt}};
    const bool of_shift = passage.direction == Direction::exit && state.entered &&
                          touch.time >= *state.entered && touch.time - *state.entered <= shift_max;
    passage.work_date = of_shift ? state.entry_date : date_of(touch.time, site.settings);
    passage.event_time = touch.time;
    passage.clock_state = touch.clock_state;
    passage.admission = admission_of(state, site, passage.work_date);
    passage.gate_opened = !site.id || gate_opens(passage.admission, site.settings);
    return passage;
  }

  static void remember(CardState& state, const Passage& passage) {
    if (passage.direction != Direction::entry) return;
    state.entered = passage.event_time;
    state.entry_date = passage.work_date;
  }

  WriteTransaction& transaction_;
  Memory& memory_;
  std::vector<RegistrationBatch> batches_;
  std::map<EventId, std::uint64_t> lines_;
};

touches::PreparationOptions preparation_options(const TouchImportOptions& options) {
  touches::PreparationOptions made;
  made.measurements = options.measurements;
  made.deployments = options.deployments;
  made.place = {options.site.value_or(SiteId{}), options.gate, std::nullopt};
  made.only_site = options.deployments != nullptr ? options.site : std::nullopt;
  made.utc_offset = options.utc_offset;
  made.now = options.now;
  return made;
}

Result<void> import_chunk(Store& store, std::span<const PreparedTouch> touches, Memory& memory,
                          TouchImportResult& result) {
  SITEGATE_TRY(transaction, store.begin_write());
  Chunk chunk(*transaction, memory);
  for (const auto& touch : touches) {
    SITEGATE_TRYV(chunk.take(touch));
  }
  SITEGATE_TRYV(chunk.finish(result));
  return transaction->commit();
}

}  // namespace

EventId event_of(const touches::PreparedTouch& touch) {
  const auto digest = crypto::sha256(as_bytes(touch.key));
  Epoch epoch = 0;
  for (std::size_t i = 0; i < sizeof epoch; ++i) epoch = epoch << 8 | digest[i];
  const auto gateway = GatewayId::parse("logger-" + touch.touch.reader_id);
  SITEGATE_ASSERT(gateway.has_value());  // is_reader_id() allows less than a gateway's name
  return {*gateway, std::max<Epoch>(epoch, 1), touch.touch.number};
}

Result<TouchImportResult> import_touches(Store& store, const touches::TouchFile& file,
                                         const std::string& name, const TouchImportOptions& options) {
  const auto prepared = touches::prepare(file, preparation_options(options));
  TouchImportResult result;
  result.report = {name,         options.now, file.rows,       prepared.good.size(), {},
                   prepared.bad, {},          prepared.clocks, prepared.unmeasured,  file.ignored_columns};
  Memory memory;
  const std::size_t step = std::max<std::uint64_t>(options.commit_touches, 1);
  std::span<const PreparedTouch> left(prepared.good);
  while (!left.empty()) {
    const auto now = left.first(std::min(step, left.size()));
    SITEGATE_TRYV(import_chunk(store, now, memory, result));
    left = left.subspan(now.size());
    if (options.on_progress) options.on_progress(prepared.good.size() - left.size(), prepared.good.size());
  }
  result.report.outcomes["added"] = result.counts.added;
  result.report.outcomes["changed"] = result.counts.changed;
  result.report.outcomes["unchanged"] = result.counts.unchanged;
  return result;
}

}  // namespace sitegate::cloud
