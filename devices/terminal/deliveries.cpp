#include "devices/terminal/deliveries.hpp"

#include <algorithm>
#include <optional>

namespace sitegate::devices::terminal {

struct Deliveries::Message {
  std::vector<CredentialRead> reads;
  Completion completion;
  Urgency urgency = Urgency::backlog;
  std::vector<ReadOutcome> outcomes;
  std::size_t handed_over = 0;
  std::size_t answered = 0;
  bool given_up = false;  // one was not recorded
  [[nodiscard]] bool wants_more() const { return !given_up && handed_over < reads.size(); }
};

struct Deliveries::State {
  State(std::size_t most_in_flight, std::size_t most_waiting)
      : in_flight_max(most_in_flight), waiting_max(most_waiting) {}

  const std::size_t in_flight_max;
  const std::size_t waiting_max;
  std::mutex mutex;
  std::condition_variable_any changed;
  // Guarded by mutex.
  std::deque<std::shared_ptr<Message>> waiting;  // those that want more
  std::size_t in_flight = 0;
  bool ended = false;

  struct Next {
    std::shared_ptr<Message> message;
    std::size_t position;
    CredentialRead read;
  };
  void put(std::shared_ptr<Message> message);
  std::optional<Next> next(const std::stop_token& stop);
  void answered(const std::shared_ptr<Message>& message, std::size_t position, const ReadOutcome& outcome);
};

// Before every message that is less urgent, behind those that are as urgent.
void Deliveries::State::put(std::shared_ptr<Message> message) {
  const auto place = std::find_if(waiting.begin(), waiting.end(),
                                  [&](const auto& other) { return other->urgency < message->urgency; });
  waiting.insert(place, std::move(message));
}

std::optional<Deliveries::State::Next> Deliveries::State::next(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  if (!changed.wait(lock, stop, [this] { return !waiting.empty() && in_flight < in_flight_max; }))
    return std::nullopt;
  if (stop.stop_requested()) return std::nullopt;
  auto message = waiting.front();
  const auto position = message->handed_over++;
  ++in_flight;
  Next next{message, position, std::move(message->reads[position])};
  if (!message->wants_more()) waiting.pop_front();
  return next;
}

void Deliveries::State::answered(const std::shared_ptr<Message>& message, std::size_t position,
                                 const ReadOutcome& outcome) {
  bool complete = false;
  {
    const std::lock_guard lock(mutex);
    --in_flight;
    ++message->answered;
    message->outcomes[position] = outcome;
    if (!outcome.recorded && message->wants_more()) {
      std::erase(waiting, message);
      message->given_up = true;
    }
    complete = !message->wants_more() && message->answered == message->handed_over && !ended;
  }
  changed.notify_all();
  if (complete) message->completion(message->outcomes);
}

Deliveries::Deliveries(std::size_t in_flight_max, std::size_t waiting_max)
    : state_(std::make_shared<State>(in_flight_max, waiting_max)) {}

Deliveries::~Deliveries() {
  std::deque<std::shared_ptr<Message>> dropped;  // their responders speak outside the lock
  const std::lock_guard lock(state_->mutex);
  state_->ended = true;
  dropped.swap(state_->waiting);
}

bool Deliveries::add(std::vector<CredentialRead> reads, Completion completion, Urgency urgency) {
  if (reads.empty()) {
    completion({});
    return true;
  }
  auto message = std::make_shared<Message>();
  message->outcomes.resize(reads.size());
  message->reads = std::move(reads);
  message->completion = std::move(completion);
  message->urgency = urgency;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->ended || state_->waiting.size() >= state_->waiting_max) return false;
    state_->put(std::move(message));
  }
  state_->changed.notify_all();
  return true;
}

void Deliveries::run(const std::stop_token& stop, const ReadSink& sink) {
  while (auto next = state_->next(stop)) {
    next->read.answer = [state = state_, message = next->message, position = next->position](
                            const ReadOutcome& outcome) { state->answered(message, position, outcome); };
    sink(std::move(next->read));
  }
}

bool all_recorded(const std::vector<ReadOutcome>& outcomes) {
  return std::all_of(outcomes.begin(), outcomes.end(),
                     [](const ReadOutcome& outcome) { return outcome.recorded; });
}

}  // namespace sitegate::devices::terminal
