// One person seen by two devices is one passage. The rules are in README.md; keeping is the caller's.
#pragma once
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edge/passage/passage_maker.hpp"

namespace sitegate::edge {

/// How reads at one gate belong together.
struct FusionRule {
  std::chrono::milliseconds window{0};  ///< 0: every read stands alone
  int required = 1;                     ///< recognitions by different methods, 1 or 2
  bool flag_contradictions = true;      ///< where one is required
};

/// A read that waits for its second factor.
struct WaitingRead {
  CredentialRead read;
  NewPassage decision;
  MonotonicTime until{0};
};

/// What to do with a new read of a known person at a gate that requires two.
struct Pairing {
  enum class Kind { alone, wait, pair, contradiction };
  Kind kind = Kind::alone;
  std::optional<WaitingRead> first;  ///< pair, contradiction: the read that waited
  std::optional<WaitingRead>
      given_up;  ///< wait: a read of somebody before, to be recorded without its second
};

/// Joins two reads' passages: of `first`, with both as evidence.
NewPassage joined(const NewPassage& first, const NewPassage& second);
/// The same where they name different people: refused, and the second's person named in the evidence.
NewPassage contradicted(const NewPassage& first, const NewPassage& second);
/// Refused because the second factor did not come.
NewPassage without_second(const NewPassage& first);

/// Concurrency: none; the pipeline's. Time is that of the reads and of expired().
class Fusion {
 public:
  explicit Fusion(std::map<std::string, FusionRule> rules = {}) : rules_(std::move(rules)) {}

  [[nodiscard]] const FusionRule& rule(const std::string& gate) const;
  /// The longest window: for so long an entry must stay open to amendment.
  [[nodiscard]] std::chrono::milliseconds longest_window() const;

  /// `decision` is what the read would mean alone. An event that waits already and is reported again waits
  /// once, and both are answered.
  Pairing pair(const CredentialRead& read, const NewPassage& decision);
  /// Reads whose window has ended at `now`, oldest first; they no longer wait.
  std::vector<WaitingRead> expired(MonotonicTime now);
  /// All that wait: the program ends.
  std::vector<WaitingRead> all_waiting();
  /// When the next one ends; nullopt if none waits.
  [[nodiscard]] std::optional<MonotonicTime> next_deadline() const;

  /// A passage as it was kept, for later evidence.
  void remember(Sequence sequence, const Passage& passage);
  struct Amendment {
    Sequence sequence = 0;
    Passage passage;  ///< with the new evidence
  };
  /// The same person was seen again: the passage that this read supports, unless it holds the method already.
  std::optional<Amendment> support(const CredentialRead& read, const std::string& gate,
                                   const std::vector<Evidence>& evidence, TechnicianId technician);
  /// Somebody else was seen at the same time by another method: the passage that this contradicts.
  std::optional<Amendment> contradict(const Passage& other);

 private:
  struct Recent {
    Sequence sequence;
    Passage passage;
  };
  bool waits_already(const CredentialRead& read, const std::string& gate);
  void forget_before(MonotonicTime now);
  [[nodiscard]] bool near(const Recent& recent, const std::string& gate, MonotonicTime at) const;
  std::optional<Amendment> add(Recent& recent, Evidence evidence);

  // Constant after construction.
  std::map<std::string, FusionRule> rules_;
  FusionRule alone_;

  std::map<std::string, WaitingRead> waiting_;  // by gate
  std::deque<Recent> recent_;                   // oldest first
};

}  // namespace sitegate::edge
