// One passage as bytes: what the outbox keeps until it is sealed into a batch.
#pragma once
#include "shared/base/error.hpp"
#include "shared/model/passage.hpp"

namespace sitegate::wire {

inline constexpr std::size_t passage_size_max = 4096;  ///< bytes of one encoded passage

/// The passage must hold what model/passage.hpp says; its sequence is written as it is.
Bytes encode_passage(const Passage& passage);
/// Verified: structure, sizes, enum ranges, times, and that the work date lies within three days of the
/// event.
Result<Passage> decode_passage(ByteView bytes);

}  // namespace sitegate::wire
