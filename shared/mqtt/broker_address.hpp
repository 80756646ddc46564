// A broker's URL taken apart.
#pragma once
#include <string>
#include <string_view>

#include "shared/mqtt/transport.hpp"

namespace sitegate::mqtt {

struct BrokerAddress {
  bool tls = true;
  std::string host;  ///< name, IPv4, or IPv6 without its brackets
  std::string port;  ///< decimal
  /// "ssl://host:port" or "tcp://host:port", as the library wants it
  [[nodiscard]] std::string uri_for_paho() const;
  /// "host:port" for a person
  [[nodiscard]] std::string text() const;
};

/// "mqtts://host[:8883]" or "mqtt://host[:1883]", nothing behind it. Otherwise bad_settings.
Result<BrokerAddress> parse_broker_url(std::string_view url);

}  // namespace sitegate::mqtt
