#include "deploy/tool/provision.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cloud/store/store.hpp"
#include "shared/base/clock.hpp"
#include "shared/crypto/certificate.hpp"
#include "shared/crypto/signing.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/topic.hpp"

namespace sitegate::tool {
namespace {

namespace files = std::filesystem;
using nlohmann::json;

// Files of an authority's folder; those of a gateway's folder stand in example order in its gateway.toml.
constexpr const char* authority_name = "authority";
constexpr const char* cloud_signing_key = "cloud-signing.pem";
constexpr const char* cloud_public_key = "cloud-public.pem";
constexpr const char* gateway_signing_key = "signing.pem";
constexpr const char* gateway_public_key = "public.pem";

struct AuthorityOptions {
  std::string folder;
  std::vector<std::string> server_names{"localhost", "127.0.0.1"};
  bool json = false;
};
struct GatewayOptions {
  std::string gateway;
  std::string site;
  std::string authority;
  std::string folder;
  std::string store;
  std::string broker = "mqtts://localhost:8883";
  std::string data = "data";
  std::vector<std::string> readers{"card+pcsc:///?gate=1&direction=toggle"};
  bool replace_key = false;
  bool json = false;
};
struct RevokeOptions {
  std::string gateway;
  std::string store;
  bool json = false;
};

Result<GatewayId> gateway_id(const std::string& text) {
  const auto id = GatewayId::parse(text);
  if (!id) return fail(ToolErrc::bad_argument, text + ": a gateway's ID is 1 to 48 of A-Z a-z 0-9 -");
  // The broker knows the cloud by this name and lets it read and write everything.
  if (text == wire::cloud_signer)
    return fail(ToolErrc::bad_argument, text + ": that is the cloud's own name");
  return *id;
}

Result<int> provision_authority(const AuthorityOptions& options) {
  const UtcTime now = SystemClock().now();
  SITEGATE_TRY(authority, crypto::make_authority(options.folder, now));
  SITEGATE_TRY(server, crypto::issue_server(authority, options.folder, options.server_names, now));
  SITEGATE_TRY(client, crypto::issue_client(authority, options.folder, std::string(wire::cloud_signer), now));
  const auto key = crypto::SigningKey::generate();
  const files::path folder = options.folder;
  SITEGATE_TRYV(key.save(folder / cloud_signing_key));
  SITEGATE_TRYV(crypto::save_public_key(key.public_key(), folder / cloud_public_key));
  const json made{{"authority", authority.certificate.string()},
                  {"server", server.certificate.string()},
                  {"cloud", client.certificate.string()},
                  {"cloud_signing_key", (folder / cloud_signing_key).string()},
                  {"cloud_public_key", (folder / cloud_public_key).string()}};
  if (options.json)
    print_json(made);
  else
    std::cout << "authority in " << options.folder << ":\n"
              << made.dump(2) << "\nKeep " << authority.key.string() << " and " << cloud_signing_key
              << " secret; they cannot be made again.\n";
  return exit_done;
}

/// What a TOML basic string cannot hold as it is.
std::string quoted(const std::string& text) {
  return json(text).dump();  // the same escapes (TOML 1.0, basic strings)
}

std::string gateway_settings(const GatewayOptions& options, const GatewayRecord& record) {
  std::string readers;
  for (const auto& url : options.readers) readers += (readers.empty() ? "" : ", ") + quoted(url);
  return fmt::format(
      R"(# Settings of sitegate-edge, made by `sitegate provision gateway`. Relative paths start at this file's folder.
[gateway]
id = {}
site = {}
bucket = {}
data = {}

[keys]
signing_key = "{}"
cloud_public_key = "{}"

[broker]
url = {}
ca = "{}.crt"
certificate = "{}.crt"
key = "{}.key"

[readers]
urls = [{}]
)",
      quoted(options.gateway), quoted(options.site), record.bucket, quoted(options.data), gateway_signing_key,
      cloud_public_key, quoted(options.broker), authority_name, options.gateway, options.gateway, readers);
}

Result<void> copy_from_authority(const files::path& from, const files::path& folder) {
  for (const auto& name : {std::string(authority_name) + ".crt", std::string(cloud_public_key)}) {
    std::error_code error;
    files::copy_file(from / name, folder / name, error);
    if (error) return fail(ToolErrc::cannot_write, (folder / name).string() + ": " + error.message());
  }
  return success();
}

/// Certificate, keys and settings in the gateway's folder; gives its public key.
Result<PublicKey> make_gateway_files(const GatewayOptions& options, const GatewayRecord& record) {
  const files::path from = options.authority;
  const files::path folder = options.folder;
  const crypto::CertificateFiles authority{from / (std::string(authority_name) + ".crt"),
                                           from / (std::string(authority_name) + ".key")};
  SITEGATE_TRYV(crypto::issue_client(authority, folder, options.gateway, SystemClock().now()));
  const auto key = crypto::SigningKey::generate();
  SITEGATE_TRYV(key.save(folder / gateway_signing_key));
  SITEGATE_TRYV(crypto::save_public_key(key.public_key(), folder / gateway_public_key));
  SITEGATE_TRYV(copy_from_authority(from, folder));
  SITEGATE_TRYV(write_output((folder / "gateway.toml").string(), gateway_settings(options, record)));
  return key.public_key();
}

Result<void> check_site_and_gateway(const cloud::ReadTransaction& store, const GatewayRecord& record,
                                    bool replace_key) {
  SITEGATE_TRY(site, store.site(record.site));
  if (!site)
    return fail(ToolErrc::not_there,
                "site " + record.site.text() + ": import it first (`sitegate import sites`)");
  SITEGATE_TRY(known, store.gateway(record.id));
  if (known && !replace_key)
    return fail(ToolErrc::already_there,
                "gateway " + record.id.text() +
                    ": its batches could no longer be verified with a new key. If that is "
                    "meant, add --replace-key; otherwise choose another ID");
  return success();
}

Result<int> provision_gateway(const GatewayOptions& options) {
  SITEGATE_TRY(id, gateway_id(options.gateway));
  const auto site = SiteId::parse(options.site);
  if (!site) return fail(ToolErrc::bad_argument, "--site " + options.site + ": a site ID has 14 digits");
  GatewayRecord record{
      .id = id, .site = *site, .bucket = wire::default_bucket(id), .public_key = {}, .revoked = false};
  if (files::exists(files::path(options.folder) / "gateway.toml"))
    return fail(ToolErrc::already_there, options.folder + "/gateway.toml: choose another folder for --out");
  SITEGATE_TRY(store, cloud::open_store(options.store));
  SITEGATE_TRY(writing, store->begin_write());
  SITEGATE_TRYV(check_site_and_gateway(*writing, record, options.replace_key));
  SITEGATE_TRY(public_key, make_gateway_files(options, record));
  record.public_key = public_key;
  SITEGATE_TRYV(writing->put(record));
  SITEGATE_TRYV(writing->commit());
  const json made{{"gateway", options.gateway},
                  {"site", options.site},
                  {"bucket", record.bucket},
                  {"public_key", to_hex(public_key)},
                  {"settings", (files::path(options.folder) / "gateway.toml").string()}};
  if (options.json)
    print_json(made);
  else
    std::cout << "gateway " << options.gateway << " is registered. Bring " << options.folder
              << " to it and start: sitegate-edge --settings gateway.toml\n";
  return exit_done;
}

Result<int> provision_revoke(const RevokeOptions& options) {
  SITEGATE_TRY(id, gateway_id(options.gateway));
  SITEGATE_TRY(store, cloud::open_store(options.store));
  SITEGATE_TRY(writing, store->begin_write());
  SITEGATE_TRY(record, writing->gateway(id));
  if (!record)
    return fail(ToolErrc::not_there, "gateway " + options.gateway + ": see `sitegate inspect store`");
  record->revoked = true;
  SITEGATE_TRYV(writing->put(*record));
  SITEGATE_TRYV(writing->commit());
  if (options.json)
    print_json({{"gateway", options.gateway}, {"revoked", true}});
  else
    std::cout << "gateway " << options.gateway << " is revoked: nothing it signs counts from now on\n";
  return exit_done;
}

void add_authority(CLI::App& provision, Action& chosen) {
  auto* command = provision.add_subcommand("authority",
                                           "Makes what a new installation trusts: a certificate authority, "
                                           "the broker's server certificate, the cloud's "
                                           "client certificate (its name is \"cloud\"), and the cloud's "
                                           "Ed25519 key that signs receipts and rosters. Once for "
                                           "an installation; nothing is ever overwritten.");
  auto options = add_command<AuthorityOptions>(
      *command, "  sitegate provision authority --out authority --server-name broker.example.jp", chosen,
      provision_authority);
  command->add_option("--out", options->folder, "folder, created if missing")->required()->type_name("DIR");
  command->add_option("--server-name", options->server_names, "names under which gateways reach the broker")
      ->capture_default_str();
  command->add_flag("--json", options->json, "machine-readable");
}

void add_gateway(CLI::App& provision, Action& chosen) {
  auto* command = provision.add_subcommand("gateway",
                                           "Makes what a new gateway needs in one folder: client "
                                           "certificate, Ed25519 key, the authority's certificate, the "
                                           "cloud's public key, and a gateway.toml that sitegate-edge starts "
                                           "with. The public key is registered in the store; "
                                           "the cloud never sees the private one.");
  auto options =
      add_command<GatewayOptions>(*command,
                                  "  sitegate provision gateway gate-north-1 --site 13104000000001 "
                                  "--authority authority --out gate-north-1 --store lmdb:store",
                                  chosen, provision_gateway);
  command->add_option("ID", options->gateway, "the gateway's name: 1 to 48 of A-Z a-z 0-9 -")->required();
  command->add_option("--site", options->site, "the 14-digit site ID, already imported")->required();
  command->add_option("--authority", options->authority, "folder of `provision authority`")
      ->required()
      ->type_name("DIR");
  command->add_option("--out", options->folder, "folder for the gateway")->required()->type_name("DIR");
  add_store_option(*command, options->store);
  command->add_option("--broker", options->broker, "the broker's URL")->capture_default_str();
  command->add_option("--data", options->data, "where the gateway keeps outbox and roster")
      ->capture_default_str();
  command->add_option("--reader", options->readers, "a reader's URL; may be given more than once")
      ->capture_default_str();
  command->add_flag("--replace-key", options->replace_key, "give a registered gateway a new key");
  command->add_flag("--json", options->json, "machine-readable");
}

void add_revoke(CLI::App& provision, Action& chosen) {
  auto* command = provision.add_subcommand("revoke",
                                           "A gateway that was stolen or taken out of service: from now on "
                                           "nothing it signs is registered. What it sent "
                                           "before stays.");
  auto options = add_command<RevokeOptions>(
      *command, "  sitegate provision revoke gate-north-1 --store lmdb:/var/lib/sitegate/store", chosen,
      provision_revoke);
  command->add_option("ID", options->gateway, "the gateway")->required();
  add_store_option(*command, options->store);
  command->add_flag("--json", options->json, "machine-readable");
}

}  // namespace

void add_provision(CLI::App& program, Action& chosen) {
  auto* provision =
      program.add_subcommand("provision", "Makes keys and certificates, and registers or revokes gateways.");
  provision->require_subcommand(1);
  add_authority(*provision, chosen);
  add_gateway(*provision, chosen);
  add_revoke(*provision, chosen);
  add_provision_clerk(*provision, chosen);
}

}  // namespace sitegate::tool
