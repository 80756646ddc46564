// A barrier's thread: takes openings from a bounded queue, keeps the device connected, and says how it is.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "devices/barrier.hpp"
#include "devices/barrier/opener.hpp"
#include "shared/base/guarded.hpp"
#include "shared/base/retry_delay.hpp"

namespace sitegate::devices::barrier {

inline constexpr std::size_t waiting_openings_max = 16;
inline constexpr std::chrono::seconds opening_age_max{3};

/// Contract: Barrier.
class BarrierLoop final : public Barrier {
 public:
  /// `heartbeat`: time between two looks at the device. `clock` must outlive it; `seed` is for the jitter.
  BarrierLoop(std::string id, std::unique_ptr<Opener> opener, std::chrono::milliseconds heartbeat,
              const Clock& clock, std::uint64_t seed);
  ~BarrierLoop() override;

  bool open(const std::string& gate) override;
  [[nodiscard]] bool serves(const std::string& gate) const override { return opener_->serves(gate); }
  [[nodiscard]] BarrierHealth health() const override;

 private:
  struct Opening {
    std::string gate;
    MonotonicTime asked;
  };
  void work(const std::stop_token& stop);
  void take(const Opening& opening, const std::stop_token& stop);
  bool connect();
  void look_or_connect(MonotonicTime now);
  void opened(const Opening& opening);
  void missed(const Opening& opening, const std::string& why);
  void failed(const Error& error);

  // Constant after construction.
  const std::string id_;
  const std::unique_ptr<Opener> opener_;
  const std::chrono::milliseconds heartbeat_;
  const Clock& clock_;

  // Of the thread.
  RetryDelay delay_;
  bool connected_ = false;
  MonotonicTime next_{0};  // of look or connect

  BoundedQueue<Opening> queue_{waiting_openings_max};
  Guarded<BarrierHealth> health_;
  std::jthread thread_;  // last: starts when everything else is there
};

}  // namespace sitegate::devices::barrier
