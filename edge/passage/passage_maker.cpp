#include "edge/passage/passage_maker.hpp"

namespace sitegate::edge {
namespace {

using devices::DirectionRule;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// A wall clock that moved by more than this against the monotonic one was set, not drifting.
constexpr milliseconds step_min = minutes(2);

WorkDate date_of(UtcTime time, const SiteSettings& settings) {
  return work_date_of(time, minutes(settings.utc_offset_minutes), minutes(settings.day_boundary_minutes));
}

/// An entry belongs to the present shift if it is at most shift_hours_max old. It may seem to lie ahead: two
/// readers' reads arrive in either order, and the clock may have stepped back across a restart.
bool in_shift(const Moment& entry, const Moment& now, const SiteSettings& settings) {
  return std::chrono::abs(elapsed(entry, now)) <= hours(settings.shift_hours_max);
}

/// The date of the shift that the entry began. A wall clock set in between put the entry on a wrong date,
/// unless it is the present clock that is less sure (and not so far off that the date could not stand beside
/// the event's time).
WorkDate shift_date(const LastEntry& entry, const Moment& now, const SiteSettings& settings) {
  const UtcTime entered = now.wall - elapsed(entry.moment, now);
  const bool stepped = std::chrono::abs(entered - entry.moment.wall) > step_min;
  const bool less_sure =
      now.clock_state != ClockState::synchronised && entry.moment.clock_state == ClockState::synchronised;
  const bool keeps =
      !stepped || (less_sure && std::chrono::abs(entry.work_date - date_of(now.wall, settings)) <= days(2));
  return keeps ? entry.work_date : date_of(entered, settings);
}

Admission admission_of(const Identified& who) {
  const auto* known = std::get_if<Identification>(&who);
  return known != nullptr ? known->admission : Admission::unknown_credential;
}

bool is_late(const CredentialRead& read) {
  return read.device_event && read.device_event->late;
}

/// A late event was taken under no boot of this gateway: it stands on the wall clock alone.
Moment moment_of(const CredentialRead& read, const Clock& clock) {
  if (is_late(read))
    return {read.event_time, MonotonicTime{0}, BootId{}, read.clock_state.value_or(ClockState::unknown)};
  return {read.event_time, read.monotonic, clock.boot_id(), clock.state()};
}

DirectionRule rule_of(const CredentialRead& read, const devices::ReaderPlace& place) {
  if (!read.direction) return place.direction;
  return *read.direction == Direction::entry ? DirectionRule::entry : DirectionRule::exit;
}

Person person_of(const Identified& who, const Credential& credential) {
  if (const auto* known = std::get_if<Identification>(&who)) return known->technician;
  return credential;
}

const std::vector<Evidence>& evidence_of(const Identified& who) {
  return std::visit([](const auto& outcome) -> const std::vector<Evidence>& { return outcome.evidence; },
                    who);
}

}  // namespace

/// Where a late event finds the person is where the person was at its time, not where the person is now.
PassageMaker::Standing PassageMaker::standing(const PersonState* state, const Moment& now, bool late) {
  if (state == nullptr) return {};
  if (!late) return {state->last_entry, state->last_through, state->last};
  Standing standing;
  if (const Movement* entry = state->entry_before(now))
    standing.entry = LastEntry{entry->passage.moment, entry->work_date};
  if (const Movement* movement = state->movement_before(now)) standing.through = movement->passage.direction;
  standing.last = state->last;
  const Movement* near = state->movement_near(now);
  if (near != nullptr && std::chrono::abs(elapsed(near->passage.moment, now)) <
                             std::chrono::abs(elapsed(state->last.moment, now)))
    standing.last = near->passage;
  return standing;
}

PassageMaker::Plan PassageMaker::plan(const Standing& standing, const Moment& now, DirectionRule rule,
                                      const SiteSettings& settings) const {
  const LastEntry* entry =
      standing.entry && in_shift(standing.entry->moment, now, settings) ? &*standing.entry : nullptr;
  const bool inside = entry != nullptr && standing.through == Direction::entry;
  const bool exits = rule == DirectionRule::exit || (rule == DirectionRule::toggle && inside);
  if (!exits) return {Direction::entry, date_of(now.wall, settings)};
  return {Direction::exit,
          entry != nullptr ? shift_date(*entry, now, settings) : date_of(now.wall, settings)};
}

bool PassageMaker::is_repeat(const std::optional<LastPassage>& last, const Passage& passage,
                             DirectionRule rule) const {
  if (!last || last->gate != passage.gate || last->admission != passage.admission) return false;
  if (rule != DirectionRule::toggle && last->direction != passage.direction) return false;
  return std::chrono::abs(elapsed(last->moment, moment_of(passage))) < debounce_;
}

PassageDecision PassageMaker::decide(const CredentialRead& read, const devices::ReaderPlace& place,
                                     const RosterIndex& roster) const {
  const SiteSettings& settings = roster.settings();
  const Moment now = moment_of(read, clock_);
  const DirectionRule rule = rule_of(read, place);
  // Who it is does not depend on the date; whether he may pass does, and the date depends on who it is.
  const Person person = person_of(identify(read, roster, date_of(now.wall, settings)), read.credential);
  const Standing before = standing(presence_.find(person), now, is_late(read));
  const Plan planned = plan(before, now, rule, settings);
  Identified who = identify(read, roster, planned.work_date);
  const Admission admission = admission_of(who);

  Passage passage;
  passage.person = person;
  passage.admission = admission;
  passage.gate_opened = gate_opens(admission, settings);
  passage.gate = read.gate.empty() ? place.gate : read.gate;
  passage.reader = read.reader_id;
  passage.direction = planned.direction;
  passage.evidence = evidence_of(who);
  passage.work_date = planned.work_date;
  passage.event_time = now.wall;
  passage.monotonic = now.monotonic;
  passage.boot_id = now.boot_id;
  passage.clock_state = now.clock_state;
  if (!is_repeat(before.last, passage, rule)) return NewPassage{std::move(passage), std::move(who)};
  const LastPassage& last = *before.last;
  return Repeat{last.direction, last.admission, last.gate_opened, elapsed(last.moment, now), std::move(who)};
}

void PassageMaker::remember(const Passage& passage, const SiteSettings& settings) {
  // What a clerk typed awaits approval: it must not turn the person's next tap around.
  if (passage.typed) return;
  presence_.remember(passage, hours(settings.shift_hours_max + 24));
}

}  // namespace sitegate::edge
