// What sitegate-edge is told by its settings file (TOML). Relative paths start at the file's folder. What the
// site itself decides (day boundary, whom the gate lets through) comes with the site's roster from the cloud.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "edge/codes/technician_codes.hpp"
#include "edge/fusion/fusion.hpp"
#include "edge/local_page/local_page.hpp"
#include "edge/muster/live_muster.hpp"
#include "edge/outbox/outbox.hpp"
#include "edge/publisher/publisher.hpp"
#include "edge/typed_entry/typed_entry.hpp"
#include "shared/mqtt/client.hpp"

namespace sitegate::edge {

struct TypedEntrySettings {
  std::filesystem::path clerks;  ///< typed_entry.clerks: their file
  TypedRules rules;              ///< typed_entry.days, gates (none: those of the readers)
};

struct GatewaySettings {
  GatewayIdentity identity;                ///< gateway.id, gateway.site, gateway.bucket
  std::filesystem::path data;              ///< gateway.data: folder for outbox and roster
  std::filesystem::path signing_key;       ///< keys.signing_key
  std::filesystem::path cloud_public_key;  ///< keys.cloud_public_key
  mqtt::BrokerSettings broker;             ///< broker.url, ca, certificate, key, protocol
  std::vector<std::string> readers;        ///< readers.urls
  std::filesystem::path model_packs;       ///< models.packs: folder of model packs, for faces
  std::chrono::seconds debounce{60};       ///< passage.debounce_s
  std::chrono::seconds expect{10};         ///< passage.expect_s
  /// By gate, [gates.<name>]: require, fusion_window_ms, contradictions.
  std::map<std::string, FusionRule> fusion;
  std::vector<std::string> barriers;  ///< barriers.urls
  /// codes.allow, printed_days_max, short_lived_hours_max, short_lived_uses_max, short_lived_gates_max,
  /// clock_tolerance_s
  CodePolicy codes;
  PublisherSettings
      publisher;         ///< publisher.batch_passages, batch_age_ms, receipt_timeout_ms, retention_days
  OutboxOptions outbox;  ///< outbox.map_mib
  std::chrono::seconds health_interval{10};       ///< health.interval_s
  LocalPageSettings local_page;                   ///< local_page.listen (empty: no local page), password_file
  std::optional<TypedEntrySettings> typed_entry;  ///< unset: nobody may type
  LiveMusterSettings muster;       ///< muster.title, long_ago_hours, keep_days, peers, interval_s
  bool japanese = true;            ///< display.language: ja, en
  std::string log_level = "info";  ///< log.level
};

Result<GatewaySettings> load_settings(const std::filesystem::path& file);
/// A commented settings file with every key and its default.
std::string_view example_settings();

}  // namespace sitegate::edge
