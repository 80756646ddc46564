#include "edge/muster/kept_passages.hpp"

#include "shared/base/log.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::edge {
namespace {

constexpr std::size_t page_count = 256;
constexpr std::size_t page_bytes = 4 * 1024 * 1024;

using Take = std::function<void(const Passage&)>;

Result<Bytes> payload_of(const SealedBatch& batch, const std::optional<PublicKey>& own_key) {
  if (!own_key) {
    SITEGATE_TRY(message, wire::open_unverified(batch.envelope, wire::batch_size_max));
    return std::move(message.payload);
  }
  SITEGATE_TRY(opened, wire::open(batch.envelope, wire::MessageKind::history, wire::batch_size_max,
                                  [&](std::string_view) { return own_key; }));
  return std::move(opened.payload);
}

void take_batch(const SealedBatch& batch, const std::optional<PublicKey>& own_key, const Take& take,
                Sequence from) {
  const auto payload = payload_of(batch, own_key);
  if (!payload)
    return log::error("kept batch is not ours first={} reason=\"{}\"", batch.first, payload.error().text());
  auto decoded = wire::decode_work_history_batch(payload.value());
  if (!decoded)
    return log::error("kept batch cannot be read first={} reason=\"{}\"", batch.first,
                      decoded.error().text());
  // The outbox counts through all epochs, the wire anew in each.
  const Sequence base = batch.first - decoded.value().batch.first_sequence;
  for (auto& passage : decoded.value().batch.passages) {
    passage.sequence += base;
    if (passage.typed && passage.typed->corrects != 0) passage.typed->corrects += base;
    if (passage.sequence >= from) take(passage);
  }
}

/// The sequence behind what was sealed when it ended; what cannot be read is left out.
Result<Sequence> take_batches(const Outbox& outbox, const std::optional<PublicKey>& own_key, const Take& take,
                              Sequence next) {
  for (Sequence sealed = outbox.state().sealed_through; next <= sealed;
       sealed = outbox.state().sealed_through) {
    const auto batches = outbox.batches(next, page_count, page_bytes);
    if (!batches) {
      log::error("kept batch cannot be read from={} reason=\"{}\"", next, batches.error().text());
      SITEGATE_TRY(behind, outbox.next_batch(next));
      next = behind.value_or(sealed + 1);
      continue;
    }
    for (const auto& batch : batches.value()) take_batch(batch, own_key, take, next);
    next = batches.value().empty() ? sealed + 1 : batches.value().back().through + 1;
  }
  return next;
}

void take_entry(const OutboxEntry& entry, const Take& take) {
  auto passage = wire::decode_passage(entry.bytes);
  if (!passage) return;
  passage.value().sequence = entry.sequence;
  take(passage.value());
}

/// The sequence where it ended: behind the last entry, or the first of those that were sealed meanwhile.
Result<Sequence> take_entries(const Outbox& outbox, const Take& take, Sequence next) {
  while (next < outbox.state().next_sequence) {
    const auto entries = outbox.unsealed(page_count, page_bytes, next);
    if (outbox.state().sealed_through >= next) break;
    if (!entries && !is(entries.error(), OutboxErrc::damaged)) return entries.error();
    if (!entries) {
      log::error("kept passage cannot be read sequence={} reason=\"{}\"", next++, entries.error().text());
      continue;
    }
    if (entries.value().empty()) break;
    for (const auto& entry : entries.value()) take_entry(entry, take);
    next = entries.value().back().sequence + 1;
  }
  return next;
}

}  // namespace

Result<void> for_each_kept_passage(const Outbox& outbox, const std::optional<PublicKey>& own_key,
                                   const Take& take, Sequence from) {
  Sequence next = from;
  // Once more for what the publisher seals in between: it is an entry no more.
  do {
    SITEGATE_TRY(unsealed, take_batches(outbox, own_key, take, next));
    SITEGATE_TRY(reached, take_entries(outbox, take, unsealed));
    next = reached;
  } while (next <= outbox.state().sealed_through);
  return success();
}

}  // namespace sitegate::edge
