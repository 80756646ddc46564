// Waiting is an argument, as time is: programs wait for real, tests and simulations move their clock instead.
#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace sitegate::devices {

class Waiter {
 public:
  virtual ~Waiter() = default;
  /// Returns after `how_long`, at once when `stop` is requested.
  virtual void wait(std::chrono::milliseconds how_long, std::stop_token stop) = 0;
};

/// Real time. One wait at a time; stop may be requested from any thread.
class SystemWaiter final : public Waiter {
 public:
  void wait(std::chrono::milliseconds how_long, std::stop_token stop) override {
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, how_long, [] { return false; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any stopped_;
};

}  // namespace sitegate::devices
