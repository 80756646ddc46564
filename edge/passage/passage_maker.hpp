// The rules of the gate: what a read means for the record. README.md has them in words.
#pragma once
#include <chrono>
#include <string>
#include <variant>

#include "devices/reader.hpp"
#include "edge/identification/identification.hpp"
#include "edge/passage/presence.hpp"
#include "shared/base/clock.hpp"
#include "shared/model/admission_rule.hpp"

namespace sitegate::edge {

/// To be kept by the outbox, and then remembered.
struct NewPassage {
  Passage passage;  ///< its sequence is still 0
  Identified who;
};

/// Nothing to record: the person was seen a moment ago. The person gets the same answer again.
struct Repeat {
  Direction direction = Direction::entry;
  Admission admission = Admission::admitted;
  bool gate_opened = true;
  std::chrono::milliseconds since{0};  ///< since the passage that was recorded
  Identified who;
};

using PassageDecision = std::variant<NewPassage, Repeat>;

inline constexpr std::chrono::milliseconds debounce_default{60'000};

/// Concurrency: none; belongs to the pipeline's thread. The clock must outlive it.
class PassageMaker {
 public:
  /// `debounce` below zero counts as zero: then nothing is ever a repeat.
  explicit PassageMaker(const Clock& clock, std::chrono::milliseconds debounce = debounce_default)
      : clock_(clock), debounce_(debounce) {}

  /// `read` was taken under the present boot. Identifies on the date that the passage would count to.
  /// Settings are those of the roster. Changes nothing: asking twice gives the same answer.
  [[nodiscard]] PassageDecision decide(const CredentialRead& read, const devices::ReaderPlace& place,
                                       const RosterIndex& roster) const;
  /// To be called when the outbox has the passage, and after a restart for its kept passages, oldest first.
  /// What a clerk typed is passed over.
  void remember(const Passage& passage, const SiteSettings& settings);
  [[nodiscard]] std::size_t people_count() const { return presence_.size(); }

 private:
  struct Plan {
    Direction direction;
    WorkDate work_date;
  };
  /// What the rules must know of a person.
  struct Standing {
    std::optional<LastEntry> entry;
    std::optional<Direction> through;
    std::optional<LastPassage> last;
  };
  static Standing standing(const PersonState* state, const Moment& now, bool late);
  [[nodiscard]] Plan plan(const Standing& standing, const Moment& now, devices::DirectionRule rule,
                          const SiteSettings& settings) const;
  [[nodiscard]] bool is_repeat(const std::optional<LastPassage>& last, const Passage& passage,
                               devices::DirectionRule rule) const;

  // Constant after construction.
  const Clock& clock_;
  std::chrono::milliseconds debounce_;

  Presence presence_;
};

}  // namespace sitegate::edge
