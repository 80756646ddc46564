// The fleet of gateways: what each last said of itself, and the rosters they need.
#pragma once
#include <map>
#include <string_view>

#include "cloud/gaps/reach.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/guarded.hpp"
#include "shared/crypto/signing.hpp"
#include "shared/mqtt/transport.hpp"
#include "shared/wire/health.hpp"
#include "shared/wire/site_roster.hpp"

namespace sitegate::cloud {

enum class FleetErrc { bad_topic = 1, unknown_gateway, wrong_gateway, roster_too_large };
const char* errc_category(FleetErrc);
std::string_view errc_text(FleetErrc);

struct GatewayStatus {
  wire::Health health;
  UtcTime received{};
};

/// on_health on one thread; statuses() from any. Everything given in outlives it.
class Fleet {
 public:
  /// `roster_message_max`: bytes; a larger roster is not sent.
  Fleet(Store& store, mqtt::Transport& transport, const Clock& clock, const crypto::SigningKey& key,
        std::size_t roster_message_max = wire::roster_message_size_max)
      : store_(store),
        transport_(transport),
        clock_(clock),
        key_(key),
        roster_message_max_(roster_message_max) {}

  /// A message on a health topic: verified, kept, and answered: with a receipt where the gateway and the
  /// store do not agree on what is registered (it asks for what the store no longer has), and with the roster
  /// where the gateway's is not the newest (the change since its version, or all of it).
  Result<void> on_health(std::string_view topic, ByteView payload);
  /// Writes down what health messages said of the epochs: at once what is missing, otherwise once in a
  /// minute. What is lost in between comes again with the next health message. An error is the store's.
  Result<void> keep();
  [[nodiscard]] std::map<GatewayId, GatewayStatus> statuses() const;

 private:
  Result<void> note_reach(const ReadTransaction& transaction, const wire::Health& health);
  Result<void> note_reach(const ReadTransaction& transaction, const Word& word);
  Result<void> send_receipts(const ReadTransaction& transaction, const GatewayRecord& gateway,
                             const wire::Health& health);
  Result<void> send_receipt(const GatewayRecord& gateway, const GatewayPosition& position, Sequence promised);
  Result<void> send_roster(const ReadTransaction& transaction, const GatewayRecord& gateway,
                           std::uint64_t held_version);

  Store& store_;
  mqtt::Transport& transport_;
  const Clock& clock_;
  const crypto::SigningKey& key_;
  const std::size_t roster_message_max_;
  Guarded<std::map<GatewayId, GatewayStatus>> statuses_;
  std::map<std::pair<GatewayId, Epoch>, Word> words_;  // to be kept
};

}  // namespace sitegate::cloud
