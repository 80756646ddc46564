// What happens with one read: identify, decide, keep, and only then tell the person.
#pragma once
#include <atomic>

#include "edge/kiosk/outcome.hpp"
#include "edge/outbox/outbox.hpp"
#include "edge/passage/passage_maker.hpp"
#include "edge/roster/roster.hpp"
#include "shared/crypto/signing.hpp"

namespace sitegate::edge {

struct GateCounts {
  std::uint64_t reads = 0;
  std::uint64_t recorded = 0;  ///< passages on the disk, admitted or not
  std::uint64_t accepted = 0;  ///< of these admitted
  std::uint64_t repeats = 0;
  std::uint64_t not_recorded = 0;  ///< the outbox refused: the person was told
};

/// Not thread-safe (the pipeline's), but counts() from any thread. Everything given in outlives it.
class Gate {
 public:
  Gate(Outbox& outbox, const RosterBook& roster, OutcomeDisplay& display, const Clock& clock,
       std::chrono::milliseconds debounce)
      : outbox_(outbox), roster_(roster), display_(display), maker_(clock, debounce) {}

  /// After a restart: who is inside, from the passages that the outbox still keeps. `own_key` opens its
  /// sealed batches. A record that cannot be read is left out, with a line in the log.
  Result<void> recall(const PublicKey& own_key);
  /// Shows the outcome, tells the device, and returns it. "accepted" means: on the disk. An event that a
  /// device reports again is recorded once.
  PassageOutcome on_read(const CredentialRead& read, const devices::ReaderPlace& place);
  [[nodiscard]] GateCounts counts() const;

 private:
  PassageOutcome outcome_of(const CredentialRead& read, const devices::ReaderPlace& place);
  PassageOutcome record(const NewPassage& decision, const std::string& event, const RosterIndex& roster);
  void count(const PassageOutcome& outcome);
  void recall_batch(const SealedBatch& batch, const PublicKey& own_key, const SiteSettings& settings);

  Outbox& outbox_;
  const RosterBook& roster_;
  OutcomeDisplay& display_;
  PassageMaker maker_;
  Guarded<GateCounts> counts_;
};

}  // namespace sitegate::edge
