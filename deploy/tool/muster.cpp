#include "deploy/tool/muster.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "edge/local_page/local_page.hpp"
#include "edge/muster/kept_passages.hpp"
#include "edge/muster/muster_form.hpp"
#include "edge/muster/muster_json.hpp"
#include "edge/muster/peers.hpp"
#include "edge/roster/roster_file.hpp"
#include "shared/crypto/signing.hpp"
#include "shared/http/basic.hpp"
#include "shared/http/client.hpp"

namespace sitegate::tool {
namespace {

namespace files = std::filesystem;

constexpr const char* unknown_gateway = "this-gateway";

struct Options {
  std::string outbox;
  std::string roster;
  std::string key;
  std::string url;
  std::string password_file;
  std::string html;
  std::string language = "ja";
  std::string gateway = unknown_gateway;
  int long_ago_hours = 0;
  bool only_own = false;
  bool json = false;
  bool csv = false;
};

/// "data/outbox" and "data/outbox/" both stand beside "data/roster".
files::path beside(const std::string& outbox, const char* name) {
  const files::path folder = files::path(outbox + "/").parent_path();
  return folder.parent_path() / name;
}

Result<SiteRoster> read_roster(const Options& options) {
  const files::path folder =
      options.roster.empty() ? beside(options.outbox, "roster") : files::path(options.roster);
  SITEGATE_TRY(roster, edge::read_roster_file(folder / "roster.bin"));
  if (roster) return std::move(*roster);
  std::cerr << "sitegate: no roster in " << folder.string() << ": names are not known, say --roster\n";
  return SiteRoster{};
}

/// From a gateway's disk, whether it runs or not; with the last lists of the site's other gateways.
Result<edge::SiteMuster> from_disk(const Options& options) {
  const auto gateway = GatewayId::parse(options.gateway);
  if (!gateway) return fail(ToolErrc::bad_argument, "--gateway " + options.gateway);
  SITEGATE_TRY(outbox, edge::Outbox::open_read_only(options.outbox));
  SITEGATE_TRY(roster, read_roster(options));
  std::optional<PublicKey> own_key;
  if (!options.key.empty()) {
    SITEGATE_TRY(key, crypto::load_public_key(options.key));
    own_key = key;
  }
  edge::MusterBook book;
  SITEGATE_TRYV(
      edge::for_each_kept_passage(*outbox, own_key, [&](const Passage& passage) { book.remember(passage); }));
  const SystemClock clock;
  const edge::RosterIndex index(std::move(roster));
  edge::MusterRules rules;
  rules.long_ago = std::chrono::hours(options.long_ago_hours > 0 ? options.long_ago_hours
                                                                 : index.settings().shift_hours_max + 4);
  rules.utc_offset = std::chrono::minutes(index.settings().utc_offset_minutes);
  const edge::Moment now{clock.now(), clock.monotonic(), clock.boot_id(), clock.state()};
  const edge::GatewayMuster own{index.roster().site, *gateway, now.wall, book.people(now, *gateway, index)};
  const auto peers =
      options.only_own ? std::vector<edge::PeerMuster>{} : edge::kept_peers(beside(options.outbox, "muster"));
  return edge::join(own, peers, rules, "");
}

Result<edge::SiteMuster> from_gateway(const Options& options) {
  http::ClientRequest request;
  std::string url = options.url;
  while (url.ends_with('/')) url.pop_back();
  request.url = url + "/muster.json" + (options.only_own ? "?scope=gateway" : "");
  request.answer_bytes_max = edge::muster_json_size_max;
  if (!options.password_file.empty()) {
    SITEGATE_TRY(password, edge::read_password(options.password_file));
    request.headers.push_back({"Authorization", http::basic_authorization({"sitegate", password})});
  }
  http::Client client;
  SITEGATE_TRY(response, client.call(request));
  if (response.status == 401)
    return fail(ToolErrc::unreadable, url + ": the site's password is needed, say --password-file");
  if (response.status != 200)
    return fail(ToolErrc::unreadable, url + ": status " + std::to_string(response.status) +
                                          "; is this a gateway with [local_page] listen?");
  return edge::parse_site_muster(response.body);
}

Result<int> run(const Options& options) {
  if (options.outbox.empty() == options.url.empty())
    return fail(ToolErrc::bad_argument, "say either --outbox or --url");
  SITEGATE_TRY(muster, options.url.empty() ? from_disk(options) : from_gateway(options));
  const auto language =
      options.language == "en" ? edge::MusterLanguage::english : edge::MusterLanguage::japanese;
  if (!options.html.empty()) {
    SITEGATE_TRYV(write_output(options.html, edge::to_html(muster, language, false)));
  }
  if (options.json) std::cout << edge::to_json(muster);
  if (options.csv) std::cout << edge::to_csv(muster);
  if (!options.json && !options.csv && options.html.empty()) std::cout << edge::to_table(muster);
  std::cout << std::flush;
  const bool whole = std::all_of(muster.sources.begin(), muster.sources.end(),
                                 [](const edge::MusterSource& source) { return source.answers; });
  return whole || options.url.empty() ? exit_done : exit_refused;
}

void add_sources(CLI::App& command, Options& options) {
  command.add_option("--url", options.url, "a running gateway's local page, http://ADDRESS:PORT")
      ->type_name("URL");
  command.add_option("--password-file", options.password_file, "with --url: holds the site's password")
      ->type_name("FILE");
  command.add_option("--outbox", options.outbox, "a gateway's outbox, running or not")->type_name("DIR");
  command
      .add_option("--roster", options.roster, "with --outbox: the folder of roster.bin; default: beside it")
      ->type_name("DIR");
  command.add_option("--key", options.key, "with --outbox: public.pem, to prove the batches")
      ->type_name("FILE");
  command.add_option("--gateway", options.gateway, "with --outbox: the gateway's name on the list")
      ->capture_default_str();
  command
      .add_option("--long-ago-hours", options.long_ago_hours,
                  "with --outbox: older entries are listed apart; 0: the longest shift and 4 hours")
      ->check(CLI::Range(0, 8'760))
      ->capture_default_str();
  command.add_flag("--only-own", options.only_own, "this gateway alone, without the site's others");
}

}  // namespace

void add_muster(CLI::App& program, Action& chosen) {
  auto* command = program.add_subcommand(
      "muster",
      "Who is on site now: everyone whose last passage through an open gate was an entry, for roll call and "
      "evacuation. Asks a running gateway (--url: the whole site, as far as its gateways reach each other), "
      "or "
      "reads a gateway's disk when nothing runs (--outbox: its own people, and the last known lists of the "
      "site's other gateways, marked as old). Needs no network beyond that. Entries that are older than a "
      "long "
      "shift are listed apart, never left out. Ends with 3 if a gateway of the site could not be reached: "
      "its "
      "people are then as last known.");
  auto options = add_command<Options>(*command,
                                      "  sitegate muster --url http://10.0.0.7:8080\n"
                                      "  sitegate muster --url http://10.0.0.7:8080 --html muster.html   # "
                                      "open it and print: A4, boxes to tick\n"
                                      "  sitegate muster --outbox /var/lib/sitegate/edge/outbox --csv",
                                      chosen, run);
  add_sources(*command, *options);
  command->add_flag("--json", options->json, "machine-readable");
  command->add_flag("--csv", options->csv, "for spreadsheets");
  command->add_option("--html", options->html, "a page to print; - is standard output")->type_name("FILE");
  command->add_option("--lang", options->language, "of the page")
      ->check(CLI::IsMember({"ja", "en"}))
      ->capture_default_str();
}

}  // namespace sitegate::tool
