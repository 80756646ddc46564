#include "shared/settings/broker_settings.hpp"

namespace sitegate {

mqtt::BrokerSettings read_broker_settings(SettingsFile& from, std::string client_id) {
  mqtt::BrokerSettings settings;
  settings.url = from.text("broker.url");
  settings.client_id = std::move(client_id);
  settings.ca_file = from.path("broker.ca", "").string();
  settings.certificate_file = from.path("broker.certificate", "").string();
  settings.key_file = from.path("broker.key", "").string();
  settings.protocol = static_cast<mqtt::Protocol>(from.choice("broker.protocol", {"auto", "5", "3.1.1"}, 0));
  settings.keep_alive_s = static_cast<int>(from.integer("broker.keep_alive_s", 5, 3'600, 30));
  return settings;
}

}  // namespace sitegate
