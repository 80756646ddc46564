// MQTT topics: sitegate/v1/<bucket>/<gateway>/<channel>. Letters, digits, '-' and '/' only, so that every
// broker takes them. The bucket spreads gateways over ingest workers and brokers without shared
// subscriptions.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/ids.hpp"

namespace sitegate::wire {

enum class Channel : std::uint8_t { history, receipt, roster, health, command };

struct Topic {
  std::uint16_t bucket = 0;  ///< 0 to bucket_max
  GatewayId gateway;
  Channel channel = Channel::history;
  bool operator==(const Topic&) const = default;
};
inline constexpr std::uint16_t bucket_max = 1023;

std::string to_text(const Topic& topic);
/// nullopt for anything that to_text does not make.
std::optional<Topic> parse_topic(std::string_view text);
/// The filter for a channel of all gateways in all buckets.
std::string topic_filter(Channel channel);
/// Where a gateway lives unless its record says otherwise: CRC-32C of its ID modulo 64.
std::uint16_t default_bucket(const GatewayId& gateway);

}  // namespace sitegate::wire
