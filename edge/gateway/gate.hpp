// What happens with one read: identify, decide, keep, and only then tell the person.
#pragma once
#include <atomic>
#include <functional>

#include "edge/codes/technician_codes.hpp"
#include "edge/fusion/fusion.hpp"
#include "edge/gateway/expected_people.hpp"
#include "edge/kiosk/outcome.hpp"
#include "edge/muster/kept_passages.hpp"
#include "edge/outbox/outbox.hpp"
#include "edge/passage/passage_maker.hpp"
#include "edge/roster/roster.hpp"
#include "edge/typed_entry/typed_entry.hpp"
#include "shared/crypto/signing.hpp"

namespace sitegate::edge {

struct GateCounts {
  std::uint64_t reads = 0;
  std::uint64_t recorded = 0;  ///< passages on the disk, admitted or not
  std::uint64_t accepted = 0;  ///< of these admitted
  std::uint64_t repeats = 0;
  std::uint64_t not_recorded = 0;  ///< the outbox refused: the person was told
  std::uint64_t typed = 0;         ///< passages on the disk that a clerk typed; no reads
};

/// Not thread-safe (the pipeline's), but counts() from any thread. Everything given in outlives it.
/// Asks the gate's barrier to let one person through; returns at once.
using GateOpener = std::function<void(const std::string& gate)>;

class Gate {
 public:
  /// Between attempts to open a failed outbox again. A disk that comes back is used within half a minute.
  static constexpr std::chrono::milliseconds mend_base{1'000};
  static constexpr std::chrono::milliseconds mend_cap{30'000};

  Gate(Outbox& outbox, const RosterBook& roster, OutcomeDisplay& display, const Clock& clock,
       std::chrono::milliseconds debounce, Fusion fusion = Fusion(), GateOpener opener = {})
      : outbox_(outbox),
        roster_(roster),
        display_(display),
        clock_(clock),
        maker_(clock, debounce),
        fusion_(std::move(fusion)),
        opener_(std::move(opener)),
        mend_delay_(mend_base, mend_cap, static_cast<std::uint64_t>(clock.monotonic().count())) {}

  /// `watcher` is told of every passage in the order of the record, recalled ones too, on the pipeline's
  /// thread; to be set before the first.
  void watch(std::function<void(const Passage&)> watcher) { watcher_ = std::move(watcher); }
  /// Judges technicians' codes; to be set before the first read. Without it none is taken.
  void believe(TechnicianCodes& codes) { codes_ = &codes; }
  /// `expected` is told whom a card, tag or code names at which gate; to be set before the first read.
  void tell(ExpectedPeople* expected) { expected_ = expected; }
  /// After a restart: who is inside, from the passages that the outbox still keeps. `own_key` opens its
  /// sealed batches.
  Result<void> recall(const PublicKey& own_key);
  /// Shows the outcome, tells the device, and returns it. "accepted" means: on the disk. An event that a
  /// device reports again is recorded once.
  PassageOutcome on_read(const CredentialRead& read, const devices::ReaderPlace& place);
  /// Keeps what a clerk typed, once for each key; when it returns it is on the disk, or it is said why not.
  /// Shows nothing, opens nothing, turns nobody's next tap around (PassageMaker passes it over); the watcher
  /// is told of it.
  TypedOutcome on_typed(const TypedRecord& typed);
  /// Ends the waiting for second factors whose time is over; to be called when due_in() has passed. Where the
  /// outbox refuses, asks it to recover, again and again with growing pauses; to be called every second or
  /// so.
  void tick();
  /// nullopt: nobody is waiting.
  [[nodiscard]] std::optional<std::chrono::milliseconds> due_in() const;
  /// Records those who still wait; the program ends.
  void close();
  [[nodiscard]] GateCounts counts() const;

 private:
  [[nodiscard]] std::optional<JudgedCode> judge(const CredentialRead& read) const;
  PassageOutcome take(CredentialRead read, const devices::ReaderPlace& place, std::optional<JudgedCode> code);
  PassageDecision decide(CredentialRead& read, const devices::ReaderPlace& place, const RosterIndex& roster,
                         std::optional<JudgedCode>& code) const;
  [[nodiscard]] bool may_use(const codes::CodeClaims& claims, const std::string& gate) const;
  PassageOutcome finish(const CredentialRead& read, const PassageOutcome& outcome);
  PassageOutcome ask_for_second(const NewPassage& passage);
  PassageOutcome finish_pair(const WaitingRead& first, const CredentialRead& second,
                             const NewPassage& passage, const RosterIndex& roster);
  void open_gate(const CredentialRead& read, const std::string& gate);
  void mend_storage();
  void recall_beyond(Sequence known);
  void give_up(const WaitingRead& waiting, const RosterIndex& roster);
  void add_evidence(const CredentialRead& read, const std::string& gate, const Repeat& repeat);
  void amend(const std::optional<Fusion::Amendment>& amendment, const std::string& event);
  [[nodiscard]] bool is_known(const CredentialRead& read) const;
  PassageOutcome record(const CredentialRead& read, const NewPassage& decision,
                        const std::vector<std::string>& events, const RosterIndex& roster);
  void count(const PassageOutcome& outcome);
  void expect(const CredentialRead& read, const std::string& gate, const Identified& who);
  void remember(Sequence sequence, Passage passage, const SiteSettings& settings);

  Outbox& outbox_;
  const RosterBook& roster_;
  OutcomeDisplay& display_;
  const Clock& clock_;
  PassageMaker maker_;
  Fusion fusion_;
  std::function<void(const Passage&)> watcher_;  // may be empty
  ExpectedPeople* expected_ = nullptr;           // may be null
  const GateOpener opener_;
  TechnicianCodes* codes_ = nullptr;  // may stay null
  bool keeps_ = true;                 // the last passage could be recorded
  RetryDelay mend_delay_;
  std::optional<MonotonicTime> mend_at_;  // not before
  Guarded<GateCounts> counts_;
};

}  // namespace sitegate::edge
