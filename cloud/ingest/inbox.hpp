// What came from the broker and waits for the worker: bounded, and fair to every gateway.
//
// After an outage some gateways bring days of history while others bring the passage of this moment. Of each
// gateway the order is kept (its batches are a chain), between gateways it goes round: whoever has one batch
// waits for one batch of each other, not for all of theirs. When there is no more room, the newest batch of
// whoever has most waiting is left out for one who has none: what is left out has no receipt, and is sent
// again.
#pragma once
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cloud/ingest/screening.hpp"

namespace sitegate::cloud {

/// Every member from any thread.
class Inbox {
 public:
  /// At most so many messages, and so many bytes of payload, wait here.
  Inbox(std::size_t messages_max, std::size_t bytes_max)
      : messages_max_(messages_max), bytes_max_(bytes_max) {}

  /// A newer health message takes the place of the gateway's older one. Returns how many messages were left
  /// out for want of room: none, this one, or others' newest.
  std::size_t push(IncomingMessage message);

  struct Taken {
    std::vector<IncomingMessage> healths;    ///< all that wait, the newest of each gateway
    std::vector<IncomingMessage> histories;  ///< at most `histories_max`
  };
  /// Waits at most `timeout` for something. After close() what is still there is given out first.
  Taken take(std::size_t histories_max, std::chrono::milliseconds timeout);
  void close();

  [[nodiscard]] std::size_t messages() const;
  [[nodiscard]] std::size_t bytes() const;  ///< of payload

 private:
  using Line = std::deque<IncomingMessage>;
  [[nodiscard]] bool has_room(std::size_t size) const;
  bool make_room(const std::string& topic, std::size_t size, std::size_t& left_out);
  void push_health(IncomingMessage message);

  const std::size_t messages_max_;
  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  // Guarded by mutex_.
  std::map<std::string, IncomingMessage> healths_;  // by topic
  std::map<std::string, Line> lines_;               // by topic, none empty
  std::deque<std::string> turns_;                   // of the lines, the next one first
  std::size_t messages_ = 0;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace sitegate::cloud
