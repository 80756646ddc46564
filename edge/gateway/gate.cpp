#include "edge/gateway/gate.hpp"

#include "shared/base/log.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::edge {
namespace {

/// More passages than any gate sees in a shift and a day.
constexpr Sequence recalled_max = 50'000;
constexpr std::size_t page_count = 256;
constexpr std::size_t page_bytes = 4 * 1024 * 1024;

}  // namespace

PassageOutcome Gate::on_read(const CredentialRead& read, const devices::ReaderPlace& place) {
  const PassageOutcome outcome = outcome_of(read, place);
  count(outcome);
  // A late event tells of the past: nobody stands at the gate for it.
  if (!read.device_event || !read.device_event->late) display_.show(outcome);
  if (read.answer) read.answer(answer_of(outcome));
  return outcome;
}

PassageOutcome Gate::outcome_of(const CredentialRead& read, const devices::ReaderPlace& place) {
  const auto roster = roster_.current();
  const PassageDecision decision = maker_.decide(read, place, *roster);
  if (const auto* repeat = std::get_if<Repeat>(&decision)) return outcome_of_repeat(*repeat, read.credential);
  const auto& passage = std::get<NewPassage>(decision);
  const std::string event = read.device_event ? read.device_event->key : std::string();
  const auto known = outbox_.find_event(event);
  if (!known) log::error("kept event cannot be looked up reason=\"{}\"", known.error().text());
  if (known && known.value()) return outcome_of_known_event(passage);
  return record(passage, event, *roster);
}

PassageOutcome Gate::record(const NewPassage& decision, const std::string& event, const RosterIndex& roster) {
  const auto sequence = outbox_.append(wire::encode_passage(decision.passage), event);
  if (!sequence) {
    log::error("passage not recorded reason=\"{}\"", sequence.error().text());
    const bool full = is(sequence.error(), OutboxErrc::full);
    return outcome_of_not_recorded(decision,
                                   full ? OutcomeReason::storage_full : OutcomeReason::storage_failed);
  }
  maker_.remember(decision.passage, roster.settings());
  return outcome_of_recorded(decision, sequence.value());
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
  const OutboxState state = outbox_.state();
  const SiteSettings settings = roster_.current()->settings();
  Sequence next = state.next_sequence > recalled_max ? state.next_sequence - recalled_max : 1;
  while (next <= state.sealed_through) {
    const auto batches = outbox_.batches(next, page_count, page_bytes);
    if (!batches) {
      log::error("kept batch cannot be read from={} reason=\"{}\"", next, batches.error().text());
      SITEGATE_TRY(behind, outbox_.next_batch(next));
      if (!behind) break;
      next = *behind;
      continue;
    }
    if (batches.value().empty()) break;
    for (const auto& batch : batches.value()) recall_batch(batch, own_key, settings);
    next = batches.value().back().through + 1;
  }
  const auto entries = outbox_.unsealed(recalled_max, std::numeric_limits<std::size_t>::max());
  if (!entries) return entries.error();
  for (const auto& entry : entries.value())
    if (const auto passage = wire::decode_passage(entry.bytes)) maker_.remember(passage.value(), settings);
  return success();
}

void Gate::recall_batch(const SealedBatch& batch, const PublicKey& own_key, const SiteSettings& settings) {
  const auto opened = wire::open(batch.envelope, wire::MessageKind::history, wire::batch_size_max,
                                 [&](std::string_view) { return std::optional(own_key); });
  if (!opened) {
    log::error("kept batch is not ours first={} reason=\"{}\"", batch.first, opened.error().text());
    return;
  }
  const auto decoded = wire::decode_work_history_batch(opened.value().payload);
  if (!decoded) return;
  for (const auto& passage : decoded.value().batch.passages) maker_.remember(passage, settings);
}

}  // namespace sitegate::edge
