#include "edge/publisher/sealer.hpp"

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

}  // namespace

Result<wire::WorkHistoryBatch> Sealer::next_batch(const OutboxState& state, std::size_t count_max) const {
  wire::WorkHistoryBatch batch{.gateway = identity_.gateway,
                               .epoch = state.epoch,
                               .first_sequence = state.sealed_through + 1,
                               .site = identity_.site,
                               .previous_hash = state.chain_head,
                               .passages = {},
                               .damaged = {}};
  auto entries = outbox_.unsealed(count_max, entry_bytes_max);
  if (!entries) {
    if (!is(entries.error(), OutboxErrc::damaged)) return entries.error();
    log::error("outbox entry is damaged sequence={}", batch.first_sequence);
    batch.damaged.push_back(batch.first_sequence);
    return batch;
  }
  for (const auto& entry : entries.value()) {
    if (auto passage = passage_of(entry))
      batch.passages.push_back(std::move(*passage));
    else
      batch.damaged.push_back(entry.sequence);
  }
  return batch;
}

Result<std::size_t> Sealer::seal_next(std::size_t count_max, UtcTime now) {
  const OutboxState state = outbox_.state();
  if (state.unsealed_count == 0) return std::size_t{0};
  SITEGATE_TRY(batch, next_batch(state, std::min(count_max, wire::batch_passages_max)));
  const std::size_t count = batch.passages.size() + batch.damaged.size();
  const auto sealed =
      wire::seal(wire::MessageKind::history, identity_.gateway.text(), wire::encode(batch), key_);
  const Sequence through = batch.first_sequence + count - 1;
  SITEGATE_TRYV(outbox_.seal(batch.first_sequence, through, sealed.bytes, sealed.hash, now));
  return count;
}

}  // namespace sitegate::edge
