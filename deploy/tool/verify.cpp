#include "deploy/tool/verify.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cloud/store/store.hpp"
#include "deploy/tool/chain.hpp"
#include "deploy/tool/progress.hpp"
#include "edge/outbox/outbox.hpp"
#include "shared/crypto/signing.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

constexpr std::size_t step_count = 200;
constexpr std::size_t step_bytes = 8U << 20;

struct OutboxOptions {
  std::string folder;
  std::string key;
  bool json = false;
};
struct GatewayOptions {
  std::string gateway;
  std::string store;
  bool json = false;
};
struct StoreOptions {
  std::string store;
  bool json = false;
};

struct Verdict {
  std::string of;  ///< what was walked
  Epoch epoch = 0;
  std::optional<ChainBreak> broken;
  std::uint64_t batches = 0;
  std::uint64_t passages = 0;
  Sequence first = 0;
  Sequence through = 0;
};

Verdict verdict_of(std::string of, Epoch epoch, const ChainWalk& walk, std::optional<ChainBreak> broken) {
  return {std::move(of),   epoch,        std::move(broken), walk.batches(),
          walk.passages(), walk.first(), walk.through()};
}

json to_json(const Verdict& verdict) {
  json one{{"of", verdict.of},
           {"epoch", verdict.epoch},
           {"ok", !verdict.broken},
           {"batches", verdict.batches},
           {"passages", verdict.passages},
           {"first", verdict.first},
           {"through", verdict.through},
           {"from_the_first", verdict.first == 1}};
  if (verdict.broken) {
    one["broken_at"] = verdict.broken->sequence;
    one["reason"] = verdict.broken->reason;
  }
  return one;
}

void print(const Verdict& verdict) {
  std::cout << verdict.of << " epoch " << verdict.epoch << ": ";
  if (verdict.broken)
    std::cout << "BROKEN at sequence " << verdict.broken->sequence << ": " << verdict.broken->reason << '\n';
  else if (verdict.batches == 0)
    std::cout << "OK, no batch is kept\n";
  else
    std::cout << "OK, " << verdict.batches << " batches, sequences " << verdict.first << " to "
              << verdict.through
              << (verdict.first == 1 ? ", proven from the epoch's first"
                                     : "; what was before is no longer kept here: `verify gateway` proves it")
              << '\n';
}

int report(const std::vector<Verdict>& verdicts, bool as_json) {
  bool all_ok = true;
  json list = json::array();
  for (const auto& verdict : verdicts) {
    all_ok = all_ok && !verdict.broken;
    list.push_back(to_json(verdict));
    if (!as_json) print(verdict);
  }
  if (as_json) print_json({{"ok", all_ok}, {"chains", list}});
  return all_ok ? exit_done : exit_refused;
}

/// A range of the outbox's sequences that was sent under one epoch.
struct Stretch {
  Epoch epoch = 0;
  Sequence base = 0;     ///< the sequence before its first
  Sequence through = 0;  ///< what is behind went over into the next epoch
};

std::vector<Stretch> stretches_of(const edge::OutboxState& state) {
  std::vector<Stretch> stretches;
  for (const auto& ended : state.ended) {
    if (!stretches.empty()) stretches.back().through = ended.base;
    stretches.push_back({ended.epoch, ended.base, 0});
  }
  if (!stretches.empty()) stretches.back().through = state.epoch_base;
  stretches.push_back({state.epoch, state.epoch_base, state.sealed_through});
  return stretches;
}

/// Every batch of the stretch, in order; the break may be a batch that the disk cannot give back.
Result<std::optional<ChainBreak>> walk_outbox(const edge::Outbox& outbox, const Stretch& stretch,
                                              ChainWalk& walk) {
  Sequence from = stretch.base + 1;
  while (from <= stretch.through) {
    const auto some = outbox.batches(from, step_count, step_bytes);
    if (!some && is(some.error(), edge::OutboxErrc::damaged))
      return std::optional(ChainBreak{walk.through() + 1, some.error().text()});
    if (!some) return some.error();
    for (const auto& batch : some.value()) {
      if (batch.through > stretch.through) break;
      if (auto broken = walk.take(batch.first - stretch.base, batch.through - stretch.base, batch.envelope))
        return broken;
    }
    if (some.value().empty()) break;
    SITEGATE_TRY(next, outbox.next_batch(some.value().back().first));
    if (!next) break;
    from = *next;
  }
  const auto state = outbox.state();
  // An ended epoch's last hash is kept with its last batch only.
  if (stretch.epoch != state.epoch) return std::optional<ChainBreak>{};
  return walk.finish(state.sealed_through - stretch.base, state.chain_head);
}

Result<int> verify_outbox(const OutboxOptions& options) {
  SITEGATE_TRY(key, crypto::load_public_key(options.key));
  SITEGATE_TRY(outbox, edge::Outbox::open_read_only(options.folder));
  std::vector<Verdict> verdicts;
  for (const Stretch& stretch : stretches_of(outbox->state())) {
    ChainWalk walk(key, stretch.epoch, std::nullopt);
    SITEGATE_TRY(broken, walk_outbox(*outbox, stretch, walk));
    verdicts.push_back(verdict_of(options.folder, stretch.epoch, walk, std::move(broken)));
  }
  return report(verdicts, options.json);
}

Result<std::optional<ChainBreak>> walk_store(const cloud::ReadTransaction& store,
                                             const cloud::GatewayPosition& position, ChainWalk& walk) {
  Sequence from = 1;
  while (true) {
    SITEGATE_TRY(some, store.kept_batches(position.gateway, position.epoch, from, step_count));
    for (const auto& batch : some)
      if (auto broken = walk.take(batch.first, batch.through, batch.envelope)) return broken;
    if (some.size() < step_count) break;
    from = walk.through() + 1;
  }
  if (walk.batches() == 0 && position.watermark > 0)
    return std::optional(
        ChainBreak{1, "registered up to " + std::to_string(position.watermark) + ", but no batch is kept"});
  // The cloud forgets no batch: its proof begins with the first one.
  if (walk.batches() > 0 && walk.first() != 1)
    return std::optional(
        ChainBreak{1, "the first batch that is kept starts at " + std::to_string(walk.first())});
  return walk.finish(position.watermark, position.chain_head);
}

Result<int> verify_gateway(const GatewayOptions& options) {
  const auto id = GatewayId::parse(options.gateway);
  if (!id)
    return fail(ToolErrc::bad_argument, options.gateway + ": a gateway's ID is 1 to 48 of A-Z a-z 0-9 -");
  SITEGATE_TRY(store, cloud::open_store(options.store, {.read_only = true}));
  SITEGATE_TRY(reading, store->begin_read());
  SITEGATE_TRY(gateway, reading->gateway(*id));
  if (!gateway)
    return fail(ToolErrc::not_there, "gateway " + options.gateway + ": see `sitegate inspect store`");
  SITEGATE_TRY(positions, reading->positions());
  std::vector<Verdict> verdicts;
  for (const auto& position : positions) {
    if (position.gateway != *id) continue;
    ChainWalk walk(gateway->public_key, position.epoch, *id);
    SITEGATE_TRY(broken, walk_store(*reading, position, walk));
    verdicts.push_back(verdict_of(options.gateway, position.epoch, walk, std::move(broken)));
  }
  if (verdicts.empty() && !options.json) std::cout << options.gateway << ": OK, nothing was received yet\n";
  return report(verdicts, options.json);
}

Result<int> verify_store(const StoreOptions& options) {
  SITEGATE_TRY(store, cloud::open_store(options.store, {.read_only = true}));
  SITEGATE_TRY(reading, store->begin_read());
  SITEGATE_TRY(kept, reading->rollups());
  Progress progress("recount");
  SITEGATE_TRY(counted, reading->recount([&](std::uint64_t records) {
    progress.show(records, 0, std::to_string(records) + " records");
  }));
  const json verdict{{"ok", kept == counted},
                     {"technicians_equal", kept.technicians == counted.technicians},
                     {"companies_equal", kept.companies == counted.companies},
                     {"sites_equal", kept.sites == counted.sites},
                     {"histories_equal", kept.histories == counted.histories}};
  if (options.json)
    print_json(verdict);
  else if (kept == counted)
    std::cout << options.store << ": OK, every counter is what its records say\n";
  else
    std::cout << options.store << ": counters and records differ: " << verdict.dump() << '\n';
  return kept == counted ? exit_done : exit_refused;
}

void add_outbox(CLI::App& verify, Action& chosen) {
  auto* command =
      verify.add_subcommand("outbox",
                            "Walks the chain of a gateway's outbox from the first batch that is kept: each "
                            "signature, each hash link, "
                            "sequences without gaps, and that it ends at the outbox's own head. Read-only.");
  auto options = add_command<OutboxOptions>(
      *command, "  sitegate verify outbox /var/lib/sitegate/edge/outbox --key public.pem", chosen,
      verify_outbox);
  command->add_option("DIR", options->folder, "the outbox's folder")->required();
  command->add_option("--key", options->key, "the gateway's Ed25519 public key")
      ->required()
      ->type_name("PUBLIC.pem");
  command->add_flag("--json", options->json, "machine-readable");
}

void add_gateway(CLI::App& verify, Action& chosen) {
  auto* command = verify.add_subcommand("gateway",
                                        "Walks the batches that the cloud keeps of a gateway, in each of its "
                                        "epochs, with the public key under which it is "
                                        "registered: the proof behind its work histories. Proven: each batch "
                                        "was signed by the gateway, names the hash of the one before, none "
                                        "is missing from the epoch's first sequence to the watermark, and "
                                        "the chain ends with the hash that the store names. Not proven: "
                                        "what the gateway has recorded beyond (`sitegate gaps`). Read-only.");
  auto options = add_command<GatewayOptions>(
      *command, "  sitegate verify gateway gate-north-1 --store lmdb:/var/lib/sitegate/store", chosen,
      verify_gateway);
  command->add_option("ID", options->gateway, "the gateway")->required();
  add_store_option(*command, options->store);
  command->add_flag("--json", options->json, "machine-readable");
}

void add_store(CLI::App& verify, Action& chosen) {
  auto* command =
      verify.add_subcommand("store",
                            "Counts every record anew and compares with the counters that reports are made "
                            "of. At national size this takes minutes. Read-only.");
  auto options = add_command<StoreOptions>(*command, "  sitegate verify store lmdb:/var/lib/sitegate/store",
                                           chosen, verify_store);
  command->add_option("URL", options->store, "the store")->required();
  command->add_flag("--json", options->json, "machine-readable");
}

}  // namespace

void add_verify(CLI::App& program, Action& chosen) {
  auto* verify = program.add_subcommand("verify",
                                        "Proves a gateway's chain of signed batches, or the store's "
                                        "counters. Exit code 3 if something is broken.");
  verify->require_subcommand(1);
  add_outbox(*verify, chosen);
  add_gateway(*verify, chosen);
  add_store(*verify, chosen);
  add_verify_delivery(*verify, chosen);
}

}  // namespace sitegate::tool
