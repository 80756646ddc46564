#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "deploy/tool/inspect.hpp"
#include "deploy/tool/message_json.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

struct Options {
  std::string store;
  std::string site;
  std::uint64_t quarantine_from = 1;
  std::size_t count = 100;
  bool json = false;
};

template <typename Cell>
std::uint64_t sum_of(const std::vector<Cell>& cells) {
  return std::accumulate(cells.begin(), cells.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Cell& cell) { return sum + cell.count; });
}

json counts_of(const cloud::Rollups& rollups) {
  return {{"technicians", sum_of(rollups.technicians)},
          {"companies", sum_of(rollups.companies)},
          {"sites", sum_of(rollups.sites)},
          {"work_histories", sum_of(rollups.histories)}};
}

Result<json> gateways_of(const cloud::ReadTransaction& store) {
  json list = json::array();
  SITEGATE_TRY(gateways, store.gateways());
  for (const auto& gateway : gateways)
    list.push_back({{"gateway", gateway.id.text()},
                    {"site", gateway.site.text()},
                    {"bucket", gateway.bucket},
                    {"public_key", to_hex(gateway.public_key)},
                    {"revoked", gateway.revoked}});
  return list;
}

Result<json> positions_of(const cloud::ReadTransaction& store) {
  json list = json::array();
  SITEGATE_TRY(positions, store.positions());
  for (const auto& position : positions)
    list.push_back({{"gateway", position.gateway.text()},
                    {"epoch", position.epoch},
                    {"watermark", position.watermark},
                    {"chain_head", to_hex(position.chain_head)},
                    {"received", to_text(position.received)},
                    {"duplicates", position.duplicates}});
  return list;
}

Result<json> quarantine_of(const cloud::ReadTransaction& store, std::uint64_t from, std::size_t count) {
  json list = json::array();
  SITEGATE_TRY(items, store.quarantine(from, count));
  for (const auto& item : items)
    list.push_back({{"number", item.number},
                    {"received", to_text(item.received)},
                    {"source", item.source},
                    {"reason", item.reason},
                    {"detail", item.detail},
                    {"size", item.size}});
  return list;
}

/// Of all gateways together at most `count`.
Result<json> repeated_of(const cloud::ReadTransaction& store, std::size_t count) {
  json list = json::array();
  SITEGATE_TRY(gateways, store.gateways());
  for (const auto& gateway : gateways) {
    SITEGATE_TRY(batches, store.repeated_batches(gateway.id, count - list.size()));
    for (const auto& batch : batches)
      list.push_back({{"gateway", batch.gateway.text()},
                      {"epoch", batch.epoch},
                      {"first_sequence", batch.first},
                      {"through", batch.through},
                      {"hash", to_hex(batch.hash)},
                      {"times", batch.times},
                      {"first_again", to_text(batch.first_again)},
                      {"last_again", to_text(batch.last_again)},
                      {"reason", cloud::repeated_reason},
                      {"detail", "already registered, not counted again"}});
  }
  return list;
}

/// ID and, where the registry has it, name; or what was read.
Result<void> name_person(const cloud::ReadTransaction& store, const Passage& passage, json& into) {
  const auto* technician = std::get_if<TechnicianId>(&passage.person);
  if (technician == nullptr) {
    into["credential"] = to_json(passage).at("credential");
    return success();
  }
  into["technician"] = technician->text();
  SITEGATE_TRY(known, store.technician(*technician));
  if (known) into["name"] = known->name;
  return success();
}

Result<json> unregistered_of(const cloud::ReadTransaction& store, const std::string& site,
                             std::size_t count) {
  json list = json::array();
  if (site.empty()) return list;
  const auto id = SiteId::parse(site);
  if (!id) return fail(ToolErrc::bad_argument, "--site " + site + ": a site ID has 14 digits");
  SITEGATE_TRY(passages, store.unregistered_passages(*id, count));
  for (const auto& one : passages) {
    list.push_back(to_json(one.passage));
    list.back()["gateway"] = one.event.gateway.text();
    list.back()["epoch"] = one.event.epoch;
    list.back()["sequence"] = one.event.sequence;
    list.back()["reason"] = one.reason;
  }
  return list;
}

Result<json> typed_of(const cloud::ReadTransaction& store, const std::string& site, std::size_t count) {
  json list = json::array();
  // A site that is not one was refused with the list before.
  SITEGATE_TRY(passages, store.typed_passages(SiteId::parse(site), count));
  for (const auto& one : passages) {
    const Passage& passage = one.passage;
    list.push_back({{"gateway", one.event.gateway.text()},
                    {"epoch", one.event.epoch},
                    {"sequence", one.event.sequence},
                    {"site", one.site.text()},
                    {"approval", cloud::approval_word(one.approval)},
                    {"work_date", to_text(passage.work_date)},
                    {"direction", to_text(passage.direction)},
                    {"event_time", to_text(passage.event_time)},
                    {"gate", passage.gate},
                    {"reason", passage.typed->reason},
                    {"by", passage.typed->by},
                    {"typed_at", to_text(passage.typed->typed_at)}});
    if (passage.typed->corrects != 0) list.back()["corrects_sequence"] = passage.typed->corrects;
    SITEGATE_TRYV(name_person(store, passage, list.back()));
  }
  return list;
}

Result<json> awaiting_of(const cloud::ReadTransaction& store) {
  json sites = json::object();
  SITEGATE_TRY(counts, store.typed_counts());
  for (const auto& count : counts) sites[count.site.text()] = count.awaiting;
  return sites;
}

void print(const json& seen) {
  for (const auto& [part, values] : seen.items()) {
    if (!values.is_array() && !values.is_object()) continue;
    std::cout << part << ":" << (values.empty() ? " none" : "") << '\n';
    if (values.is_object())
      for (const auto& [key, value] : values.items())
        std::cout << "  " << key << ": " << value.dump() << '\n';
    else
      for (const auto& value : values) std::cout << "  " << value.dump() << '\n';
  }
}

Result<int> run(const Options& options) {
  SITEGATE_TRY(store, cloud::open_store(options.store, {.read_only = true}));
  SITEGATE_TRY(reading, store->begin_read());
  SITEGATE_TRY(rollups, reading->rollups());
  SITEGATE_TRY(gateways, gateways_of(*reading));
  SITEGATE_TRY(positions, positions_of(*reading));
  SITEGATE_TRY(quarantine, quarantine_of(*reading, options.quarantine_from, options.count));
  SITEGATE_TRY(repeated, repeated_of(*reading, options.count));
  SITEGATE_TRY(unregistered, unregistered_of(*reading, options.site, options.count));
  SITEGATE_TRY(awaiting, awaiting_of(*reading));
  SITEGATE_TRY(typed, typed_of(*reading, options.site, options.count));
  const json seen{{"store", options.store},
                  {"counts", counts_of(rollups)},
                  {"gateways", gateways},
                  {"positions", positions},
                  {"quarantine", quarantine},
                  {"repeated_batches", repeated},
                  {"unregistered_passages", unregistered},
                  {"awaiting_approval", awaiting},
                  {"typed_passages", typed}};
  if (options.json)
    print_json(seen);
  else
    print(seen);
  return exit_done;
}

}  // namespace

void add_inspect_store(CLI::App& inspect, Action& chosen) {
  auto* command = inspect.add_subcommand(
      "store",
      "Shows what the cloud keeps: counts, gateways and how far each epoch is "
      "registered, the quarantine list (what "
      "arrived and does not count, with its reason), the registered batches that came "
      "again (resends after a lost receipt, or replays), the passages that clerks "
      "typed (who, when, why; awaiting approval, not counted), and with --site the passages "
      "that make no work history. Read-only: "
      "it may look beside the running service and leaves every file as it is.");
  auto options = add_command<Options>(
      *command, "  sitegate inspect store lmdb:/var/lib/sitegate/store --site 13104000000001 --json", chosen,
      run);
  command->add_option("URL", options->store, "the store, e.g. lmdb:/var/lib/sitegate/store")->required();
  command->add_option("--site", options->site,
                      "list this site's unregistered passages, and of the typed ones only this site's");
  command->add_option("--quarantine-from", options->quarantine_from, "first quarantine number shown")
      ->capture_default_str();
  command->add_option("--count", options->count, "entries of each list at most")->capture_default_str();
  command->add_flag("--json", options->json, "machine-readable");
}

}  // namespace sitegate::tool
