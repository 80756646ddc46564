#include "shared/mqtt/transport.hpp"

namespace sitegate::mqtt {

const char* errc_category(MqttErrc) {
  return "mqtt";
}

std::string_view errc_text(MqttErrc what) {
  switch (what) {
    case MqttErrc::bad_settings:
      return "the broker's settings cannot be used";
    case MqttErrc::not_connected:
      return "not connected to the broker";
    case MqttErrc::too_much_in_flight:
      return "too many messages wait for the broker's answer";
    case MqttErrc::too_large:
      return "the message is larger than the broker takes";
    case MqttErrc::refused:
      return "the MQTT library refused";
  }
  return "unknown";
}

}  // namespace sitegate::mqtt
