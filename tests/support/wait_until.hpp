// Tests wait for what they want to see, never for a time.
#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace sitegate::tests {

/// Asks every 2 ms until `condition()` is true (returns true) or the limit is over (returns false). The limit
/// is only for a test that fails: sanitizers on a loaded machine are slow.
template <typename Condition>
[[nodiscard]] bool wait_until(Condition condition,
                              std::chrono::milliseconds limit = std::chrono::seconds(20)) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    never.wait_for(lock, std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace sitegate::tests
