#include "shared/mqtt/broker_address.hpp"

#include <algorithm>
#include <charconv>

#include "shared/base/url.hpp"

namespace sitegate::mqtt {
namespace {

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

bool is_port(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= 1 && number <= 65535;
}

/// "host:port", "host", "[v6]:port", "[v6]"; an absent port stays empty.
void split_authority(std::string_view authority, BrokerAddress& address) {
  const auto bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const auto host = authority.substr(0, colon);
  address.host = bracket == std::string_view::npos ? host : authority.substr(1, bracket - 1);
  if (colon != std::string_view::npos) address.port = authority.substr(colon + 1);
}

}  // namespace

std::string BrokerAddress::uri_for_paho() const {
  return (tls ? "ssl://" : "tcp://") + text();
}

std::string BrokerAddress::text() const {
  return bracketed(host) + ":" + port;
}

Result<BrokerAddress> parse_broker_url(std::string_view text) {
  const auto bad = [&text](const char* why) {
    return fail(MqttErrc::bad_settings, std::string(text) + ": " + why);
  };
  const auto url = parse_url(text);
  if (!url) return bad("not a URL; write mqtts://host:8883");
  if (url.value().scheme != "mqtts" && url.value().scheme != "mqtt")
    return bad("the scheme must be mqtts (TLS) or mqtt (no TLS)");
  if (!url.value().path.empty() && url.value().path != "/") return bad("nothing may follow the port");
  if (!url.value().query.empty()) return bad("nothing may follow the port");
  BrokerAddress address;
  address.tls = url.value().scheme == "mqtts";
  address.port = address.tls ? "8883" : "1883";
  split_authority(url.value().authority, address);
  if (address.host.empty()) return bad("the host is missing");
  if (!is_port(address.port)) return bad("the port must be 1 to 65535");
  return address;
}

}  // namespace sitegate::mqtt
