#include "shared/wire/work_history_batch.hpp"

#include "shared/wire/passage_table.hpp"

namespace sitegate::wire {
namespace {

Result<WorkHistoryBatch> read_head(const fb::WorkHistoryBatch& table) {
  SITEGATE_TRYV(checked_version(table.schema_version()));
  WorkHistoryBatch batch;
  SITEGATE_TRY(gateway, checked_gateway(table.gateway()));
  const auto site = SiteId::from_number(table.site());
  if (!site) return fail(WireErrc::bad_value, "site: not a 14-digit ID");
  if (table.epoch() == 0) return fail(WireErrc::bad_value, "epoch: 0");
  const auto* hash = table.previous_hash();
  if (hash == nullptr || hash->size() != batch.previous_hash.size())
    return fail(WireErrc::bad_value, "previous_hash: not 32 bytes");
  const auto* passages = table.passages();
  if (passages == nullptr || passages->size() == 0 || passages->size() > batch_passages_max)
    return fail(WireErrc::bad_value, "passages: not 1 to 1,000");
  const Sequence sequence_max = ~Sequence{0} - batch_passages_max;
  if (table.first_sequence() == 0 || table.first_sequence() > sequence_max)
    return fail(WireErrc::bad_value, "first_sequence: out of range");
  batch.gateway = gateway;
  batch.epoch = table.epoch();
  batch.first_sequence = table.first_sequence();
  batch.site = *site;
  std::copy(hash->begin(), hash->end(), batch.previous_hash.begin());
  return batch;
}

}  // namespace

Bytes encode(const WorkHistoryBatch& batch) {
  SITEGATE_ASSERT(!batch.passages.empty() && batch.passages.size() <= batch_passages_max);
  flatbuffers::FlatBufferBuilder builder(256 * batch.passages.size() + 256);
  std::vector<flatbuffers::Offset<fb::Passage>> passages;
  passages.reserve(batch.passages.size());
  for (const auto& passage : batch.passages) passages.push_back(put_passage(builder, passage));
  const auto list = builder.CreateVector(passages);
  const auto gateway = builder.CreateString(batch.gateway.text());
  const auto hash = builder.CreateVector(batch.previous_hash.data(), batch.previous_hash.size());
  builder.Finish(fb::CreateWorkHistoryBatch(builder, schema_version, gateway, batch.epoch,
                                            batch.first_sequence, batch.site.number(), hash, list),
                 fb::WorkHistoryBatchIdentifier());
  return take_bytes(builder);
}

Result<DecodedBatch> decode_work_history_batch(ByteView bytes) {
  const AlignedBytes aligned(bytes);
  SITEGATE_TRY(table, verified_root<fb::WorkHistoryBatch>(aligned.view(), fb::WorkHistoryBatchIdentifier(),
                                                          batch_size_max));
  SITEGATE_TRY(head, read_head(*table));
  DecodedBatch decoded{.batch = std::move(head), .through = 0, .refused = {}};
  Sequence expected = decoded.batch.first_sequence;
  for (const auto* passage : *table->passages()) {
    if (passage->sequence() != expected)
      return fail(WireErrc::bad_value, "passages: sequence " + std::to_string(passage->sequence()) +
                                           " where " + std::to_string(expected) + " belongs");
    if (auto read = read_passage(*passage))
      decoded.batch.passages.push_back(std::move(read).value());
    else
      decoded.refused.push_back({expected, read.error().detail});
    decoded.through = expected++;
  }
  return decoded;
}

}  // namespace sitegate::wire
