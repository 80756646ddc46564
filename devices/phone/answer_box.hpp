// From the pipeline's thread to the phone's: what became of a call. Outlives both, because an answer may come
// when the line is closed already.
#pragma once
#include <mutex>
#include <utility>
#include <vector>

#include "devices/phone/re.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::phone {

using CallId = std::uint64_t;

/// Concurrency: put() and wake() from any thread; take() and close() on the phone's.
class AnswerBox {
 public:
  /// `wake_up` belongs to the phone's event loop; it is not touched after close().
  explicit AnswerBox(mqueue* wake_up) : wake_up_(wake_up) {}

  void put(CallId call, const ReadOutcome& outcome) {
    const std::lock_guard lock(mutex_);
    if (wake_up_ == nullptr) return;
    if (answers_.empty()) mqueue_push(wake_up_, 0, nullptr);
    answers_.emplace_back(call, outcome);
  }
  void wake(int what) {
    const std::lock_guard lock(mutex_);
    if (wake_up_ != nullptr) mqueue_push(wake_up_, what, nullptr);
  }
  [[nodiscard]] std::vector<std::pair<CallId, ReadOutcome>> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(answers_, {});
  }
  void close() {
    const std::lock_guard lock(mutex_);
    wake_up_ = nullptr;
  }

 private:
  std::mutex mutex_;
  mqueue* wake_up_;                                      // guarded by mutex_
  std::vector<std::pair<CallId, ReadOutcome>> answers_;  // guarded by mutex_; one for each waiting call
};

}  // namespace sitegate::devices::phone
