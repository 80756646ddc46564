// What is remembered of people between their passages, as far as the rules of the gate need it.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <variant>

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
/// negative or absurd when a clock was wrong).
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

struct PersonState {
  LastPassage last;                       ///< of any kind: for repeats
  std::optional<Direction> last_through;  ///< of the last one for which the gate opened: for toggling
  std::optional<LastEntry> last_entry;    ///< the last entry for which the gate opened
};

/// Not thread-safe: belongs to the pipeline.
class Presence {
 public:
  /// `forget_after`: longer than any rule looks back.
  void remember(const Passage& passage, std::chrono::milliseconds forget_after);
  /// nullptr if nothing is remembered.
  [[nodiscard]] const PersonState* find(const Person& person) const;
  [[nodiscard]] std::size_t size() const { return people_.size(); }

 private:
  void forget_old(const Moment& now, std::chrono::milliseconds forget_after);

  std::map<Person, PersonState> people_;
  std::size_t remembered_since_sweep_ = 0;
};

}  // namespace sitegate::edge
