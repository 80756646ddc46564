// A batch without its envelope: what an enrolled but faulty gateway could have signed.
#include <algorithm>

#include "shared/wire/work_history_batch.hpp"
#include "tests/fuzz/decoder.hpp"

namespace sitegate {

/// Refused passages have no form to be encoded in; the others must still account for every sequence.
Result<wire::WorkHistoryBatch> decode_good_part(ByteView bytes) {
  SITEGATE_TRY(decoded, wire::decode_work_history_batch(bytes));
  auto& batch = decoded.batch;
  const std::size_t count = batch.passages.size() + batch.damaged.size() + decoded.refused.size();
  SITEGATE_ASSERT(count >= 1 && count <= wire::batch_passages_max);
  SITEGATE_ASSERT(decoded.through == batch.first_sequence + count - 1);
  for (const auto& refused : decoded.refused) batch.damaged.push_back(refused.sequence);
  std::sort(batch.damaged.begin(), batch.damaged.end());
  return std::move(batch);
}

}  // namespace sitegate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  fuzz::check_decoder({data, size}, decode_good_part,
                      [](const wire::WorkHistoryBatch& batch) { return wire::encode(batch); });
  return 0;
}
