#include "cloud/ingest/ingest.hpp"

#include "cloud/gaps/quarantined_event.hpp"
#include "cloud/gaps/reach.hpp"
#include "shared/base/log.hpp"
#include "shared/crypto/digest.hpp"
#include "shared/wire/envelope.hpp"

namespace sitegate::cloud {
namespace {

constexpr std::size_t remembered_max = 4096;

/// The same bytes from the same place; what was cut off is told apart by its size.
Digest identity_of(const IncomingMessage& message) {
  Bytes content = message.payload;
  const std::string rest = message.topic + " " + std::to_string(message.size);
  content.insert(content.end(), rest.begin(), rest.end());
  return crypto::sha256(content);
}

/// Evidence may have been added since; the moment at the reader is the same.
bool same_event(const Passage& a, const Passage& b) {
  return a.boot_id == b.boot_id && a.monotonic == b.monotonic && a.gate == b.gate && a.reader == b.reader &&
         a.person == b.person && a.typed.has_value() == b.typed.has_value();
}

/// A kept batch was verified when it was taken.
Result<void> add_passages(const KeptBatch& kept, std::map<Sequence, Passage>& known) {
  SITEGATE_TRY(opened, wire::open_unverified(kept.envelope, wire::batch_size_max));
  SITEGATE_TRY(decoded, wire::decode_work_history_batch(opened.payload));
  for (auto& passage : decoded.batch.passages) known.emplace(passage.sequence, std::move(passage));
  return success();
}

}  // namespace

/// One gateway's epoch within a round: where it stands, and what its receipt will say.
struct Ingest::Chain {
  wire::Topic topic;
  GatewayPosition position;
  bool moved = false;
  Word word;  // what this round's batches say of the epoch
  wire::Receipt receipt;
};

struct Ingest::Round {
  std::unique_ptr<WriteTransaction> transaction;
  std::map<std::pair<GatewayId, Epoch>, Chain> chains;
  std::vector<RegistrationBatch> batches;
  std::set<Digest> quarantined;  // remembered only once the round is committed
  IngestCounts counts;
};

Result<IngestCounts> Ingest::process(std::span<const IncomingMessage> messages) {
  Round round;
  SITEGATE_TRY(transaction, store_.begin_write());
  round.transaction = std::move(transaction);
  for (const auto& message : messages) {
    SITEGATE_TRYV(take(round, message));
  }
  SITEGATE_TRYV(finish(round));
  send_receipts(round);
  if (quarantined_.size() > remembered_max) quarantined_.clear();
  quarantined_.merge(round.quarantined);
  return round.counts;
}

Result<IngestCounts> Ingest::release(const IncomingMessage& message) {
  quarantined_.insert(identity_of(message));
  return process(std::span(&message, 1));
}

Result<void> Ingest::take(Round& round, const IncomingMessage& message) {
  ++round.counts.messages;
  SITEGATE_TRY(screened, screen(*round.transaction, message));
  if (const auto* rejection = std::get_if<Rejection>(&screened))
    return quarantine(round, message, *rejection);
  return take_batch(round, message, std::get<ScreenedBatch>(std::move(screened)));
}

Result<void> Ingest::take_batch(Round& round, const IncomingMessage& message, ScreenedBatch batch) {
  SITEGATE_TRY(chain, chain_of(round, batch));
  const auto& head = batch.decoded.batch;
  const Sequence watermark = chain->position.watermark;
  const Sequence first = head.first_sequence;
  chain->word.at = std::max(chain->word.at, message.received);
  if (batch.decoded.through <= watermark) return take_again(round, *chain, message, batch);
  if (first > watermark + 1) {
    ++round.counts.batches_behind_a_gap;
    chain->receipt.gaps = {{watermark + 1, first - 1}};
    chain->word.through = std::max(chain->word.through, batch.decoded.through);
    return success();
  }
  if (first <= watermark || head.previous_hash != chain->position.chain_head) {
    const Rejection why{"bad_chain",
                        "sequence " + std::to_string(first) + " of epoch " + std::to_string(head.epoch) +
                            (first <= watermark ? " overlaps what is registered"
                                                : " does not name the hash of the batch before it")};
    return contradict(round, *chain, message, why);
  }
  return accept(round, *chain, message, std::move(batch));
}

/// What is registered comes again: a resend after a lost receipt, or a replay. Harmless, but listed; other
/// bytes under the same sequences are a second gateway with the first one's identity.
Result<void> Ingest::take_again(Round& round, Chain& chain, const IncomingMessage& message,
                                const ScreenedBatch& batch) {
  const auto& head = batch.decoded.batch;
  SITEGATE_TRY(kept, round.transaction->kept_batches(head.gateway, head.epoch, head.first_sequence, 1));
  if (!kept.empty() && kept.front().envelope != message.payload) {
    const Rejection why{"conflicting_batch", "other content for sequence " +
                                                 std::to_string(head.first_sequence) + " of epoch " +
                                                 std::to_string(head.epoch) + " is registered"};
    return contradict(round, chain, message, why);
  }
  ++round.counts.batches_duplicate;
  ++chain.position.duplicates;
  chain.moved = true;
  return round.transaction->add_repeated({.gateway = head.gateway,
                                          .epoch = head.epoch,
                                          .first = head.first_sequence,
                                          .through = batch.decoded.through,
                                          .hash = batch.hash,
                                          .first_again = message.received,
                                          .last_again = message.received,
                                          .times = 1});
}

/// Signed by the gateway, and yet not what its chain goes on with: somebody else has its key and its outbox.
Result<void> Ingest::contradict(Round& round, Chain& chain, const IncomingMessage& message,
                                const Rejection& why) {
  chain.receipt.problem = why.reason + ": " + why.detail;
  chain.word.fork = chain.receipt.problem;
  return quarantine(round, message, why);
}

Result<void> Ingest::accept(Round& round, Chain& chain, const IncomingMessage& message, ScreenedBatch batch) {
  auto& head = batch.decoded.batch;
  SITEGATE_TRYV(quarantine_passages(round, chain, message, batch.decoded));
  SITEGATE_TRYV(
      round.transaction->keep_batch(KeptBatch{head.gateway, head.epoch, head.first_sequence,
                                              batch.decoded.through, message.received, message.payload}));
  chain.position.watermark = batch.decoded.through;
  chain.position.chain_head = batch.hash;
  chain.position.received = message.received;
  chain.moved = true;
  chain.receipt.gaps.clear();
  ++round.counts.batches_taken;
  round.counts.passages += head.passages.size();
  SITEGATE_TRYV(note_epoch_begun(round, message, head));
  SITEGATE_TRYV(drop_known(round, head));
  round.batches.push_back({head.gateway, head.epoch, head.site, std::move(head.passages)});
  return success();
}

/// Who goes over into another epoch has seen his chain contradicted, perhaps before a batch of his came here.
Result<void> Ingest::note_epoch_begun(Round& round, const IncomingMessage& message,
                                      const wire::WorkHistoryBatch& batch) {
  if (batch.first_sequence != 1 || batch.earlier.empty()) return success();
  for (const auto& earlier : batch.earlier) {
    SITEGATE_TRYV(note_continued(*round.transaction, batch.gateway, earlier.epoch, message.received,
                                 {batch.epoch, earlier.first_sequence, earlier.through}));
  }
  const Epoch ended = batch.earlier.back().epoch;
  SITEGATE_TRY(known, round.transaction->reach(batch.gateway, ended));
  if (known && known->forks > 0) return success();
  return note(*round.transaction,
              {batch.gateway, ended, message.received, 0, 0, Witness::batch,
               "epoch_begun: a gateway with this identity has ended the epoch and begun " +
                   std::to_string(batch.epoch)});
}

/// A gateway that has begun another epoch sends again what it has no receipt for. What is registered under
/// the earlier one is recognised there, passage for passage: it neither counts nor is listed twice.
Result<void> Ingest::drop_known(Round& round, wire::WorkHistoryBatch& batch) {
  for (const auto& earlier : batch.earlier) {
    SITEGATE_TRYV(drop_known(round, batch, earlier));
  }
  return success();
}

Result<void> Ingest::drop_known(Round& round, wire::WorkHistoryBatch& batch,
                                const wire::EarlierEpoch& earlier) {
  if (batch.passages.empty()) return success();
  const Sequence last = batch.passages.back().sequence - batch.first_sequence + earlier.first_sequence;
  const Sequence through = std::min(earlier.through, last);
  std::map<Sequence, Passage> known;
  for (Sequence next = earlier.first_sequence; next <= through;) {
    SITEGATE_TRY(kept, round.transaction->kept_batches(batch.gateway, earlier.epoch, next, 1));
    if (kept.empty() || kept.front().first > through) break;
    SITEGATE_TRYV(add_passages(kept.front(), known));
    next = std::max(kept.front().through, next) + 1;
  }
  const auto is_known = [&](const Passage& passage) {
    const Sequence then = passage.sequence - batch.first_sequence + earlier.first_sequence;
    const auto found = then <= through ? known.find(then) : known.end();
    return found != known.end() && same_event(found->second, passage);
  };
  round.counts.passages_known += std::erase_if(batch.passages, is_known);
  return success();
}

Result<Ingest::Chain*> Ingest::chain_of(Round& round, const ScreenedBatch& batch) {
  const auto& head = batch.decoded.batch;
  const auto key = std::pair(head.gateway, head.epoch);
  const auto known = round.chains.find(key);
  if (known != round.chains.end()) return &known->second;
  SITEGATE_TRY(position, round.transaction->position(head.gateway, head.epoch));
  Chain chain;
  chain.topic = {batch.topic.bucket, head.gateway, wire::Channel::receipt};
  chain.position = position.value_or(GatewayPosition{head.gateway, head.epoch, 0, {}, {}});
  chain.receipt.gateway = head.gateway;
  chain.receipt.epoch = head.epoch;
  chain.word = {head.gateway, head.epoch, {}, 0, 0, Witness::batch, {}};
  return &round.chains.emplace(key, std::move(chain)).first->second;
}

Result<void> Ingest::quarantine(Round& round, const IncomingMessage& message, const Rejection& why) {
  const Digest digest = identity_of(message);
  if (quarantined_.contains(digest) || !round.quarantined.insert(digest).second) return success();
  log::warn("message quarantined topic={} reason={} detail=\"{}\"", message.topic.substr(0, 128), why.reason,
            why.detail);
  ++round.counts.quarantined;
  SITEGATE_TRYV(round.transaction->add_to_quarantine(QuarantineItem{.number = 0,
                                                                    .received = message.received,
                                                                    .source = message.topic.substr(0, 256),
                                                                    .reason = why.reason,
                                                                    .detail = why.detail,
                                                                    .size = message.size,
                                                                    .bytes = message.payload}));
  return success();
}

Result<void> Ingest::quarantine_passages(Round& round, Chain& chain, const IncomingMessage& message,
                                         const wire::DecodedBatch& decoded) {
  const auto add = [&](Sequence sequence, std::string reason, std::string detail) -> Result<void> {
    ++round.counts.quarantined;
    chain.receipt.refused.push_back({sequence, reason});
    const auto& head = decoded.batch;
    const std::string source = quarantine_source({head.gateway, head.epoch, sequence});
    log::warn("passage quarantined event={} reason={} detail=\"{}\"", source, reason, detail);
    SITEGATE_TRYV(
        round.transaction->add_to_quarantine(QuarantineItem{.number = 0,
                                                            .received = message.received,
                                                            .source = source,
                                                            .reason = std::move(reason),
                                                            .detail = std::move(detail),
                                                            .size = 0,
                                                            .bytes = {}}));  // the kept batch holds the bytes
    return success();
  };
  for (const auto& refused : decoded.refused) {
    SITEGATE_TRYV(add(refused.sequence, "bad_value", refused.detail));
  }
  for (const Sequence damaged : decoded.batch.damaged) {
    SITEGATE_TRYV(add(damaged, std::string(lost_at_gateway_reason),
                      "the gateway's disk could not give the passage back"));
  }
  return success();
}

Result<void> Ingest::finish(Round& round) {
  SITEGATE_TRY(registered, register_passages(*round.transaction, round.batches));
  round.counts.registration = registered;
  for (const auto& [key, chain] : round.chains) {
    if (chain.moved) {
      SITEGATE_TRYV(round.transaction->set_position(chain.position));
    }
    SITEGATE_TRYV(note(*round.transaction, chain.word));
  }
  return round.transaction->commit();
}

void Ingest::send_receipts(const Round& round) {
  if (transport_ == nullptr) return;
  for (const auto& [key, chain] : round.chains) {
    wire::Receipt receipt = chain.receipt;
    receipt.sequence_through = chain.position.watermark;
    receipt.cloud_time = clock_.now();
    receipt.chain_head = chain.position.chain_head;
    if (receipt.refused.size() > wire::refused_count_max) receipt.refused.resize(wire::refused_count_max);
    const auto sealed =
        wire::seal(wire::MessageKind::receipt, wire::cloud_signer, wire::encode(receipt), *key_);
    // A receipt that does not go out costs only a resend, which it then answers.
    if (const auto sent = transport_->publish(to_text(chain.topic), sealed.bytes, receipt.sequence_through);
        !sent)
      log::debug("receipt not sent gateway={} reason=\"{}\"", receipt.gateway.text(), sent.error().text());
  }
}

}  // namespace sitegate::cloud
