// Makes signed, chained batches out of the outbox's entries. A batch is sealed once and kept byte for byte.
#pragma once
#include "edge/outbox/outbox.hpp"
#include "shared/crypto/signing.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::edge {

/// Who signs, for which site.
struct GatewayIdentity {
  GatewayId gateway;
  SiteId site;
  std::uint16_t bucket = 0;
};

/// Not thread-safe. `outbox` and `key` outlive it.
class Sealer {
 public:
  Sealer(Outbox& outbox, const GatewayIdentity& identity, const crypto::SigningKey& key)
      : outbox_(outbox), identity_(identity), key_(key) {}

  /// Seals the next at most `count_max` (1 to 1,000) entries into one batch; returns how many, 0 when there
  /// are none. An entry that the disk cannot give back is named in the batch as damaged: it never stops the
  /// ones behind it.
  Result<std::size_t> seal_next(std::size_t count_max, UtcTime now);

  /// The batch for the epoch of `state`, signed anew. What cannot be read any more is named as damaged.
  [[nodiscard]] Result<ResealedBatch> reseal(const SealedBatch& batch, const OutboxState& state) const;

 private:
  [[nodiscard]] wire::WorkHistoryBatch empty_batch(const OutboxState& state, Sequence first) const;
  Result<wire::WorkHistoryBatch> next_batch(const OutboxState& state, std::size_t count_max) const;

  Outbox& outbox_;
  const GatewayIdentity& identity_;
  const crypto::SigningKey& key_;
};

}  // namespace sitegate::edge
