// The passages that an outbox still keeps: what a gateway remembers after a restart, and what can be read
// from its disk without it.
#pragma once
#include <functional>
#include <optional>

#include "edge/outbox/outbox.hpp"
#include "shared/model/passage.hpp"
#include "shared/model/registry.hpp"

namespace sitegate::edge {

struct KeptPassages {
  /// Opens the sealed batches. Unset: they are read unproven, for looking only.
  std::optional<PublicKey> own_key;
  /// Batches sealed before this are passed over; what is in them is older still.
  UtcTime sealed_since = UtcTime::min();
};

/// Gives each to `take`, oldest first, its sequence set. What is damaged or not ours is left out with a line
/// in the log. Errors: the database refuses to be read.
Result<void> for_each_kept_passage(const Outbox& outbox, const KeptPassages& wanted,
                                   const std::function<void(const Passage&)>& take);

}  // namespace sitegate::edge
