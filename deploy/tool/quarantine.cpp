#include "deploy/tool/quarantine.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cloud/quarantine/quarantine.hpp"
#include "shared/base/clock.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

constexpr std::size_t page_count = 100;

struct ListOptions {
  std::string store;
  std::string reason;
  bool all = false;
  bool json = false;
};
struct ShowOptions {
  std::string store;
  std::uint64_t number = 0;
  std::string bytes;
};
struct DecideOptions {
  std::string store;
  std::uint64_t number = 0;
  std::string by;
  std::string why;
};

json to_json(const cloud::QuarantineItem& item) {
  json one{{"number", item.number},    {"received", to_text(item.received)},
           {"source", item.source},    {"reason", item.reason},
           {"detail", item.detail},    {"size", item.size},
           {"kept", item.bytes.size()}};
  one["decision"] = nullptr;
  if (item.decision)
    one["decision"] = {{"outcome", cloud::outcome_word(item.decision->outcome)},
                       {"at", to_text(item.decision->at)},
                       {"by", item.decision->by},
                       {"why", item.decision->why}};
  return one;
}

void print(const cloud::QuarantineItem& item) {
  std::cout << item.number << "  " << to_text(item.received) << "  " << item.source << "  " << item.reason
            << ": " << item.detail << '\n';
  if (item.decision)
    std::cout << "   " << cloud::outcome_word(item.decision->outcome) << " by " << item.decision->by << " at "
              << to_text(item.decision->at) << ": " << item.decision->why << '\n';
}

Result<int> list(const ListOptions& options) {
  SITEGATE_TRY(store, cloud::open_store(options.store, {.read_only = true}));
  SITEGATE_TRY(reading, store->begin_read());
  json listed = json::array();
  std::uint64_t count = 0;
  for (std::uint64_t from = 1;;) {
    SITEGATE_TRY(items, reading->quarantine(from, page_count));
    if (items.empty()) break;
    from = items.back().number + 1;
    for (const auto& item : items) {
      if (item.decision && !options.all) continue;
      if (!options.reason.empty() && item.reason != options.reason) continue;
      ++count;
      options.json ? listed.push_back(to_json(item)) : print(item);
    }
  }
  if (options.json)
    print_json(listed);
  else
    std::cout << count << (options.all ? " entries\n" : " entries wait for a decision\n");
  return exit_done;
}

Result<int> show(const ShowOptions& options) {
  SITEGATE_TRY(store, cloud::open_store(options.store, {.read_only = true}));
  SITEGATE_TRY(reading, store->begin_read());
  SITEGATE_TRY(items, reading->quarantine(options.number, 1));
  if (items.empty() || items.front().number != options.number)
    return fail(cloud::QuarantineErrc::not_listed, "number " + std::to_string(options.number));
  const auto& item = items.front();
  print_json(to_json(item));
  if (options.bytes.empty()) return exit_done;
  SITEGATE_TRYV(write_output(options.bytes, std::string(item.bytes.begin(), item.bytes.end())));
  std::cerr << options.bytes << ": " << item.bytes.size()
            << " bytes; `sitegate inspect message` reads them\n";
  return exit_done;
}

Result<int> release(const DecideOptions& options) {
  SITEGATE_TRY(store, cloud::open_store(options.store));
  SITEGATE_TRY(counts, cloud::release(*store, options.number, {options.by, options.why}, SystemClock()));
  print_json({{"released", options.number},
              {"histories_added", counts.added},
              {"histories_changed", counts.changed},
              {"histories_unchanged", counts.unchanged},
              {"passages_without_history", counts.unregistered},
              {"awaiting_approval", counts.awaiting}});
  return exit_done;
}

Result<int> discard(const DecideOptions& options) {
  SITEGATE_TRY(store, cloud::open_store(options.store));
  SITEGATE_TRYV(cloud::discard(*store, options.number, {options.by, options.why}, SystemClock().now()));
  print_json({{"discarded", options.number}});
  return exit_done;
}

void add_decision(CLI::App& quarantine, const std::string& name, const std::string& words,
                  Result<int> (*run)(const DecideOptions&), Action& chosen) {
  auto* command = quarantine.add_subcommand(name, words);
  auto options = add_command<DecideOptions>(
      *command,
      "  sitegate quarantine " + name +
          " 17 --by sato --why \"key exchanged on 2026-04-01\" --store lmdb:/var/lib/sitegate/store",
      chosen, run);
  add_store_option(*command, options->store);
  command->add_option("number", options->number, "as listed")->required()->type_name("N");
  command->add_option("--by", options->by, "who decides; stays beside the entry")
      ->required()
      ->type_name("NAME");
  command->add_option("--why", options->why, "the reason; stays beside the entry")
      ->required()
      ->type_name("TEXT");
}

}  // namespace

void add_quarantine(CLI::App& program, Action& chosen) {
  auto* quarantine = program.add_subcommand(
      "quarantine",
      "What arrived and does not count: forged or damaged messages, batches out of their chain, single "
      "passages that could not be read. One bad record stops nothing else; here it is listed, looked at, "
      "released or discarded. Nothing leaves the list, and each decision keeps who, when and why. Works "
      "beside "
      "the running service.");
  quarantine->require_subcommand(1);
  auto* listing = quarantine->add_subcommand("list", "What waits for a decision, oldest first.");
  auto listed = add_command<ListOptions>(
      *listing, "  sitegate quarantine list --reason bad_signature --store lmdb:/var/lib/sitegate/store",
      chosen, list);
  add_store_option(*listing, listed->store);
  listing->add_option("--reason", listed->reason, "only these: bad_signature, bad_chain, bad_value, …")
      ->type_name("WORD");
  listing->add_flag("--all", listed->all, "what was decided, too");
  listing->add_flag("--json", listed->json, "for programs");
  auto* showing =
      quarantine->add_subcommand("show", "One entry; --bytes writes what is kept of it to a file.");
  auto shown = add_command<ShowOptions>(
      *showing, "  sitegate quarantine show 17 --bytes 17.bin --store lmdb:/var/lib/sitegate/store", chosen,
      show);
  add_store_option(*showing, shown->store);
  showing->add_option("number", shown->number, "as listed")->required()->type_name("N");
  showing->add_option("--bytes", shown->bytes, "file for the bytes")->type_name("FILE");
  add_decision(
      *quarantine, "release",
      "Takes it in after all: a message goes through every check again, a passage is read again from its "
      "kept batch. Still refused: nothing is changed, and the reason is said (exit code 1). What is "
      "registered already is not counted twice.",
      release, chosen);
  add_decision(
      *quarantine, "discard",
      "It will never count. A passage that its gateway's disk had lost is no longer listed as missing.",
      discard, chosen);
}

}  // namespace sitegate::tool
