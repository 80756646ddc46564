// The batch in which a gateway's passages travel; its envelope is signed and chained.
#pragma once
#include <string>
#include <vector>

#include "shared/base/error.hpp"
#include "shared/model/passage.hpp"

namespace sitegate::wire {

inline constexpr std::size_t batch_passages_max = 1'000;
inline constexpr std::size_t batch_size_max = 512 * 1024;  ///< bytes before compression

/// After a clone, or when an old copy of its disk was put back, a gateway begins another epoch and sends
/// again what it has no receipt for. The cloud finds out what it knows of it by what the passages were
/// before: the passage of sequence q was `first_sequence` + (q - the batch's first_sequence) in `epoch`, up
/// to `through`.
struct EarlierEpoch {
  Epoch epoch = 0;
  Sequence first_sequence = 0;
  Sequence through = 0;  ///< ≥ first_sequence
  bool operator==(const EarlierEpoch&) const = default;
};
inline constexpr std::size_t earlier_epochs_max = 16;

struct WorkHistoryBatch {
  GatewayId gateway;
  Epoch epoch = 0;
  Sequence first_sequence = 1;
  SiteId site;
  Digest previous_hash{};
  /// Together 1 to batch_passages_max: every sequence from first_sequence on stands in exactly one of both,
  /// rising.
  std::vector<Passage> passages;
  std::vector<Sequence> damaged;        ///< recorded, but the gateway's disk could not give them back
  std::vector<EarlierEpoch> earlier{};  ///< at most earlier_epochs_max
  bool operator==(const WorkHistoryBatch&) const = default;
};

/// A passage that was read but cannot be what it says.
struct RefusedPassage {
  Sequence sequence = 0;
  std::string detail;  ///< field and why
  bool operator==(const RefusedPassage&) const = default;
};

struct DecodedBatch {
  WorkHistoryBatch batch;               ///< only the good passages
  Sequence through = 0;                 ///< last sequence of the batch, good or refused
  std::vector<RefusedPassage> refused;  ///< with the good and the damaged ones every sequence exactly once
};

Bytes encode(const WorkHistoryBatch& batch);
/// Bad passages are set apart; a bad head or a sequence out of place refuses the whole batch.
Result<DecodedBatch> decode_work_history_batch(ByteView bytes);

}  // namespace sitegate::wire
