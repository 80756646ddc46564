// The [broker] section, the same for both programs.
#pragma once
#include "shared/mqtt/client.hpp"
#include "shared/settings/settings_file.hpp"

namespace sitegate {

/// broker.url, broker.ca, broker.certificate, broker.key, broker.protocol (auto, 5, 3.1.1),
/// broker.keep_alive_s. Errors are kept by `from` and come out of its finish().
mqtt::BrokerSettings read_broker_settings(SettingsFile& from, std::string client_id);

}  // namespace sitegate
