#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "deploy/tool/inspect.hpp"
#include "deploy/tool/message_json.hpp"
#include "edge/outbox/outbox.hpp"
#include "shared/wire/passage.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

constexpr std::size_t step_count = 500;
constexpr std::size_t step_bytes = 4U << 20;

struct Options {
  std::string folder;
  std::size_t count = 20;
  bool json = false;
};

json to_json(const edge::OutboxState& state) {
  json ended = json::array();
  for (const auto& one : state.ended)
    ended.push_back({{"epoch", one.epoch}, {"base", one.base}, {"through", one.through}});
  return {{"epoch", state.epoch},
          {"epoch_base", state.epoch_base},
          {"ended_epochs", ended},
          {"next_sequence", state.next_sequence},
          {"sealed_through", state.sealed_through},
          {"receipted_through", state.receipted_through},
          {"chain_head", to_hex(state.chain_head)},
          {"unsealed_count", state.unsealed_count},
          {"pending_bytes", state.pending_bytes},
          {"used_bytes", state.used_bytes},
          {"map_bytes", state.map_bytes},
          {"failure", state.failure}};
}

json to_json(const edge::SealedBatch& batch) {
  json one{{"first", batch.first},
           {"through", batch.through},
           {"sealed_at", to_text(batch.sealed_at)},
           {"hash", to_hex(batch.hash)},
           {"bytes", batch.envelope.size()}};
  one["receipted_at"] = batch.receipted_at ? json(to_text(*batch.receipted_at)) : json();
  return one;
}

/// At most `count_max`, oldest first; what is damaged is named and passed over.
Result<json> batches_of(const edge::Outbox& outbox, std::size_t count_max) {
  json list = json::array();
  Sequence from = 0;
  while (list.size() < count_max) {
    const auto some = outbox.batches(from, std::min(step_count, count_max - list.size()), step_bytes);
    if (!some && !is(some.error(), edge::OutboxErrc::damaged)) return some.error();
    if (!some) list.push_back({{"damaged", some.error().text()}});
    if (some) {
      for (const auto& batch : some.value()) list.push_back(to_json(batch));
      if (!some.value().empty()) from = some.value().back().through;
    }
    SITEGATE_TRY(next, outbox.next_batch(from));
    if (!next) break;
    from = *next;
  }
  return list;
}

Result<json> entries_of(const edge::Outbox& outbox, std::size_t count_max) {
  json list = json::array();
  const auto state = outbox.state();
  Sequence from = state.sealed_through + 1;
  while (list.size() < count_max && from < state.next_sequence) {
    const auto some = outbox.unsealed(std::min(step_count, count_max - list.size()), step_bytes, from);
    if (!some && !is(some.error(), edge::OutboxErrc::damaged)) return some.error();
    if (!some) {
      list.push_back({{"sequence", from++}, {"damaged", some.error().text()}});
      continue;
    }
    if (some.value().empty()) break;
    for (const auto& entry : some.value()) {
      const auto passage = wire::decode_passage(entry.bytes);
      list.push_back(passage ? tool::to_json(passage.value()) : json{{"unreadable", passage.error().text()}});
      list.back()["sequence"] = entry.sequence;
      from = entry.sequence + 1;
    }
  }
  return list;
}

void print(const json& seen) {
  for (const auto& [key, value] : seen["state"].items())
    std::cout << key << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
  std::cout << "batches:\n";
  for (const auto& batch : seen["batches"]) std::cout << "  " << batch.dump() << '\n';
  std::cout << "not yet sealed:\n";
  for (const auto& entry : seen["unsealed"]) std::cout << "  " << entry.dump() << '\n';
}

Result<int> run(const Options& options) {
  SITEGATE_TRY(outbox, edge::Outbox::open_read_only(options.folder));
  SITEGATE_TRY(batches, batches_of(*outbox, options.count));
  SITEGATE_TRY(entries, entries_of(*outbox, options.count));
  const json seen{{"outbox", options.folder},
                  {"state", to_json(outbox->state())},
                  {"batches", batches},
                  {"unsealed", entries}};
  if (options.json)
    print_json(seen);
  else
    print(seen);
  return exit_done;
}

}  // namespace

void add_inspect_outbox(CLI::App& inspect, Action& chosen) {
  auto* command = inspect.add_subcommand("outbox",
                                         "Shows a gateway's outbox: its epoch and watermarks, the oldest "
                                         "batches that are kept (sent and signed, with the "
                                         "time of their receipt), and the passages that are not yet sealed. "
                                         "Read-only: it may look beside the running "
                                         "gateway and leaves every file as it is.");
  auto options =
      add_command<Options>(*command, "  sitegate inspect outbox /var/lib/sitegate/edge/outbox", chosen, run);
  command->add_option("DIR", options->folder, "the outbox's folder")->required();
  command->add_option("--count", options->count, "batches and passages shown at most")->capture_default_str();
  command->add_flag("--json", options->json, "machine-readable");
}

}  // namespace sitegate::tool
