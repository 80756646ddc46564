#include "shared/mqtt/refusal.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace sitegate::mqtt {
namespace {

struct Reason {
  int code;
  std::string_view name;
  std::string_view advice;  // for a refused connection
};

constexpr std::string_view check_certificate =
    "the broker does not let this client in: is its certificate signed by the broker's authority and still "
    "valid?";

// Below 0x80: MQTT 3.1.1 section 3.2.2.3 (and 0x10 of MQTT 5.0); from 0x80: MQTT 5.0 table 2-6, as far as a
// broker may send them in CONNACK, PUBACK, SUBACK or DISCONNECT.
constexpr std::array reasons{
    Reason{0x01, "unacceptable protocol version", "set the broker's protocol to the other version"},
    Reason{0x02, "identifier rejected", "choose another client id"},
    Reason{0x03, "server unavailable", "look at the broker's log"},
    Reason{0x04, "bad user name or password", check_certificate},
    Reason{0x05, "not authorised", check_certificate},
    Reason{0x10, "no matching subscribers", ""},
    Reason{0x80, "unspecified error", "look at the broker's log"},
    Reason{0x81, "malformed packet", "is it an MQTT 5 broker?"},
    Reason{0x82, "protocol error", "is it an MQTT 5 broker?"},
    Reason{0x83, "implementation specific error", "look at the broker's log"},
    Reason{0x84, "unsupported protocol version", "set the broker's protocol to the other version"},
    Reason{0x85, "client identifier not valid", "choose another client id"},
    Reason{0x86, "bad user name or password", check_certificate},
    Reason{0x87, "not authorised", check_certificate},
    Reason{0x88, "server unavailable", "look at the broker's log"},
    Reason{0x89, "server busy", "it is tried again"},
    Reason{0x8a, "banned", "ask the broker's operator"},
    Reason{0x8b, "server shutting down", "it is tried again"},
    Reason{0x8d, "keep alive timeout", "the line is slow or broken"},
    Reason{0x8e, "session taken over",
           "another client uses the same client id: two gateways with one certificate?"},
    Reason{0x8f, "topic filter invalid", ""},
    Reason{0x90, "topic name invalid", ""},
    Reason{0x93, "receive maximum exceeded", "lower in_flight_max"},
    Reason{0x95, "packet too large", "raise the broker's max_packet_size or send smaller batches"},
    Reason{0x96, "message rate too high", ""},
    Reason{0x97, "quota exceeded", "the broker's queues are full"},
    Reason{0x98, "administrative action", "ask the broker's operator"},
    Reason{0x99, "payload format invalid", ""},
    Reason{0x9b, "QoS not supported", ""},
    Reason{0x9c, "use another server", "change the broker's URL"},
    Reason{0x9d, "server moved", "change the broker's URL"},
    Reason{0x9f, "connection rate exceeded", "it is tried again"},
    Reason{0xa2, "wildcard subscriptions not supported", ""},
};

const Reason* find(int code) {
  const auto found =
      std::find_if(reasons.begin(), reasons.end(), [code](const Reason& r) { return r.code == code; });
  return found == reasons.end() ? nullptr : &*found;
}

}  // namespace

bool is_protocol_refusal(int connack_code) {
  return connack_code == 0x01 || connack_code == 0x84;
}

bool is_connack_refusal(int code) {
  return (code >= 0x01 && code <= 0x05) || (code >= 0x80 && code <= 0xff);
}

std::string reason_text(int code) {
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), " (0x%02x)", static_cast<unsigned>(code) & 0xffU);
  const Reason* reason = find(code);
  return std::string(reason == nullptr ? "unknown reason" : reason->name) + number.data();
}

std::string connack_text(int code) {
  const Reason* reason = find(code);
  if (reason == nullptr || reason->advice.empty()) return reason_text(code);
  return reason_text(code) + ": " + std::string(reason->advice);
}

}  // namespace sitegate::mqtt
