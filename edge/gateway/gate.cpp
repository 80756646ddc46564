#include "edge/gateway/gate.hpp"

#include "shared/base/log.hpp"
#include "shared/wire/passage.hpp"

namespace sitegate::edge {
namespace {

/// Whether a person does something for the device to read, or is read in passing.
bool asks(Method method) {
  return method != Method::uhf && method != Method::marker && method != Method::face;
}

std::string event_of(const CredentialRead& read) {
  return read.device_event ? read.device_event->key : std::string();
}

const std::string& gate_of(const CredentialRead& read, const devices::ReaderPlace& place) {
  return read.gate.empty() ? place.gate : read.gate;
}

/// Why a code was refused is more than that nobody holds it.
void name_refusal(PassageDecision& decision, UnidentifiedReason reason) {
  Identified& who = std::visit([](auto& one) -> Identified& { return one.who; }, decision);
  if (auto* nobody = std::get_if<Unidentified>(&who)) nobody->reason = reason;
}

bool is_short_lived(const std::optional<JudgedCode>& code) {
  return code && code->claims && code->claims->kind == codes::CodeKind::short_lived;
}

}  // namespace

PassageOutcome Gate::on_read(const CredentialRead& read, const devices::ReaderPlace& place) {
  auto code = judge(read);
  CredentialRead named = read;
  if (code) named.credential = code->credential;
  return take(std::move(named), place, std::move(code));
}

PassageOutcome Gate::take(CredentialRead read, const devices::ReaderPlace& place,
                          std::optional<JudgedCode> code) {
  const auto roster = roster_.current();
  const PassageDecision decision = decide(read, place, *roster, code);
  const std::string& gate = gate_of(read, place);
  expect(read, gate, std::visit([](const auto& one) -> const Identified& { return one.who; }, decision));
  if (const auto* repeat = std::get_if<Repeat>(&decision)) {
    add_evidence(read, gate, *repeat);
    // Whoever asks again asks because it did not open; what only passes by the device does not ask, and with
    // a short-lived code it may be somebody else who copied it.
    if (repeat->gate_opened && asks(read.method) && !is_short_lived(code)) open_gate(read, gate);
    return finish(read, outcome_of_repeat(*repeat, read.credential));
  }
  const auto& passage = std::get<NewPassage>(decision);
  if (is_known(read)) return finish(read, outcome_of_known_event(passage));
  Pairing pairing = fusion_.pair(read, passage);
  if (pairing.given_up) give_up(*pairing.given_up, *roster);
  switch (pairing.kind) {
    case Pairing::Kind::alone:
      break;
    case Pairing::Kind::wait:
      return ask_for_second(passage);
    case Pairing::Kind::pair:
      return finish_pair(*pairing.first, read, joined(pairing.first->decision, passage), *roster);
    case Pairing::Kind::contradiction:
      return finish_pair(*pairing.first, read, contradicted(pairing.first->decision, passage), *roster);
  }
  return finish(read, record(read, passage, {event_of(read)}, *roster));
}

// ---- technicians' codes ----

std::optional<JudgedCode> Gate::judge(const CredentialRead& read) const {
  if (codes_ != nullptr) return codes_->judge(read);
  if (technician_code_in(read).empty()) return std::nullopt;
  const auto refused = UnidentifiedReason::code_not_allowed;
  return JudgedCode{refused_code(std::nullopt, refused), refused, std::nullopt};
}

/// A code that may not be used any more is decided on once more, as a refused one.
PassageDecision Gate::decide(CredentialRead& read, const devices::ReaderPlace& place,
                             const RosterIndex& roster, std::optional<JudgedCode>& code) const {
  PassageDecision decision = maker_.decide(read, place, roster);
  if (!code) return decision;
  const auto* passage = std::get_if<NewPassage>(&decision);
  const bool uses = !code->refusal && passage != nullptr &&
                    std::holds_alternative<Identification>(passage->who) && !is_known(read);
  if (uses && !may_use(*code->claims, gate_of(read, place))) {
    code->refusal = UnidentifiedReason::code_overused;
    read.credential = refused_code(code->claims->serial, *code->refusal);
    decision = maker_.decide(read, place, roster);
  }
  if (code->refusal) name_refusal(decision, *code->refusal);
  return decision;
}

/// A book that cannot be written to is the disk's fault, not the person's; the passage will meet it, too.
bool Gate::may_use(const codes::CodeClaims& claims, const std::string& gate) const {
  const auto used = codes_->use(claims, gate);
  if (!used) log::error("use of a code not counted reason=\"{}\"", used.error().text());
  if (used && !used.value())
    log::warn("code refused serial={} reason=code_overused gate={}", codes::serial_text(claims.serial), gate);
  return !used || used.value();
}

void Gate::expect(const CredentialRead& read, const std::string& gate, const Identified& who) {
  const auto* known = std::get_if<Identification>(&who);
  const bool late = read.device_event && read.device_event->late;
  if (expected_ != nullptr && known != nullptr && !late)
    expected_->named(gate, known->technician, read.method, clock_.monotonic());
}

bool Gate::is_known(const CredentialRead& read) const {
  const auto known = outbox_.find_event(event_of(read));
  if (!known) log::error("kept event cannot be looked up reason=\"{}\"", known.error().text());
  return known && known.value();
}

/// The one place where a read's outcome leaves the gate.
PassageOutcome Gate::finish(const CredentialRead& read, const PassageOutcome& outcome) {
  count(outcome);
  // A late event tells of the past: nobody stands at the gate for it.
  if (!read.device_event || !read.device_event->late) display_.show(outcome);
  if (read.answer) read.answer(answer_of(outcome));
  return outcome;
}

// ---- several devices ----

PassageOutcome Gate::ask_for_second(const NewPassage& passage) {
  const PassageOutcome outcome = outcome_of_not_recorded(passage, OutcomeReason::second_factor_missing);
  display_.show(outcome);
  return outcome;
}

PassageOutcome Gate::finish_pair(const WaitingRead& first, const CredentialRead& second,
                                 const NewPassage& passage, const RosterIndex& roster) {
  const PassageOutcome outcome = record(second, passage, {event_of(first.read), event_of(second)}, roster);
  if (first.read.answer) first.read.answer(answer_of(outcome));
  return finish(second, outcome);
}

void Gate::give_up(const WaitingRead& waiting, const RosterIndex& roster) {
  finish(waiting.read,
         record(waiting.read, without_second(waiting.decision), {event_of(waiting.read)}, roster));
}

void Gate::tick() {
  mend_storage();
  const auto roster = roster_.current();
  for (const auto& waiting : fusion_.expired(clock_.monotonic())) give_up(waiting, *roster);
}

void Gate::mend_storage() {
  const OutboxState before = outbox_.state();
  if (before.failure.empty() && before.refusal.empty()) return;
  if (mend_at_ && clock_.monotonic() < *mend_at_) return;
  if (const auto recovered = outbox_.recover(); !recovered) {
    mend_at_ = clock_.monotonic() + mend_delay_.next();
    return log::error("nothing can be recorded reason=\"{}\"", recovered.error().text());
  }
  mend_at_.reset();
  mend_delay_.reset();
  log::info("recording again next_sequence={}", outbox_.state().next_sequence);
  recall_beyond(before.next_sequence - 1);
}

/// The disk may have taken a passage whose person was told that it failed: it counts, and who taps again is
/// told so.
void Gate::recall_beyond(Sequence known) {
  const SiteSettings settings = roster_.current()->settings();
  const auto take = [&](const Passage& passage) {
    if (passage.sequence > known) remember(passage.sequence, passage, settings);
  };
  if (const auto read = for_each_kept_passage(outbox_, std::nullopt, take, known + 1); !read)
    log::error("kept passages cannot be read again reason=\"{}\"", read.error().text());
}

void Gate::close() {
  const auto roster = roster_.current();
  for (const auto& waiting : fusion_.all_waiting()) give_up(waiting, *roster);
}

std::optional<std::chrono::milliseconds> Gate::due_in() const {
  const auto deadline = fusion_.next_deadline();
  if (!deadline) return std::nullopt;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock_.monotonic());
  return std::max(left, std::chrono::milliseconds{0});
}

void Gate::open_gate(const CredentialRead& read, const std::string& gate) {
  const bool late = read.device_event && read.device_event->late;
  if (opener_ && !late) opener_(gate);
}

void Gate::add_evidence(const CredentialRead& read, const std::string& gate, const Repeat& repeat) {
  const auto* known = std::get_if<Identification>(&repeat.who);
  if (known == nullptr) return;
  amend(fusion_.support(read, gate, known->evidence, known->technician), event_of(read));
}

void Gate::amend(const std::optional<Fusion::Amendment>& amendment, const std::string& event) {
  if (!amendment) return;
  const auto amended = outbox_.amend(amendment->sequence, wire::encode_passage(amendment->passage), event);
  if (!amended)
    log::error("evidence not added sequence={} reason=\"{}\"", amendment->sequence, amended.error().text());
  else if (!amended.value())
    log::warn("evidence not added sequence={} reason=\"already sealed\"", amendment->sequence);
}

/// The barrier is asked before the record is written: a slow disk keeps nobody outside. A disk that is known
/// to refuse does.
PassageOutcome Gate::record(const CredentialRead& read, const NewPassage& decision,
                            const std::vector<std::string>& events, const RosterIndex& roster) {
  const bool opens = decision.passage.gate_opened && keeps_;
  if (opens) open_gate(read, decision.passage.gate);
  const auto sequence = outbox_.append(wire::encode_passage(decision.passage), events);
  if (!sequence) {
    log::error("passage not recorded reason=\"{}\"", sequence.error().text());
    const bool full = is(sequence.error(), OutboxErrc::full);
    keeps_ = false;
    auto outcome =
        outcome_of_not_recorded(decision, full ? OutcomeReason::storage_full : OutcomeReason::storage_failed);
    outcome.gate_opened = opens;
    return outcome;
  }
  if (!keeps_ && decision.passage.gate_opened) open_gate(read, decision.passage.gate);
  keeps_ = true;
  remember(sequence.value(), decision.passage, roster.settings());
  amend(fusion_.contradict(decision.passage), {});
  fusion_.remember(sequence.value(), decision.passage);
  return outcome_of_recorded(decision, sequence.value());
}

// ---- typed by a clerk ----

TypedOutcome Gate::on_typed(const TypedRecord& typed) {
  const auto refused = [](const Error& error) {
    log::error("typed passage not recorded reason=\"{}\"", error.text());
    const OutcomeReason why =
        is(error, OutboxErrc::full) ? OutcomeReason::storage_full : OutcomeReason::storage_failed;
    return TypedOutcome{.problem = std::string(to_text(why))};
  };
  const auto known = outbox_.find_event(typed.event);
  if (!known) return refused(known.error());
  if (known.value()) return {.sequence = *known.value(), .repeat = true};
  const auto sequence = outbox_.append(wire::encode_passage(typed.passage), typed.event);
  if (!sequence) return refused(sequence.error());
  counts_.with([](GateCounts& counts) { ++counts.typed; });
  remember(sequence.value(), typed.passage, roster_.current()->settings());
  log::info("passage typed sequence={} by=\"{}\" corrects={}", sequence.value(), typed.passage.typed->by,
            typed.passage.typed->corrects);
  return {.sequence = sequence.value()};
}

void Gate::count(const PassageOutcome& outcome) {
  counts_.with([&](GateCounts& counts) {
    ++counts.reads;
    if (outcome.repeat)
      ++counts.repeats;
    else if (!outcome.sequence)
      ++counts.not_recorded;
    else
      ++counts.recorded;
    if (outcome.accepted && !outcome.repeat) ++counts.accepted;
  });
}

GateCounts Gate::counts() const {
  return counts_.with([](const GateCounts& counts) { return counts; });
}

Result<void> Gate::recall(const PublicKey& own_key) {
  const SiteSettings settings = roster_.current()->settings();
  return for_each_kept_passage(
      outbox_, own_key, [&](const Passage& passage) { remember(passage.sequence, passage, settings); });
}

void Gate::remember(Sequence sequence, Passage passage, const SiteSettings& settings) {
  passage.sequence = sequence;
  maker_.remember(passage, settings);
  if (watcher_) watcher_(passage);
}

}  // namespace sitegate::edge
