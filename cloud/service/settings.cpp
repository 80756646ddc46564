#include "cloud/service/settings.hpp"

#include "shared/settings/broker_settings.hpp"
#include "shared/settings/settings_file.hpp"

namespace sitegate::cloud {

Result<ServiceSettings> load_settings(const std::filesystem::path& file) {
  SITEGATE_TRY(from, SettingsFile::load(file));
  ServiceSettings settings;
  settings.store_url = from.text("store.url");
  settings.store_map_bytes = static_cast<std::size_t>(from.integer("store.map_gib", 1, 16'384, 64)) << 30;
  settings.signing_key = from.path("keys.signing_key");
  settings.broker = read_broker_settings(from, "cloud");
  settings.messages_per_commit =
      static_cast<std::size_t>(from.integer("ingest.messages_per_commit", 1, 10'000, 256));
  settings.queue_messages =
      static_cast<std::size_t>(from.integer("ingest.queue_messages", 16, 1'000'000, 4'096));
  settings.queue_bytes = static_cast<std::size_t>(from.integer("ingest.queue_mib", 1, 65'536, 64)) << 20;
  settings.log_level = from.text("log.level", "info");
  SITEGATE_TRYV(from.finish());
  return settings;
}

std::string_view example_settings() {
  return R"(# Settings of sitegate-cloud. Relative paths start at this file's folder.
[store]
url = "lmdb:/var/lib/sitegate/store"  # created when it is not there
# map_gib = 64                        # upper bound of the store's file; disk is used only as needed

[keys]
signing_key = "cloud-signing.pem"     # Ed25519; made by: sitegate provision authority

[broker]
url = "mqtts://localhost:8883"
ca = "ca.pem"
certificate = "cloud.pem"             # common name "cloud"
key = "cloud.key"
# protocol = "auto"                   # auto, 5, 3.1.1

[ingest]
# messages_per_commit = 256           # batches that share one commit while a fleet drains
# queue_messages = 4096               # wait at most; what does not fit is left to be sent again
# queue_mib = 64                      # and so many bytes

[log]
# level = "info"                      # debug, info, warn, error
)";
}

}  // namespace sitegate::cloud
