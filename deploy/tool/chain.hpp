// A gateway's chain of signed batches, walked from the first one that is kept.
#pragma once
#include <optional>
#include <string>

#include "shared/base/error.hpp"
#include "shared/base/ids.hpp"
#include "shared/model/registry.hpp"

namespace sitegate::tool {

/// Where a chain stops being a proof.
struct ChainBreak {
  Sequence sequence = 0;  ///< first sequence that is not proven
  std::string reason;
};

/// Give it the batches in order of sequence. After the first break it must not be used further.
class ChainWalk {
 public:
  ChainWalk(const PublicKey& key, Epoch epoch, std::optional<GatewayId> gateway)
      : key_(key), epoch_(epoch), gateway_(std::move(gateway)) {}

  /// A batch as it is kept: its range, and the signed envelope. Checks signature, signer, epoch, range, the
  /// hash link to the batch before, and that no sequence is missing between them.
  std::optional<ChainBreak> take(Sequence first, Sequence through, ByteView envelope);
  /// The chain must end where the keeper says it ends.
  [[nodiscard]] std::optional<ChainBreak> finish(Sequence through, const Digest& head) const;

  [[nodiscard]] std::uint64_t batches() const { return batches_; }
  [[nodiscard]] std::uint64_t passages() const { return passages_; }
  [[nodiscard]] Sequence first() const { return first_; }
  [[nodiscard]] Sequence through() const { return through_; }

 private:
  const PublicKey key_;
  const Epoch epoch_;
  std::optional<GatewayId> gateway_;  // known after the first batch
  std::uint64_t batches_ = 0;
  std::uint64_t passages_ = 0;
  Sequence first_ = 0;    // of the first batch; 0 before it
  Sequence through_ = 0;  // of the last batch
  Digest hash_{};         // of the last batch
};

}  // namespace sitegate::tool
