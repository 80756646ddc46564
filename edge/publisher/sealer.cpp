#include "edge/publisher/sealer.hpp"

#include <map>

#include "shared/base/log.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"

namespace sitegate::edge {
namespace {

/// Entries of one batch, bytes: with FlatBuffers' own share still below wire::batch_size_max.
constexpr std::size_t entry_bytes_max = 256 * 1024;

/// The passage in an entry; nothing if the bytes are no passage.
std::optional<Passage> passage_of(const OutboxEntry& entry) {
  auto decoded = wire::decode_passage(entry.bytes);
  if (!decoded) {
    log::error("outbox entry is not a passage sequence={} reason=\"{}\"", entry.sequence,
               decoded.error().text());
    return std::nullopt;
  }
  decoded.value().sequence = entry.sequence;
  return std::move(decoded).value();
}

/// What a batch of [first, through] was before its epoch began: where it was recorded under earlier ones.
std::vector<wire::EarlierEpoch> earlier_of(const OutboxState& state, Sequence first) {
  std::vector<wire::EarlierEpoch> earlier;
  for (const EndedEpoch& ended : state.ended)
    if (first > ended.base && first <= ended.through)
      earlier.push_back({ended.epoch, first - ended.base, ended.through - ended.base});
  return earlier;
}

/// A sequence of the outbox that another passage names, as the wire's. What lies before the epoch has no
/// number there: it goes into the reason.
void name_corrected(Passage& passage, const OutboxState& state) {
  if (!passage.typed || passage.typed->corrects == 0) return;
  if (passage.typed->corrects > state.epoch_base) {
    passage.typed->corrects -= state.epoch_base;
    return;
  }
  const std::string words = " (corrects no. " + std::to_string(passage.typed->corrects) + ")";
  if (passage.typed->reason.size() + words.size() <= typed_reason_size_max) passage.typed->reason += words;
  passage.typed->corrects = 0;
}

}  // namespace

wire::WorkHistoryBatch Sealer::empty_batch(const OutboxState& state, Sequence first) const {
  return {.gateway = identity_.gateway,
          .epoch = state.epoch,
          .first_sequence = first - state.epoch_base,
          .site = identity_.site,
          .previous_hash = state.chain_head,
          .passages = {},
          .damaged = {},
          .earlier = earlier_of(state, first)};
}

Result<wire::WorkHistoryBatch> Sealer::next_batch(const OutboxState& state, std::size_t count_max) const {
  const Sequence first = state.sealed_through + 1;
  wire::WorkHistoryBatch batch = empty_batch(state, first);
  auto entries = outbox_.unsealed(count_max, entry_bytes_max);
  if (!entries) {
    if (!is(entries.error(), OutboxErrc::damaged)) return entries.error();
    log::error("outbox entry is damaged sequence={}", first);
    batch.damaged.push_back(batch.first_sequence);
    return batch;
  }
  for (const auto& entry : entries.value()) {
    const Sequence sequence = entry.sequence - state.epoch_base;
    auto passage = passage_of(entry);
    if (!passage) {
      batch.damaged.push_back(sequence);
      continue;
    }
    name_corrected(*passage, state);
    passage->sequence = sequence;
    batch.passages.push_back(std::move(*passage));
  }
  return batch;
}

Result<ResealedBatch> Sealer::reseal(const SealedBatch& old, const OutboxState& state) const {
  wire::WorkHistoryBatch batch = empty_batch(state, old.first);
  const auto own_key = [this](std::string_view) { return std::optional(key_.public_key()); };
  const auto opened = wire::open(old.envelope, wire::MessageKind::history, wire::batch_size_max, own_key);
  const auto decoded = opened ? wire::decode_work_history_batch(opened.value().payload)
                              : Result<wire::DecodedBatch>(opened.error());
  if (!decoded)
    log::error("batch cannot be sent again first={} reason=\"{}\"", old.first, decoded.error().text());
  std::map<Sequence, Passage> passages;
  // Its numbers of then, as the outbox counts.
  const Sequence base_then = decoded ? old.first - decoded.value().batch.first_sequence : 0;
  if (decoded)
    for (const auto& passage : decoded.value().batch.passages)
      passages.emplace(passage.sequence + base_then, passage);
  for (Sequence sequence = old.first; sequence <= old.through; ++sequence) {
    const auto found = passages.find(sequence);
    if (found == passages.end()) {
      batch.damaged.push_back(sequence - state.epoch_base);
      continue;
    }
    Passage& passage = found->second;
    if (passage.typed && passage.typed->corrects != 0) passage.typed->corrects += base_then;
    name_corrected(passage, state);
    passage.sequence = sequence - state.epoch_base;
    batch.passages.push_back(std::move(passage));
  }
  auto sealed = wire::seal(wire::MessageKind::history, identity_.gateway.text(), wire::encode(batch), key_);
  return ResealedBatch{std::move(sealed.bytes), sealed.hash};
}

Result<std::size_t> Sealer::seal_next(std::size_t count_max, UtcTime now) {
  const OutboxState state = outbox_.state();
  if (state.unsealed_count == 0) return std::size_t{0};
  SITEGATE_TRY(batch, next_batch(state, std::min(count_max, wire::batch_passages_max)));
  const std::size_t count = batch.passages.size() + batch.damaged.size();
  const auto sealed =
      wire::seal(wire::MessageKind::history, identity_.gateway.text(), wire::encode(batch), key_);
  const Sequence first = state.sealed_through + 1;
  SITEGATE_TRYV(outbox_.seal(first, first + count - 1, sealed.bytes, sealed.hash, now));
  return count;
}

}  // namespace sitegate::edge
