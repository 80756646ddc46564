// What stands behind a reader under test: takes its reads, says of each when the test says so that it is on
// the disk, and remembers which events it has.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "shared/base/guarded.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::tests {

class Ledger {
 public:
  enum class Mood : std::uint8_t {
    records,  ///< at once
    refuses,  ///< as with a full disk
    waits     ///< until commit()
  };

  void take(CredentialRead read) {
    const auto key = read.device_event.value().key;
    auto answer = std::exchange(read.answer, nullptr);
    auto outcome = known_.with([&](Known& known) {
      known.reads.push_back(read);
      if (known.mood == Mood::waits) {
        known.waiting.push_back({key, answer});
        answer = nullptr;
        return ReadOutcome{};
      }
      return outcome_of(known, key);
    });
    if (answer) answer(outcome);
  }
  /// Records everything that waits, and answers.
  void commit() {
    for (auto& [key, answer] : known_.with([](Known& known) { return std::exchange(known.waiting, {}); }))
      answer(known_.with([&](Known& known) { return record(known, key); }));
  }

  void set_mood(Mood mood) {
    known_.with([&](Known& known) { known.mood = mood; });
  }
  /// The next reads are recorded, but their persons are not let through.
  void set_accepting(bool accepting) {
    known_.with([&](Known& known) { known.accepting = accepting; });
  }
  /// Every read that came, also those that came twice.
  [[nodiscard]] std::vector<CredentialRead> reads() const {
    return known_.with([](const Known& known) { return known.reads; });
  }
  [[nodiscard]] std::size_t read_count() const { return reads().size(); }
  [[nodiscard]] std::size_t waiting() const {
    return known_.with([](const Known& known) { return known.waiting.size(); });
  }
  /// The keys that are on the disk.
  [[nodiscard]] std::set<std::string> keys() const {
    return known_.with([](const Known& known) { return known.keys; });
  }

 private:
  struct Waiting {
    std::string key;
    ReadAnswer answer;
  };
  struct Known {
    Mood mood = Mood::records;
    bool accepting = true;
    std::vector<CredentialRead> reads;
    std::vector<Waiting> waiting;
    std::set<std::string> keys;
  };
  static ReadOutcome record(Known& known, const std::string& key) {
    ReadOutcome outcome;
    outcome.recorded = true;
    outcome.accepted = known.accepting;
    outcome.gate_opened = known.accepting;
    outcome.repeat = !known.keys.insert(key).second;
    outcome.reason = known.accepting ? "admitted" : "not_on_roster";
    return outcome;
  }
  static ReadOutcome outcome_of(Known& known, const std::string& key) {
    if (known.mood == Mood::records) return record(known, key);
    ReadOutcome outcome;
    outcome.reason = "storage_full";
    return outcome;
  }

  Guarded<Known> known_;
};

}  // namespace sitegate::tests
