// The way from a terminal's message to the disk and back: all reads of a message are handed over, and the
// message is answered when each of them is known to be on the disk.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "devices/reader.hpp"

namespace sitegate::devices::terminal {

/// Operation: add() from any thread; run() hands the reads over on the reader's own thread, at most
/// `in_flight_max` of them unanswered, so that a terminal's backlog of thousands does not flood the gateway.
/// A message is complete when all its reads are answered; after the first that was not recorded the rest is
/// not handed over: the terminal sends the whole message again. Urgent messages (somebody stands at the door)
/// go first. Answers may come after the end of run() and of this object. What was not complete by then is
/// dropped, and with it its completion: a responder in it tells the terminal to try again.
class Deliveries {
 public:
  /// Called once, on the thread of the last answer or of add(): one outcome for each read, in their order;
  /// those not handed over are not recorded.
  using Completion = std::function<void(const std::vector<ReadOutcome>&)>;
  enum class Urgency : std::uint8_t { backlog, person_waits };

  explicit Deliveries(std::size_t in_flight_max = 64, std::size_t waiting_max = 256);
  ~Deliveries();
  Deliveries(const Deliveries&) = delete;
  Deliveries& operator=(const Deliveries&) = delete;

  /// False: too many messages wait, or the end has come; the completion is destroyed unused. Without reads it
  /// is called at once.
  bool add(std::vector<CredentialRead> reads, Completion completion, Urgency urgency = Urgency::backlog);
  /// Until stop is requested.
  void run(const std::stop_token& stop, const ReadSink& sink);

 private:
  struct Message;
  struct State;
  const std::shared_ptr<State> state_;  // shared with the answers that are still to come
};

/// True if every outcome is recorded.
bool all_recorded(const std::vector<ReadOutcome>& outcomes);

}  // namespace sitegate::devices::terminal
