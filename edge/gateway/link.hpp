// The gateway's line to the cloud: one thread that owns the publisher, and takes in rosters and sends health.
#pragma once
#include <memory>
#include <thread>
#include <variant>

#include "edge/gateway/settings.hpp"
#include "edge/roster/roster.hpp"
#include "shared/mqtt/client.hpp"
#include "shared/wire/health.hpp"

namespace sitegate::edge {

/// What only the gateway's other parts know; asked for on the link's thread.
using ReaderHealths = std::function<std::vector<wire::ReaderHealth>()>;

struct LinkState {
  bool connected = false;
  PublisherState publisher;
  std::uint64_t rosters_applied = 0;
  std::uint64_t rosters_refused = 0;
};

/// start() returns at once; connecting goes on for ever in the background. Everything given in outlives it.
class Link {
 public:
  static Result<std::unique_ptr<Link>> start(const GatewaySettings& settings, Outbox& outbox,
                                             RosterBook& roster, const Clock& clock,
                                             const crypto::SigningKey& key, const PublicKey& cloud_key,
                                             ReaderHealths readers);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  [[nodiscard]] LinkState state() const;
  /// There is something new in the outbox: do not wait for the next turn.
  void wake();
  /// A device has failed or is well again: do not wait for the next health message's time.
  void tell_health();

 private:
  struct Connected {};
  struct Woken {};
  struct HealthWanted {};
  struct Message {
    std::string topic;
    Bytes payload;
  };
  using Event = std::variant<Connected, Woken, HealthWanted, Message, mqtt::PublishOutcome>;

  Link(const GatewaySettings& settings, Outbox& outbox, RosterBook& roster, const Clock& clock,
       const crypto::SigningKey& key, const PublicKey& cloud_key, ReaderHealths readers);
  Result<void> connect();
  void work(std::stop_token stop);
  void take(const Event& event);
  void on_message(const Message& message);
  Result<void> apply_roster(ByteView payload);
  void send_health();
  [[nodiscard]] wire::Health health() const;

  const GatewaySettings& settings_;
  Outbox& outbox_;
  RosterBook& roster_;
  const Clock& clock_;
  const crypto::SigningKey& key_;
  const PublicKey cloud_key_;
  const ReaderHealths readers_;

  BoundedQueue<Event> events_{4'096};
  Guarded<LinkState> state_;

  // Used by the link's thread only.
  std::unique_ptr<Publisher> publisher_;
  std::optional<MonotonicTime> health_at_;  // when the next one is due
  bool roster_wanted_in_full_ = false;  // a delta did not fit: the next health message asks for everything
  std::string problem_;                 // of step(), until it succeeds again

  std::unique_ptr<mqtt::Client> client_;
  std::jthread thread_;
};

}  // namespace sitegate::edge
