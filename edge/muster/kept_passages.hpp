// The passages that an outbox still keeps: what a gateway remembers after a restart, and what can be read
// from its disk without it.
#pragma once
#include <functional>
#include <optional>

#include "edge/outbox/outbox.hpp"
#include "shared/model/passage.hpp"
#include "shared/model/registry.hpp"

namespace sitegate::edge {

/// Gives each to `take`, oldest first, its sequence set. `own_key` opens the sealed batches; without it they
/// are read unproven, for looking only. What is damaged or not ours is left out with a line in the log.
/// Errors: the database refuses to be read. No passage is passed over for its time: a clock that was wrong
/// then, or is now, must hide nobody. `from`: the first sequence that is given.
Result<void> for_each_kept_passage(const Outbox& outbox, const std::optional<PublicKey>& own_key,
                                   const std::function<void(const Passage&)>& take, Sequence from = 1);

}  // namespace sitegate::edge
