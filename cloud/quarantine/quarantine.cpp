#include "cloud/quarantine/quarantine.hpp"

#include <algorithm>

#include "cloud/gaps/quarantined_event.hpp"
#include "shared/wire/envelope.hpp"

namespace sitegate::cloud {

const char* errc_category(QuarantineErrc) {
  return "quarantine";
}

std::string_view errc_text(QuarantineErrc what) {
  switch (what) {
    case QuarantineErrc::not_listed:
      return "not in the quarantine list";
    case QuarantineErrc::decided:
      return "decided before";
    case QuarantineErrc::cut:
      return "not all of the message was kept: only its gateway can send it again";
    case QuarantineErrc::still_refused:
      return "still refused";
  }
  return "unknown";
}

namespace {

Result<QuarantineItem> undecided(const ReadTransaction& store, std::uint64_t number) {
  SITEGATE_TRY(items, store.quarantine(number, 1));
  if (items.empty() || items.front().number != number)
    return fail(QuarantineErrc::not_listed, "number " + std::to_string(number));
  const auto& decision = items.front().decision;
  if (decision)
    return fail(QuarantineErrc::decided, "number " + std::to_string(number) + ": " +
                                             std::string(outcome_word(decision->outcome)) + " by " + decision->by +
                                             " at " + to_text(decision->at));
  return std::move(items.front());
}

Result<Passage> passage_of(const KeptBatch& kept, const EventId& event) {
  SITEGATE_TRY(opened, wire::open_unverified(kept.envelope, wire::batch_size_max));
  SITEGATE_TRY(decoded, wire::decode_work_history_batch(opened.payload));
  for (auto& passage : decoded.batch.passages)
    if (passage.sequence == event.sequence) return std::move(passage);
  for (const auto& refused : decoded.refused)
    if (refused.sequence == event.sequence) return fail(QuarantineErrc::still_refused, refused.detail);
  return fail(QuarantineErrc::still_refused, "the gateway's disk could not give the passage back");
}

/// The kept batch was verified when it was taken. One transaction: registered and decided, or neither.
Result<RegistrationCounts> release_passage(WriteTransaction& store, const EventId& event) {
  SITEGATE_TRY(kept, store.kept_batches(event.gateway, event.epoch, event.sequence, 1));
  if (kept.empty() || kept.front().first > event.sequence)
    return fail(QuarantineErrc::still_refused, "its batch is not kept");
  SITEGATE_TRY(gateway, store.gateway(event.gateway));
  if (!gateway) return fail(QuarantineErrc::still_refused, "the gateway is not registered");
  SITEGATE_TRY(passage, passage_of(kept.front(), event));
  const std::vector<RegistrationBatch> batches{
      {event.gateway, event.epoch, gateway->site, {std::move(passage)}}};
  return register_passages(store, batches);
}

Result<RegistrationCounts> release_message(Store& store, const QuarantineItem& item, const Clock& clock) {
  if (item.size > item.bytes.size())
    return fail(QuarantineErrc::cut,
                std::to_string(item.bytes.size()) + " of " + std::to_string(item.size) + " bytes");
  const IncomingMessage message = incoming(item.source, item.bytes, clock.now());
  {
    SITEGATE_TRY(reading, store.begin_read());
    SITEGATE_TRY(screened, screen(*reading, message));
    if (const auto* rejection = std::get_if<Rejection>(&screened))
      return fail(QuarantineErrc::still_refused, rejection->reason + ": " + rejection->detail);
  }
  Ingest ingest(store, clock);
  SITEGATE_TRY(counts, ingest.release(message));
  if (counts.batches_behind_a_gap > 0)
    return fail(QuarantineErrc::still_refused, "a batch before it is missing: see the missing-record report");
  if (counts.batches_taken + counts.batches_duplicate == 0)
    return fail(QuarantineErrc::still_refused, "it contradicts what is registered of its gateway's epoch");
  return counts.registration;
}

}  // namespace

Result<RegistrationCounts> release(Store& store, std::uint64_t number, const Operator& by,
                                   const Clock& clock) {
  const auto read = [&]() -> Result<QuarantineItem> {
    SITEGATE_TRY(reading, store.begin_read());
    return undecided(*reading, number);
  };
  SITEGATE_TRY(item, read());
  const auto event = quarantined_event(item.source);
  RegistrationCounts counts;
  if (!event) {
    SITEGATE_TRY(registered, release_message(store, item, clock));
    counts = registered;
  }
  SITEGATE_TRY(writing, store.begin_write());
  if (event) {
    SITEGATE_TRY(registered, release_passage(*writing, *event));
    counts = registered;
  }
  SITEGATE_TRYV(
      writing->decide_quarantined(number, {QuarantineOutcome::released, clock.now(), by.name, by.why}));
  SITEGATE_TRYV(writing->commit());
  return counts;
}

Result<void> discard(Store& store, std::uint64_t number, const Operator& by, UtcTime now) {
  SITEGATE_TRY(writing, store.begin_write());
  SITEGATE_TRYV(undecided(*writing, number));
  SITEGATE_TRYV(writing->decide_quarantined(number, {QuarantineOutcome::discarded, now, by.name, by.why}));
  return writing->commit();
}

}  // namespace sitegate::cloud
