// A client and everything it was told.
#pragma once
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/guarded.hpp"
#include "shared/mqtt/client.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::mqtt {

class Recorder {
 public:
  struct Seen {
    int connected = 0;
    std::vector<std::string> disconnected;
    std::vector<std::pair<std::string, std::string>> messages;  // topic, payload
    std::vector<std::pair<std::uint64_t, PublishOutcome>> outcomes;
    std::vector<std::size_t> oversized;
  };

  Recorder(const BrokerSettings& settings, const std::vector<std::string>& subscriptions) {
    auto started = Client::start(settings, subscriptions, events());
    SITEGATE_ASSERT(started.has_value());
    client_ = std::move(started).value();
  }

  Client& operator*() const { return *client_; }
  Client* operator->() const { return client_.get(); }
  void destroy() { client_.reset(); }
  [[nodiscard]] Seen seen() const {
    return seen_.with([](const Seen& seen) { return seen; });
  }
  [[nodiscard]] bool wait_connected(int times = 1) const {
    return tests::wait_until([&] { return seen().connected >= times; });
  }
  /// The outcome of `tag`, once it has come.
  [[nodiscard]] std::optional<PublishOutcome> wait_outcome(std::uint64_t tag) const {
    std::optional<PublishOutcome> found;
    const bool came = tests::wait_until([&] {
      for (const auto& [each, outcome] : seen().outcomes)
        if (each == tag) found = outcome;
      return found.has_value();
    });
    return came ? found : std::nullopt;
  }
  [[nodiscard]] bool wait_message(const std::string& topic, const std::string& payload) const {
    return tests::wait_until([&] {
      const auto messages = seen().messages;
      return std::find(messages.begin(), messages.end(), std::pair(topic, payload)) != messages.end();
    });
  }

 private:
  TransportEvents events() {
    TransportEvents events;
    events.connected = [this] { seen_.with([](Seen& seen) { ++seen.connected; }); };
    events.disconnected = [this](const std::string& why) {
      seen_.with([&](Seen& seen) { seen.disconnected.push_back(why); });
    };
    events.message = [this](std::string_view topic, ByteView payload) {
      seen_.with([&](Seen& seen) { seen.messages.emplace_back(topic, as_text(payload)); });
    };
    events.delivered = [this](std::uint64_t tag, PublishOutcome outcome) {
      seen_.with([&](Seen& seen) { seen.outcomes.emplace_back(tag, std::move(outcome)); });
    };
    events.oversized = [this](std::string_view, std::size_t size) {
      seen_.with([&](Seen& seen) { seen.oversized.push_back(size); });
    };
    return events;
  }

  Guarded<Seen> seen_;
  std::unique_ptr<Client> client_;
};

}  // namespace sitegate::mqtt
