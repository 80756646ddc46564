// The connection to a broker: one Client, one client id, one thread that connects, subscribes and comes back
// by itself.
//
// MQTT 5.0 (OASIS, 2019) and 3.1.1 (OASIS, 2014). QoS 1 throughout. Every connection is a new session (clean
// start, session expiry 0): a session kept by the broker would hold messages that no disk holds, and would
// send again what a receipt has already settled. What was not receipted is sent again from the outbox; that
// is the only memory of the way.
//
// Limits of the library below (Paho C 1.3.12): all clients of a process share one lock and look-ups are
// linear, so keep a process to one or two clients and in_flight_max to at most 1,000. A name server that does
// not answer holds that lock: then publish and the destructor wait for the resolver's time-out.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/mqtt/transport.hpp"

namespace sitegate::mqtt {

enum class Protocol : std::uint8_t {
  automatic,  ///< MQTT 5; 3.1.1 for good (in this Client) once the broker has refused version 5
  v5,
  v3_1_1
};

struct BrokerSettings {
  std::string url;        ///< "mqtts://host:8883" (TLS) or "mqtt://host:1883"; the ports are the defaults
  std::string client_id;  ///< 1 to 64 characters; our broker replaces it by the certificate's common name
  std::string ca_file;    ///< PEM; with mqtts: what the broker's certificate must be signed by
  std::string certificate_file;  ///< PEM; with mqtts: who we are. Empty together with key_file: anonymous
  std::string key_file;          ///< PEM
  Protocol protocol = Protocol::automatic;
  int keep_alive_s = 30;       ///< a broken line is noticed within 1.5 times this
  int connect_timeout_s = 10;  ///< for one attempt, up to 3 s later than said (the library looks every 3 s)
  std::size_t in_flight_max = 100;  ///< messages without an answer; look-ups are linear in it
  std::size_t in_flight_bytes_max = std::size_t{4} << 20;  ///< of their payloads; a larger message goes alone
  std::size_t message_size_max = std::size_t{8} << 20;     ///< bytes of payload, both ways
  std::chrono::milliseconds retry_base{500};               ///< full jitter below base × 2^failures …
  std::chrono::milliseconds retry_cap{60'000};             ///< … and below this
  std::uint64_t retry_seed = 0;  ///< 0: by chance, so that a fleet does not return together
};

/// For health reports. Counters run from the Client's start.
struct ClientState {
  bool connected = false;
  Protocol protocol = Protocol::automatic;  ///< in use; automatic: not known yet
  std::string text;               ///< one line: what it is doing, or why not and what to do about it
  std::size_t in_flight = 0;      ///< with those that a broken connection left to the library
  std::uint64_t connections = 0;  ///< made, with all subscriptions
  std::uint64_t attempts_failed = 0;
  std::uint64_t disconnections = 0;  ///< not asked for
  std::uint64_t delivered = 0;
  std::uint64_t no_subscriber = 0;
  std::uint64_t denied = 0;
  std::uint64_t failed = 0;
  std::uint64_t received = 0;
  std::uint64_t oversized = 0;
};

class Client final : public Transport {
 public:
  /// Checks the settings (bad_settings) and starts connecting; what goes wrong after that is in state(), and
  /// is tried again for ever. `subscriptions`: topic filters, made anew on every connection.
  static Result<std::unique_ptr<Client>> start(BrokerSettings settings,
                                               std::vector<std::string> subscriptions,
                                               TransportEvents events);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  /// Says goodbye to the broker and ends both threads; no event comes afterwards. What is in flight gets
  /// `delivered` with `failed` first. Never destroy inside an event.
  ~Client() override;

  [[nodiscard]] bool connected() const override;
  Result<void> publish(const std::string& topic, ByteView payload, std::uint64_t tag) override;
  [[nodiscard]] ClientState state() const;

 private:
  class Implementation;
  explicit Client(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sitegate::mqtt
