#include "edge/gateway/settings.hpp"

#include <set>

#include "devices/reader.hpp"
#include "shared/settings/broker_settings.hpp"
#include "shared/settings/settings_file.hpp"
#include "shared/wire/topic.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::edge {
namespace {

GatewayIdentity read_identity(SettingsFile& from) {
  GatewayIdentity identity;
  const auto gateway = GatewayId::parse(from.text("gateway.id"));
  const auto site = SiteId::parse(from.text("gateway.site"));
  if (!gateway) from.refuse("gateway.id", "1 to 48 of A-Z a-z 0-9 - are expected");
  if (!site) from.refuse("gateway.site", "the site's 14-digit ID in quotes is expected");
  identity.gateway = gateway.value_or(GatewayId{});
  identity.site = site.value_or(SiteId{});
  identity.bucket = static_cast<std::uint16_t>(
      from.integer("gateway.bucket", 0, wire::bucket_max, wire::default_bucket(identity.gateway)));
  return identity;
}

PublisherSettings read_publisher(SettingsFile& from) {
  PublisherSettings settings;
  settings.batch_passages_max =
      static_cast<std::size_t>(from.integer("publisher.batch_passages", 1, wire::batch_passages_max,
                                            static_cast<std::int64_t>(settings.batch_passages_max)));
  settings.batch_age_max = std::chrono::milliseconds(
      from.integer("publisher.batch_age_ms", 0, 3'600'000, settings.batch_age_max.count()));
  settings.receipt_timeout = std::chrono::milliseconds(
      from.integer("publisher.receipt_timeout_ms", 100, 3'600'000, settings.receipt_timeout.count()));
  settings.retention = std::chrono::hours(24 * from.integer("publisher.retention_days", 1, 3'650, 35));
  return settings;
}

LiveMusterSettings read_muster(SettingsFile& from, const GatewaySettings& gateway) {
  LiveMusterSettings settings;
  settings.site = gateway.identity.site;
  settings.gateway = gateway.identity.gateway;
  settings.folder = gateway.data / "muster";
  settings.japanese = gateway.japanese;
  settings.title = from.text("muster.title", "");
  if (settings.title.size() > name_size_max) from.refuse("muster.title", "at most 64 bytes are expected");
  settings.long_ago = std::chrono::hours(from.integer("muster.long_ago_hours", 0, 8'760, 0));
  // After a restart the list comes from the outbox: it reaches no further back than that keeps.
  const auto kept = std::chrono::floor<std::chrono::days>(gateway.publisher.retention).count();
  settings.keep =
      std::chrono::days(from.integer("muster.keep_days", 1, kept, std::min<std::int64_t>(kept, 30)));
  settings.peers = from.texts("muster.peers");
  for (auto& url : settings.peers) {
    while (url.ends_with('/')) url.pop_back();
    if (!url.starts_with("http://") && !url.starts_with("https://"))
      from.refuse("muster.peers", "addresses such as http://10.0.0.7:8080 are expected");
  }
  settings.interval = std::chrono::seconds(from.integer("muster.interval_s", 1, 600, 5));
  return settings;
}

constexpr std::int64_t fusion_window_default_ms = 3'000;
constexpr std::int64_t second_factor_default_ms = 10'000;

/// The kinds of devices ("card", "uhf") at each gate that a reader names. A URL that cannot be read is left
/// to whoever opens the reader.
std::map<std::string, std::set<std::string>> kinds_at_gates(const std::vector<std::string>& urls) {
  std::map<std::string, std::set<std::string>> kinds;
  for (const auto& text : urls) {
    const auto place = devices::reader_place(text);
    const auto url = parse_url(text);
    if (place && url)
      kinds[place.value().gate].insert(url.value().scheme.substr(0, url.value().scheme.find('+')));
  }
  return kinds;
}

FusionRule read_gate(SettingsFile& from, const std::string& name, std::size_t kinds) {
  const std::string section = "gates." + name + ".";
  FusionRule rule;
  rule.required = static_cast<int>(from.integer(section + "require", 1, 2, 1));
  const bool two = rule.required == 2;
  if (two && kinds == 1) from.refuse(section + "require", "this gate has devices of one kind only");
  const std::int64_t window = two ? second_factor_default_ms : kinds > 1 ? fusion_window_default_ms : 0;
  rule.window =
      std::chrono::milliseconds(from.integer(section + "fusion_window_ms", two ? 1'000 : 0, 60'000, window));
  rule.flag_contradictions = from.choice(section + "contradictions", {"flag", "ignore"}, 0) == 0;
  return rule;
}

std::map<std::string, FusionRule> read_gates(SettingsFile& from, const std::vector<std::string>& urls) {
  std::map<std::string, FusionRule> gates;
  const auto kinds = kinds_at_gates(urls);
  for (const auto& [name, there] : kinds)
    if (there.size() > 1) gates[name].window = std::chrono::milliseconds(fusion_window_default_ms);
  for (const auto& name : from.sections("gates")) {
    const auto there = kinds.find(name);
    if (there == kinds.end()) from.refuse("gates." + name, "no reader stands at a gate of this name");
    gates[name] = read_gate(from, name, there == kinds.end() ? 0 : there->second.size());
  }
  return gates;
}

CodePolicy read_codes(SettingsFile& from) {
  CodePolicy policy;
  if (const auto allowed = from.texts("codes.allow"); !allowed.empty()) {
    policy.printed = policy.short_lived = false;
    for (const auto& word : allowed) {
      const auto kind = codes::parse_code_kind(word);
      if (kind) (*kind == codes::CodeKind::printed ? policy.printed : policy.short_lived) = true;
      if (!kind && word != "none") from.refuse("codes.allow", "printed, short_lived or none are expected");
    }
  }
  policy.printed_age_max = std::chrono::hours(24 * from.integer("codes.printed_days_max", 1, 3'660, 400));
  policy.short_lived_age_max =
      std::chrono::hours(from.integer("codes.short_lived_hours_max", 1, 24 * 31, 24));
  policy.short_lived_uses_max = static_cast<int>(from.integer("codes.short_lived_uses_max", 1, 250, 2));
  policy.short_lived_gates_max = static_cast<int>(from.integer("codes.short_lived_gates_max", 1, 50, 2));
  policy.clock_tolerance = std::chrono::seconds(from.integer("codes.clock_tolerance_s", 0, 3'600, 120));
  return policy;
}

std::optional<TypedEntrySettings> read_typed_entry(SettingsFile& from, const LocalPageSettings& page) {
  TypedEntrySettings settings;
  settings.clerks = from.path("typed_entry.clerks", "");
  settings.rules.age_max =
      std::chrono::days(from.integer("typed_entry.days", 1, 35, settings.rules.age_max.count()));
  settings.rules.gates = from.texts("typed_entry.gates");
  for (const auto& gate : settings.rules.gates)
    if (!is_plain_text(gate, name_size_max))
      from.refuse("typed_entry.gates", "names of 1 to 64 bytes are expected");
  if (settings.clerks.empty()) return std::nullopt;
  if (page.listen.empty())
    from.refuse("typed_entry.clerks", "the page needs local_page.listen, e.g. \"127.0.0.1:8080\"");
  return settings;
}

constexpr std::string_view example =
    R"(# Settings of sitegate-edge. Relative paths start at this file's folder.
[gateway]
id = "gate-north-1"                  # as in its certificate
site = "00000000000001"              # 14-digit site ID
data = "/var/lib/sitegate/edge"      # outbox and roster; must be a local disk
# bucket = 17                        # only if provisioning said so

[keys]
signing_key = "signing.pem"          # Ed25519; made by: sitegate provision gateway
cloud_public_key = "cloud-public.pem"

[broker]
url = "mqtts://broker.example:8883"
ca = "ca.pem"
certificate = "gateway.pem"
key = "gateway.key"
# protocol = "auto"                  # auto (MQTT 5, else 3.1.1), 5, 3.1.1

[readers]
# part of a PC/SC reader's name as the path; direction: entry, exit or toggle
urls = ["card+pcsc:///?id=north&gate=1&direction=toggle"]

[models]
# packs = "/usr/share/sitegate/models"   # where `sitegate models install` puts the networks for face+… readers

[barriers]
# turnstiles and doors: sitegate-edge asks them to open, the relay's own timer shuts them again
# urls = ["barrier+modbus://10.0.0.5:502?coil=0&timer=flash&pulse_ms=500&gate=1"]

[passage]
# debounce_s = 60                    # a second tap within this is the same passage
# expect_s = 10                      # who showed a card is compared 1:1 by the gate's face and vein readers for so long

# [gates.1]                          # a section for each gate that needs one, by the gate's name
# require = 1                        # 2: two devices of different kinds must agree on the person
# fusion_window_ms = 3000            # a second device within this adds to the same passage; default 3000 where a gate
#                                    # has two kinds of devices, else 0; with require = 2: time for the second, 10000
# contradictions = "flag"            # or "ignore": somebody else seen by another device at the same moment

[codes]
# technicians' codes: QR codes that the cloud has signed, made by: sitegate qr
# allow = ["printed", "short_lived"] # or ["none"]
# printed_days_max = 400             # an older one is refused, whatever it says itself
# short_lived_hours_max = 24         # likewise
# short_lived_uses_max = 2           # passages with one code at this gateway: an entry and an exit
# short_lived_gates_max = 2          # different gates
# clock_tolerance_s = 120            # between the issuer's clock and this one

[publisher]
# batch_passages = 500
# batch_age_ms = 500                 # a lone passage is on its way after this
# receipt_timeout_ms = 5000
# retention_days = 35                # how long registered passages stay here as well

[outbox]
# map_mib = 1024                     # upper bound on disk; about 2 million passages

[health]
# interval_s = 10

[local_page]
# listen = "127.0.0.1:8080"          # this gateway's own web pages, also without a network; empty: none
# password_file = "page-password"    # its first line is asked for (8 to 128 bytes); empty: nobody is asked

[muster]
# title = ""                         # the site's name on the list of who is on site
# long_ago_hours = 0                 # an older entry is listed apart; 0: the longest shift and 4 hours
# keep_days = 30                     # an older entry is no longer listed; at most publisher.retention_days
# peers = ["http://10.0.0.7:8080"]   # the local pages of the site's other gateways: one list for the site
# interval_s = 5                     # how often they are asked; they share local_page.password_file's password

[typed_entry]
# clerks = "clerks.toml"             # who may enter and correct passages on the page /typed; empty: nobody
# days = 7                           # older ones are not taken
# gates = ["1"]                      # that may be named; empty: those of the readers

[display]
# language = "ja"                    # ja, en

[log]
# level = "info"                     # debug, info, warn, error
)";

}  // namespace

Result<GatewaySettings> load_settings(const std::filesystem::path& file) {
  SITEGATE_TRY(from, SettingsFile::load(file));
  GatewaySettings settings;
  settings.identity = read_identity(from);
  settings.data = from.path("gateway.data");
  settings.signing_key = from.path("keys.signing_key");
  settings.cloud_public_key = from.path("keys.cloud_public_key");
  settings.broker = read_broker_settings(from, settings.identity.gateway.text());
  settings.readers = from.texts("readers.urls");
  settings.model_packs = from.path("models.packs", "/usr/share/sitegate/models");
  settings.debounce = std::chrono::seconds(from.integer("passage.debounce_s", 0, 86'400, 60));
  settings.expect = std::chrono::seconds(from.integer("passage.expect_s", 0, 60, 10));
  settings.fusion = read_gates(from, settings.readers);
  settings.barriers = from.texts("barriers.urls");
  settings.codes = read_codes(from);
  settings.publisher = read_publisher(from);
  // A second device's evidence must find its passage unsealed.
  settings.publisher.settle = Fusion(settings.fusion).longest_window();
  settings.outbox.map_size = static_cast<std::size_t>(from.integer("outbox.map_mib", 64, 1'048'576, 1'024))
                             << 20;
  settings.health_interval = std::chrono::seconds(from.integer("health.interval_s", 1, 3'600, 10));
  settings.local_page.listen = from.text("local_page.listen", "");
  settings.local_page.password_file = from.path("local_page.password_file", "");
  settings.typed_entry = read_typed_entry(from, settings.local_page);
  settings.japanese = from.choice("display.language", {"ja", "en"}, 0) == 0;
  settings.muster = read_muster(from, settings);
  settings.log_level = from.text("log.level", "info");
  SITEGATE_TRYV(from.finish());
  return settings;
}

std::string_view example_settings() {
  return example;
}

}  // namespace sitegate::edge
