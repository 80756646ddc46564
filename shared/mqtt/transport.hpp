// What the publisher and the ingest need of MQTT, without its library: messages go out, messages come in, and
// each handed-over message gets one answer. A seeded simulation drives both sides in one process through the
// same seam.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate::mqtt {

enum class MqttErrc {
  bad_settings = 1,    ///< URL, client id or certificate files; nothing was tried
  not_connected,       ///< try again after TransportEvents::connected
  too_much_in_flight,  ///< try again after the next TransportEvents::delivered
  too_large,           ///< above BrokerSettings::message_size_max: the broker would close the connection
  refused              ///< the library said no; detail has its words
};
const char* errc_category(MqttErrc);
std::string_view errc_text(MqttErrc);

/// What became of one published message. `delivered` says only that the broker took it: no durability follows
/// from it (a receipt carries that), and under MQTT 3.1.1 a denied message looks delivered too.
struct PublishOutcome {
  enum class Kind : std::uint8_t {
    delivered,      ///< acknowledged
    no_subscriber,  ///< acknowledged by a broker that had nobody to give it to: it is gone (MQTT 5 only)
    denied,         ///< refused by the broker, e.g. by its access list (MQTT 5 only); `text` names the reason
    failed          ///< the connection ended before the answer: unknown, may have arrived
  };
  Kind kind = Kind::failed;
  int reason_code = 0;  ///< of the PUBACK (MQTT 5.0 section 3.4.2.1); 0 under MQTT 3.1.1
  std::string text;     ///< for a person; empty when delivered
};

/// Told by the transport, from threads of its own, possibly two at once. An unset function is not called.
/// None may block: the connection stands still meanwhile. All may call Transport::publish.
struct TransportEvents {
  /// Ready: the broker has granted every subscription.
  std::function<void()> connected;
  /// After `connected`; every message in flight has had its `delivered` before.
  std::function<void(std::string why)> disconnected;
  /// At least once each; the views end with the call. May come shortly before `connected`.
  std::function<void(std::string_view topic, ByteView payload)> message;
  /// Exactly once for each publish that succeeded; may come before publish returns.
  std::function<void(std::uint64_t tag, PublishOutcome outcome)> delivered;
  /// A message above the size limit came and was dropped.
  std::function<void(std::string_view topic, std::size_t size)> oversized;
};

/// Thread rule: every function from any thread.
class Transport {
 public:
  virtual ~Transport() = default;
  [[nodiscard]] virtual bool connected() const = 0;
  /// Hands a message over; never waits for the network. `tag` is the caller's and comes back in `delivered`.
  /// not_connected, too_much_in_flight, too_large, refused: nothing was sent and no `delivered` follows.
  virtual Result<void> publish(const std::string& topic, ByteView payload, std::uint64_t tag) = 0;
};

}  // namespace sitegate::mqtt
