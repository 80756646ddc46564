// What a broker's reason codes mean and what to do about them.
#pragma once
#include <string>

namespace sitegate::mqtt {

/// The broker does not speak this version of the protocol: 0x01 (MQTT 3.1.1 section 3.2.2.3) or 0x84
/// (MQTT 5.0 section 3.2.2.2). A 3.1.1 broker answers a version 5 CONNECT with 0x01.
bool is_protocol_refusal(int connack_code);
/// True for the codes of both versions, false for a library's own (negative) error.
bool is_connack_refusal(int code);
/// "<name> (0x87): <what to do>"
std::string connack_text(int code);
/// "<name> (0x87)"; MQTT 5.0 table 2-6.
std::string reason_text(int code);

}  // namespace sitegate::mqtt
