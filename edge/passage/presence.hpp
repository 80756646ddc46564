// What is remembered of people between their passages, as far as the rules of the gate need it.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "shared/model/passage.hpp"

namespace sitegate::edge {

using Person = std::variant<TechnicianId, Credential>;

/// An instant on both clocks.
struct Moment {
  UtcTime wall{};
  MonotonicTime monotonic{0};
  BootId boot_id{};
  ClockState clock_state = ClockState::unknown;
};
Moment moment_of(const Passage& passage);

/// From `earlier` to `later`: by the monotonic clock within one boot, else by the wall clock (then it may be
/// negative or absurd when a clock was wrong). What was reported late or typed belongs to no boot.
std::chrono::milliseconds elapsed(const Moment& earlier, const Moment& later);

struct LastEntry {
  Moment moment;
  WorkDate work_date{};
};

struct LastPassage {
  Moment moment;
  std::string gate;
  Direction direction = Direction::entry;
  Admission admission = Admission::admitted;
  bool gate_opened = true;
};

/// A passage for which the gate opened.
struct Movement {
  LastPassage passage;
  WorkDate work_date{};
};
/// Of one person: more than two days' breaks.
inline constexpr std::size_t movements_max = 32;

struct PersonState {
  LastPassage last;                       ///< of any kind: for repeats
  std::optional<Direction> last_through;  ///< of the last one for which the gate opened: for toggling
  std::optional<LastEntry> last_entry;    ///< the last entry for which the gate opened
  std::vector<Movement> movements;        ///< in the order of the record: for what is reported late
  std::uint64_t late_number = 0;          ///< the number of the last one reported late; 0: none

  // By the movements' own times; nullptr: none.
  /// The last one before `now` or at it.
  [[nodiscard]] const Movement* movement_before(const Moment& now) const;
  [[nodiscard]] const Movement* entry_before(const Moment& now) const;
  /// The nearest one, before `now` or behind it.
  [[nodiscard]] const Movement* movement_near(const Moment& now) const;
};

/// Not thread-safe: belongs to the pipeline.
class Presence {
 public:
  /// `forget_after`: longer than any rule looks back. Whom an old event tells of is kept for a while all the
  /// same: the exit comes behind its entry.
  void remember(const Passage& passage, std::chrono::milliseconds forget_after);
  /// nullptr if nothing is remembered.
  [[nodiscard]] const PersonState* find(const Person& person) const;
  [[nodiscard]] std::size_t size() const { return people_.size(); }

 private:
  void forget_old(const Moment& now, std::chrono::milliseconds forget_after);

  std::map<Person, PersonState> people_;
  std::optional<Moment> newest_live_;  // of the last passage that was not late
  std::uint64_t remembered_ = 0;
  std::size_t remembered_since_sweep_ = 0;
};

}  // namespace sitegate::edge
