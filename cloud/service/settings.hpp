// What sitegate-cloud is told by its settings file (TOML). Relative paths start at the file's folder.
#pragma once
#include <filesystem>
#include <string>

#include "shared/base/error.hpp"
#include "shared/mqtt/client.hpp"

namespace sitegate::cloud {

struct ServiceSettings {
  std::string store_url;                                ///< store.url
  std::size_t store_map_bytes = std::size_t{64} << 30;  ///< store.map_gib
  std::filesystem::path signing_key;                    ///< keys.signing_key: the cloud's Ed25519 key
  mqtt::BrokerSettings broker;                          ///< broker.url, ca, certificate, key, protocol
  std::size_t messages_per_commit = 256;                ///< ingest.messages_per_commit
  // What does not fit is left to be sent again.
  std::size_t queue_messages = 4'096;               ///< ingest.queue_messages
  std::size_t queue_bytes = std::size_t{64} << 20;  ///< ingest.queue_mib
  std::string log_level = "info";                   ///< log.level
};

Result<ServiceSettings> load_settings(const std::filesystem::path& file);
/// A commented settings file with every key and its default.
std::string_view example_settings();

}  // namespace sitegate::cloud
