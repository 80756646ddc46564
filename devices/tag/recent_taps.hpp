// Taps of the last minutes and what became of them: a page that is loaded again shows its result again, and
// waits for it where it is not known yet.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "devices/tag/sdm.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/guarded.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::tag {

/// Concurrency: any thread. Those who wait are told outside of the lock.
class RecentTaps {
 public:
  struct Key {
    PiccData tap;
    Digest holder{};
    bool operator<(const Key& other) const {
      return std::tie(tap.uid, tap.counter, holder) <
             std::tie(other.tap.uid, other.tap.counter, other.holder);
    }
  };
  struct Settled {
    ReadOutcome outcome;
    UtcTime at{};  ///< of the tap
  };
  using Waiting = std::function<void(const Settled&)>;

  /// `keep`: for how long a result is shown again. An answer is waited for 30 s.
  explicit RecentTaps(std::chrono::milliseconds keep) : keep_(keep) {}

  enum class Found : std::uint8_t {
    nothing,  ///< `waiting` was not taken
    opened,   ///< a new tap: its read is to be handed on, `waiting` will be told
    known,    ///< `waiting` has been told
    joined    ///< `waiting` will be told with the others
  };
  Found look(const Key& key, MonotonicTime now, Waiting& waiting) {
    return find(key, now, waiting, std::nullopt);
  }
  /// Never `nothing`: what is not there is opened, with the time of the tap. Of more than `count_max` the
  /// oldest is forgotten: those who wait for it are dropped.
  Found open(const Key& key, UtcTime at, MonotonicTime now, Waiting& waiting) {
    return find(key, now, waiting, at);
  }
  /// Tells all who wait. What was not recorded is forgotten, so that the page can be tried again.
  void settle(const Key& key, const ReadOutcome& outcome);

  static constexpr std::size_t count_max = 4096;

 private:
  struct Entry {
    MonotonicTime since{0};
    UtcTime at{};
    std::optional<Settled> result;
    std::vector<Waiting> waiting;
  };
  using Entries = std::map<Key, Entry>;
  Found find(const Key& key, MonotonicTime now, Waiting& waiting, std::optional<UtcTime> open_at);
  void forget_old(Entries& entries, MonotonicTime now) const;

  const std::chrono::milliseconds keep_;
  Guarded<Entries> entries_;
};

}  // namespace sitegate::devices::tag
