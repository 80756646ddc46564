// Takes signed batches from the broker into the national record, each passage exactly once, and answers with
// receipts.
//
// For each gateway and epoch the store holds a watermark (every sequence up to it is registered) and the hash
// of the batch that ends there. A batch below the watermark is a duplicate and changes nothing; one that
// starts right behind it and names that hash is taken; one further on is a gap, which the receipt asks for;
// anything else is quarantined with its reason. Batches, histories, rollups and watermarks are committed
// together, and only then do receipts go out.
//
// Keeps no state that matters: everything can be lost at any time and is in the store or comes again.
#pragma once
#include <map>
#include <set>
#include <span>

#include "cloud/ingest/screening.hpp"
#include "cloud/registration/registration.hpp"
#include "shared/base/clock.hpp"
#include "shared/crypto/signing.hpp"
#include "shared/mqtt/transport.hpp"
#include "shared/wire/receipt.hpp"

namespace sitegate::cloud {

struct IngestCounts {
  std::uint64_t messages = 0;
  std::uint64_t batches_taken = 0;
  std::uint64_t batches_duplicate = 0;
  std::uint64_t batches_behind_a_gap = 0;
  std::uint64_t quarantined = 0;  ///< messages and single passages
  std::uint64_t passages = 0;     ///< of the batches taken
  std::uint64_t passages_known =
      0;  ///< of these registered before, under an epoch that the gateway has ended
  RegistrationCounts registration;
};

/// Not thread-safe: one worker. Everything given in outlives it.
class Ingest {
 public:
  Ingest(Store& store, mqtt::Transport& transport, const Clock& clock, const crypto::SigningKey& key)
      : store_(store), clock_(clock), transport_(&transport), key_(&key) {}

  /// Registers, and gives no receipts: for what an operator takes in beside the running service.
  Ingest(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// One transaction for all of `messages`, then the receipts. On an error nothing of it counts and no
  /// receipt goes out: the gateways send again.
  Result<IngestCounts> process(std::span<const IncomingMessage> messages);
  /// The same for a message that is in the quarantine list: refused again, it is not listed once more.
  Result<IngestCounts> release(const IncomingMessage& message);

 private:
  struct Chain;
  struct Round;
  Result<void> take(Round& round, const IncomingMessage& message);
  Result<void> take_batch(Round& round, const IncomingMessage& message, ScreenedBatch batch);
  Result<void> take_again(Round& round, Chain& chain, const IncomingMessage& message,
                          const ScreenedBatch& batch);
  Result<void> contradict(Round& round, Chain& chain, const IncomingMessage& message, const Rejection& why);
  Result<void> accept(Round& round, Chain& chain, const IncomingMessage& message, ScreenedBatch batch);
  Result<void> quarantine(Round& round, const IncomingMessage& message, const Rejection& why);
  Result<void> quarantine_passages(Round& round, Chain& chain, const IncomingMessage& message,
                                   const wire::DecodedBatch& decoded);
  Result<void> note_epoch_begun(Round& round, const IncomingMessage& message,
                                const wire::WorkHistoryBatch& batch);
  Result<void> drop_known(Round& round, wire::WorkHistoryBatch& batch);
  Result<void> drop_known(Round& round, wire::WorkHistoryBatch& batch, const wire::EarlierEpoch& earlier);
  Result<Chain*> chain_of(Round& round, const ScreenedBatch& batch);
  Result<void> finish(Round& round);
  void send_receipts(const Round& round);

  Store& store_;
  const Clock& clock_;
  mqtt::Transport* transport_ = nullptr;     // null: no receipts
  const crypto::SigningKey* key_ = nullptr;  // of the receipts
  /// Hashes of what was quarantined lately: a gateway that sends the same bad batch again fills no list.
  std::set<Digest> quarantined_;
};

}  // namespace sitegate::cloud
