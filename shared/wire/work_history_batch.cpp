#include "shared/wire/work_history_batch.hpp"

#include "shared/wire/passage_table.hpp"

namespace sitegate::wire {
namespace {

template <typename Vector>
std::size_t size_of(const Vector* vector) {
  return vector == nullptr ? 0 : vector->size();
}

/// Walks the sequences that a batch must hold, in order: each is either the next passage or the next damaged
/// one.
class SequenceWalk {
 public:
  SequenceWalk(Sequence first, const std::vector<Sequence>& damaged)
      : next_(first), damaged_(damaged.begin()), damaged_end_(damaged.end()) {}
  Result<void> expect(Sequence sequence) {
    skip_damaged();
    if (sequence != next_)
      return fail(WireErrc::bad_value, "passages: sequence " + std::to_string(sequence) + " where " +
                                           std::to_string(next_) + " belongs");
    ++next_;
    return success();
  }
  /// The last sequence, once every passage has been seen and no damaged one is left over.
  Result<Sequence> finish() {
    skip_damaged();
    if (damaged_ != damaged_end_) return fail(WireErrc::bad_value, "damaged: sequence out of place");
    return next_ - 1;
  }

 private:
  void skip_damaged() {
    while (damaged_ != damaged_end_ && *damaged_ == next_) {
      ++damaged_;
      ++next_;
    }
  }
  Sequence next_;
  std::vector<Sequence>::const_iterator damaged_;
  std::vector<Sequence>::const_iterator damaged_end_;
};

Result<std::vector<EarlierEpoch>> read_earlier(const fb::WorkHistoryBatch& table) {
  std::vector<EarlierEpoch> earlier;
  if (size_of(table.earlier()) > earlier_epochs_max)
    return fail(WireErrc::bad_value, "earlier: more than 16");
  for (std::size_t i = 0; i < size_of(table.earlier()); ++i) {
    const auto* one = table.earlier()->Get(static_cast<flatbuffers::uoffset_t>(i));
    if (one->epoch() == 0 || one->epoch() == table.epoch() || one->first_sequence() == 0 ||
        one->first_sequence() > one->through())
      return fail(WireErrc::bad_value, "earlier: not a range of another epoch");
    earlier.push_back({one->epoch(), one->first_sequence(), one->through()});
  }
  return earlier;
}

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
  const std::size_t count = size_of(table.passages()) + size_of(table.damaged());
  if (count == 0 || count > batch_passages_max) return fail(WireErrc::bad_value, "passages: not 1 to 1,000");
  const Sequence sequence_max = ~Sequence{0} - batch_passages_max;
  if (table.first_sequence() == 0 || table.first_sequence() > sequence_max)
    return fail(WireErrc::bad_value, "first_sequence: out of range");
  batch.gateway = gateway;
  batch.epoch = table.epoch();
  batch.first_sequence = table.first_sequence();
  batch.site = *site;
  std::copy(hash->begin(), hash->end(), batch.previous_hash.begin());
  batch.damaged = read_numbers(table.damaged());
  SITEGATE_TRY(earlier, read_earlier(table));
  batch.earlier = std::move(earlier);
  return batch;
}

}  // namespace

Bytes encode(const WorkHistoryBatch& batch) {
  const std::size_t count = batch.passages.size() + batch.damaged.size();
  SITEGATE_ASSERT(count >= 1 && count <= batch_passages_max && batch.earlier.size() <= earlier_epochs_max);
  flatbuffers::FlatBufferBuilder builder(256 * batch.passages.size() + 256);
  std::vector<flatbuffers::Offset<fb::Passage>> passages;
  passages.reserve(batch.passages.size());
  for (const auto& passage : batch.passages) passages.push_back(put_passage(builder, passage));
  std::vector<flatbuffers::Offset<fb::EarlierEpoch>> earlier;
  for (const auto& one : batch.earlier)
    earlier.push_back(fb::CreateEarlierEpoch(builder, one.epoch, one.first_sequence, one.through));
  const auto earlier_list =
      earlier.empty() ? flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::EarlierEpoch>>>()
                      : builder.CreateVector(earlier);
  const auto list = builder.CreateVector(passages);
  const auto damaged = builder.CreateVector(batch.damaged);
  const auto gateway = builder.CreateString(batch.gateway.text());
  const auto hash = builder.CreateVector(batch.previous_hash.data(), batch.previous_hash.size());
  builder.Finish(
      fb::CreateWorkHistoryBatch(builder, schema_version, gateway, batch.epoch, batch.first_sequence,
                                 batch.site.number(), hash, list, damaged, earlier_list),
      fb::WorkHistoryBatchIdentifier());
  return take_bytes(builder);
}

Result<DecodedBatch> decode_work_history_batch(ByteView bytes) {
  const AlignedBytes aligned(bytes);
  SITEGATE_TRY(table, verified_root<fb::WorkHistoryBatch>(aligned.view(), fb::WorkHistoryBatchIdentifier(),
                                                          batch_size_max));
  SITEGATE_TRY(head, read_head(*table));
  DecodedBatch decoded{.batch = std::move(head), .through = 0, .refused = {}};
  SequenceWalk walk(decoded.batch.first_sequence, decoded.batch.damaged);
  for (std::size_t i = 0; i < size_of(table->passages()); ++i) {
    const auto* passage = table->passages()->Get(static_cast<flatbuffers::uoffset_t>(i));
    SITEGATE_TRYV(walk.expect(passage->sequence()));
    if (auto read = read_passage(*passage))
      decoded.batch.passages.push_back(std::move(read).value());
    else
      decoded.refused.push_back({passage->sequence(), read.error().detail});
  }
  SITEGATE_TRY(through, walk.finish());
  decoded.through = through;
  return decoded;
}

}  // namespace sitegate::wire
