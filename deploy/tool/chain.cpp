#include "deploy/tool/chain.hpp"

#include <algorithm>

#include "shared/wire/envelope.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::tool {
namespace {

ChainBreak broken(Sequence sequence, std::string reason) {
  return {sequence, std::move(reason)};
}

std::string range_text(Sequence first, Sequence through) {
  return std::to_string(first) + " to " + std::to_string(through);
}

}  // namespace

std::optional<ChainBreak> ChainWalk::take(Sequence first, Sequence through, ByteView envelope) {
  if (through_ != 0 && first != through_ + 1)
    return broken(through_ + 1, "the next batch that is kept starts at " + std::to_string(first));
  const auto opened = wire::open(envelope, wire::MessageKind::history, wire::batch_size_max,
                                 [&](std::string_view) { return std::optional(key_); });
  if (!opened) return broken(first, opened.error().text());
  const auto decoded = wire::decode_work_history_batch(opened.value().payload);
  if (!decoded) return broken(first, decoded.error().text());
  const auto& batch = decoded.value().batch;
  if (!gateway_) gateway_ = batch.gateway;
  if (batch.gateway != *gateway_ || opened.value().signer != gateway_->text())
    return broken(first,
                  "the batch is of gateway " + batch.gateway.text() + ", signed by " + opened.value().signer);
  if (batch.epoch != epoch_) return broken(first, "the batch is of epoch " + std::to_string(batch.epoch));
  if (batch.first_sequence != first || decoded.value().through != through)
    return broken(first, "kept as " + range_text(first, through) + ", signed as " +
                             range_text(batch.first_sequence, decoded.value().through));
  // Where older batches were forgotten, the first link cannot be followed; at sequence 1 it must be empty.
  if ((through_ != 0 || first == 1) && batch.previous_hash != hash_)
    return broken(first, "the hash of the batch before is " + to_hex(hash_) + ", this one names " +
                             to_hex(batch.previous_hash));
  if (first_ == 0) first_ = first;
  hash_ = opened.value().hash;
  through_ = through;
  ++batches_;
  passages_ += through - first + 1;
  return std::nullopt;
}

std::optional<ChainBreak> ChainWalk::finish(Sequence through, const Digest& head) const {
  if (batches_ == 0 && through == 0) return std::nullopt;
  if (batches_ > 0 && through_ != through)
    return broken(std::min(through_, through) + 1, "the chain ends at " + std::to_string(through_) +
                                                       ", its keeper says " + std::to_string(through));
  if (batches_ > 0 && hash_ != head) return broken(through, "the chain's head is not the last batch's hash");
  return std::nullopt;
}

}  // namespace sitegate::tool
