#include "deploy/tool/token.hpp"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "devices/tag/device_token.hpp"
#include "devices/tag/tag_table.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/url.hpp"

namespace sitegate::tool {
namespace {

struct Options {
  std::string technician;
  std::string gate;
  std::string key_file;
  std::string key = "enrolment";
  int days = 7;
  bool json = false;
};

/// "https://gate.example:8090": where the phone finds the gateway, without a path.
Result<std::string> gate_address(const std::string& text) {
  const auto url = parse_url(text);
  const bool usable = url && (url.value().scheme == "http" || url.value().scheme == "https") &&
                      !url.value().authority.empty() && url.value().query.empty() &&
                      (url.value().path.empty() || url.value().path == "/");
  if (!usable)
    return fail(ToolErrc::bad_argument, "--gate " + text + ": http://host:port or https://host is expected");
  return url.value().scheme + "://" + url.value().authority;
}

Result<int> make_token(const Options& options) {
  using devices::tag::DeviceToken;
  const auto technician = TechnicianId::parse(options.technician);
  if (!technician)
    return fail(ToolErrc::bad_argument, options.technician + ": a technician's ID has 14 digits");
  SITEGATE_TRY(gate, gate_address(options.gate));
  SITEGATE_TRY(key, devices::tag::load_key(options.key_file, options.key));
  const devices::tag::EnrolmentLink link{DeviceToken::make(),
                                         SystemClock().now() + std::chrono::hours(24) * options.days};
  const auto address = gate + "/enrol?" + devices::tag::enrolment_query(link, key);
  const auto hash = to_hex(link.token.hash());
  if (options.json) {
    print_json({{"technician", technician->text()},
                {"link", address},
                {"until", to_text(link.until)},
                {"kind", "token"},
                {"uid", hash}});
    return exit_done;
  }
  std::cout << fmt::format(
      "For the phone, as a link or a QR code; it works once, until {}:\n\n{}\n\n"
      "For `sitegate import credentials`:\n\ntechnician_id,kind,uid\n{},token,{}\n",
      to_text(link.until), address, technician->text(), hash);
  return exit_done;
}

}  // namespace

void add_token(CLI::App& program, Action& chosen) {
  auto* command = program.add_subcommand(
      "token",
      "Makes a token for a technician's phone, for entry by the NFC tag at the gate: a link that the phone "
      "opens once, and the line for the import of credentials. The register gets the token's SHA-256 only; "
      "the token itself is nowhere but in the link. Whoever opens the link first has the phone that counts: "
      "hand it over personally.");
  auto options = add_command<Options>(
      *command,
      "  sitegate token 00000000000101 --gate https://gate.example.jp --key-file tag-keys.toml\n"
      "  sitegate token 00000000000101 --gate http://192.0.2.10:8090 --key-file tag-keys.toml --json | "
      "jq -r .link | qrencode -t ansiutf8",
      chosen, make_token);
  command->add_option("TECHNICIAN", options->technician, "whose phone: 14 digits")->required();
  command->add_option("--gate", options->gate, "where the phone finds the gateway")
      ->required()
      ->type_name("URL");
  command->add_option("--key-file", options->key_file, "the tags' key file")->required()->type_name("FILE");
  command->add_option("--key", options->key, "the enrolment key's name in it")->capture_default_str();
  command->add_option("--days", options->days, "how long the link is good")
      ->check(CLI::Range(1, 90))
      ->capture_default_str();
  command->add_flag("--json", options->json, "machine-readable");
}

}  // namespace sitegate::tool
