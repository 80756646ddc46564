// The passages of one day, from what the outbox still keeps.
#pragma once
#include <vector>

#include "edge/outbox/outbox.hpp"
#include "shared/model/passage.hpp"
#include "shared/model/registry.hpp"

namespace sitegate::edge {

/// Those of one work date among the newest `count_max` recorded passages, oldest first, with their sequences.
/// `own_key` opens the sealed batches. What cannot be read is left out, with a line in the log.
std::vector<Passage> kept_passages(const Outbox& outbox, const PublicKey& own_key, WorkDate date,
                                   Sequence count_max);

}  // namespace sitegate::edge
