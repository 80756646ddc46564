// Settings for a client of a test's broker: quick to come back, repeatable.
#pragma once
#include <string>

#include "shared/mqtt/client.hpp"
#include "tests/support/mosquitto_fixture.hpp"

namespace sitegate::mqtt {

inline BrokerSettings quick_settings(const std::string& url, const std::string& client_id) {
  BrokerSettings settings;
  settings.url = url;
  settings.client_id = client_id;
  settings.retry_base = std::chrono::milliseconds(20);
  settings.retry_cap = std::chrono::milliseconds(200);
  settings.retry_seed = 1;
  return settings;
}

/// A client with the certificate of `common_name`, at a broker with mutual TLS.
inline BrokerSettings identified_settings(tests::MosquittoFixture& broker, const std::string& common_name) {
  BrokerSettings settings = quick_settings(broker.url(), common_name);
  const auto files = broker.client(common_name);
  settings.ca_file = files.ca_file;
  settings.certificate_file = files.certificate_file;
  settings.key_file = files.key_file;
  return settings;
}

}  // namespace sitegate::mqtt
