#include "shared/wire/receipt.hpp"

#include <algorithm>

#include "shared/wire/flat.hpp"
#include "shared/wire/receipt_generated.h"

namespace sitegate::wire {
namespace {

constexpr std::size_t reason_size_max = 128;
constexpr std::size_t problem_size_max = 256;

Result<std::vector<RefusedEntry>> read_refused(const fb::Receipt& table) {
  std::vector<RefusedEntry> refused;
  if (table.refused() == nullptr) return refused;
  if (table.refused()->size() > refused_count_max)
    return fail(WireErrc::bad_value, "refused: more than 1,000");
  for (const auto* entry : *table.refused()) {
    SITEGATE_TRY(reason, checked_text(entry->reason(), 0, reason_size_max, "reason"));
    refused.push_back({entry->sequence(), std::move(reason)});
  }
  return refused;
}

Result<std::vector<SequenceRange>> read_gaps(const fb::Receipt& table) {
  std::vector<SequenceRange> gaps;
  if (table.gaps() == nullptr) return gaps;
  if (table.gaps()->size() > gap_count_max) return fail(WireErrc::bad_value, "gaps: more than 100");
  for (const auto* gap : *table.gaps()) {
    if (gap->first() == 0 || gap->first() > gap->through())
      return fail(WireErrc::bad_value, "gaps: not a range");
    gaps.push_back({gap->first(), gap->through()});
  }
  return gaps;
}

Result<Digest> read_head(const fb::Receipt& table) {
  Digest head{};
  if (table.chain_head() == nullptr) return head;
  if (table.chain_head()->size() != head.size()) return fail(WireErrc::bad_value, "chain_head: not 32 bytes");
  std::copy(table.chain_head()->begin(), table.chain_head()->end(), head.begin());
  return head;
}

flatbuffers::Offset<fb::RefusedEntry> put_refused(flatbuffers::FlatBufferBuilder& builder,
                                                  const RefusedEntry& entry) {
  const auto reason = builder.CreateString(presentable(entry.reason, reason_size_max));
  return fb::CreateRefusedEntry(builder, entry.sequence, reason);
}

}  // namespace

Bytes encode(const Receipt& receipt) {
  flatbuffers::FlatBufferBuilder builder(256);
  std::vector<flatbuffers::Offset<fb::RefusedEntry>> refused;
  for (std::size_t i = 0; i < std::min(refused_count_max, receipt.refused.size()); ++i)
    refused.push_back(put_refused(builder, receipt.refused[i]));
  std::vector<flatbuffers::Offset<fb::SequenceRange>> gaps;
  for (std::size_t i = 0; i < std::min(gap_count_max, receipt.gaps.size()); ++i)
    gaps.push_back(fb::CreateSequenceRange(builder, receipt.gaps[i].first, receipt.gaps[i].through));
  const auto refused_list = builder.CreateVector(refused);
  const auto gap_list = builder.CreateVector(gaps);
  const auto gateway = builder.CreateString(receipt.gateway.text());
  const auto problem = builder.CreateString(presentable(receipt.problem, problem_size_max));
  const bool head_told = receipt.chain_head != Digest{};
  const auto head = head_told ? builder.CreateVector(receipt.chain_head.data(), receipt.chain_head.size())
                              : flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>>();
  builder.Finish(
      fb::CreateReceipt(builder, schema_version, gateway, receipt.epoch, receipt.sequence_through,
                        refused_list, gap_list, problem, receipt.cloud_time.time_since_epoch().count(), head),
      fb::ReceiptIdentifier());
  return take_bytes(builder);
}

Result<Receipt> decode_receipt(ByteView bytes) {
  const AlignedBytes aligned(bytes);
  SITEGATE_TRY(table, verified_root<fb::Receipt>(aligned.view(), fb::ReceiptIdentifier(), receipt_size_max));
  SITEGATE_TRYV(checked_version(table->schema_version()));
  SITEGATE_TRY(gateway, checked_gateway(table->gateway()));
  if (table->epoch() == 0) return fail(WireErrc::bad_value, "epoch: 0");
  SITEGATE_TRY(refused, read_refused(*table));
  SITEGATE_TRY(gaps, read_gaps(*table));
  SITEGATE_TRY(problem, checked_text(table->problem(), 0, problem_size_max, "problem"));
  SITEGATE_TRY(cloud_time, checked_time(table->cloud_time_ms(), "cloud_time"));
  SITEGATE_TRY(chain_head, read_head(*table));
  return Receipt{.gateway = gateway,
                 .epoch = table->epoch(),
                 .sequence_through = table->sequence_through(),
                 .refused = std::move(refused),
                 .gaps = std::move(gaps),
                 .problem = std::move(problem),
                 .cloud_time = cloud_time,
                 .chain_head = chain_head};
}

}  // namespace sitegate::wire
