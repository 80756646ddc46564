#include "deploy/tool/gaps.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cloud/gaps/gap_report.hpp"
#include "shared/base/clock.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

/// Of this command: something is missing. It is the code of a failure, too, which prints nothing to standard
/// output.
constexpr int exit_gaps = 1;

struct Options {
  std::string store;
  std::string gateway;
  std::uint64_t silent_hours = 24;
  bool json = false;
};

json place_of(const GatewayId& gateway, SiteId site) {
  return {{"gateway", gateway.text()}, {"site", site ? json(site.text()) : json()}};
}

json to_json(const cloud::Gap& gap) {
  json one = place_of(gap.gateway, gap.site);
  one["epoch"] = gap.epoch;
  one["first_sequence"] = gap.first;
  one["through"] = gap.through;
  one["passages"] = gap.through - gap.first + 1;
  one["since"] = to_text(gap.since);
  one["reason"] = cloud::gap_reason_word(gap.reason);
  one["epoch_ended"] = gap.epoch_ended ? json(to_text(*gap.epoch_ended)) : json();
  return one;
}

json to_json(const cloud::CompleteThrough& complete) {
  json one = place_of(complete.gateway, complete.site);
  one["epoch"] = complete.epoch;
  one["through"] = complete.through;
  one["as_of"] = to_text(complete.as_of);
  return one;
}

json to_json(const cloud::IdentityConflict& conflict) {
  json one = place_of(conflict.gateway, conflict.site);
  one["epoch"] = conflict.epoch;
  one["times"] = conflict.times;
  one["first"] = to_text(conflict.first);
  one["last"] = to_text(conflict.last);
  one["detail"] = conflict.detail;
  one["two_gateways"] = conflict.two_gateways();
  one["epochs_heard_since"] = conflict.heard_since;
  return one;
}

json to_json(const cloud::QuietGateway& quiet) {
  json one = place_of(quiet.gateway, quiet.site);
  one["last_heard"] = quiet.last_heard ? json(to_text(*quiet.last_heard)) : json();
  return one;
}

template <typename Entry>
json list_of(const std::vector<Entry>& entries) {
  json list = json::array();
  for (const auto& entry : entries) list.push_back(to_json(entry));
  return list;
}

json to_json(const cloud::GapReport& report) {
  return {{"as_of", to_text(report.as_of)},
          {"complete", report.nothing_missing()},
          {"gaps", list_of(report.gaps)},
          {"complete_through", list_of(report.complete)},
          {"identity_conflicts", list_of(report.conflicts)},
          {"silent", list_of(report.quiet)},
          {"quarantined", report.quarantined},
          {"given_up", report.given_up}};
}

void print(const cloud::Gap& gap) {
  std::cout << "  " << gap.gateway.text() << " (site " << gap.site.text() << ") epoch " << gap.epoch
            << ": sequences " << gap.first << " to " << gap.through << ", " << gap.through - gap.first + 1
            << " passages, since " << to_text(gap.since) << ", " << cloud::gap_reason_word(gap.reason);
  if (gap.epoch_ended)
    std::cout << "; the gateway began another epoch at " << to_text(*gap.epoch_ended)
              << ": look at its old disk";
  std::cout << '\n';
}

void print(const cloud::IdentityConflict& conflict) {
  std::cout << "  " << conflict.gateway.text() << " (site " << conflict.site.text() << ") epoch "
            << conflict.epoch << ": "
            << (conflict.two_gateways() ? "two gateways with one identity"
                                        : "two gateways with one identity, or one that was put back from an "
                                          "old copy of its disk")
            << ", " << conflict.times << " batches from " << to_text(conflict.first) << " to "
            << to_text(conflict.last) << ", last: " << conflict.detail << '\n';
}

void print(const cloud::GapReport& report) {
  std::cout << "missing records, as of " << to_text(report.as_of) << ":"
            << (report.gaps.empty() ? " none\n" : "\n");
  for (const auto& gap : report.gaps) print(gap);
  std::cout << "complete:" << (report.complete.empty() ? " nothing was received yet\n" : "\n");
  for (const auto& one : report.complete)
    std::cout << "  " << one.gateway.text() << " (site " << one.site.text() << ") epoch " << one.epoch
              << ": complete through sequence " << one.through << ", last heard " << to_text(one.as_of)
              << '\n';
  if (!report.conflicts.empty()) std::cout << "identity conflicts:\n";
  for (const auto& conflict : report.conflicts) print(conflict);
  if (!report.quiet.empty()) std::cout << "silent (what they have recorded since is not known):\n";
  for (const auto& one : report.quiet)
    std::cout << "  " << one.gateway.text() << " (site " << one.site.text()
              << "): " << (one.last_heard ? "last heard " + to_text(*one.last_heard) : "never heard of")
              << '\n';
  if (report.quarantined > 0)
    std::cout << "quarantine: " << report.quarantined
              << " entries arrived and do not count: `sitegate quarantine list`\n";
  if (report.given_up > 0)
    std::cout << "written off by an operator: " << report.given_up
              << " passages that a gateway's disk had lost: `sitegate quarantine list --all`\n";
}

template <typename Entry>
void keep_only(std::vector<Entry>& entries, const GatewayId& gateway) {
  std::erase_if(entries, [&](const Entry& entry) { return entry.gateway != gateway; });
}

Result<void> choose(const std::string& gateway, cloud::GapReport& report) {
  if (gateway.empty()) return success();
  const auto id = GatewayId::parse(gateway);
  if (!id)
    return fail(ToolErrc::bad_argument, "--gateway " + gateway + ": an ID is 1 to 48 of A-Z a-z 0-9 -");
  keep_only(report.gaps, *id);
  keep_only(report.complete, *id);
  keep_only(report.conflicts, *id);
  keep_only(report.quiet, *id);
  return success();
}

Result<int> run(const Options& options) {
  SITEGATE_TRY(store, cloud::open_store(options.store, {.read_only = true}));
  SITEGATE_TRY(reading, store->begin_read());
  SITEGATE_TRY(report,
               cloud::gap_report(*reading, SystemClock().now(), std::chrono::hours(options.silent_hours)));
  SITEGATE_TRYV(choose(options.gateway, report));
  if (options.json)
    print_json(to_json(report));
  else
    print(report);
  return report.nothing_missing() ? exit_done : exit_gaps;
}

}  // namespace

void add_gaps(CLI::App& program, Action& chosen) {
  auto* command = program.add_subcommand(
      "gaps",
      "The missing-record report: passages that a gateway has recorded and the cloud does not have. For "
      "each: "
      "gateway, site, epoch, range of sequences, since when it is known, and how "
      "(not_yet_sent: the gateway said so; behind_a_gap: a batch behind it came; promised_and_absent: the "
      "gateway holds a receipt, so this store came back from a backup; lost_at_gateway: the gateway's disk "
      "could not give it back). None means: proven complete up to what each gateway had recorded when it was "
      "last heard; that time stands beside each. Listed apart: gateways that were never heard of or are "
      "silent, and contradicting batches under one identity (a cloned disk, or an old copy of it put back). "
      "Exit code 0: nothing is missing; 1: something is (or, with nothing on standard output, the store "
      "cannot be read: standard error says why). Read-only.");
  auto options = add_command<Options>(
      *command, "  sitegate gaps --store lmdb:/var/lib/sitegate/store --silent-hours 12", chosen, run);
  add_store_option(*command, options->store);
  command->add_option("--gateway", options->gateway, "only this one")->type_name("ID");
  command
      ->add_option("--silent-hours", options->silent_hours,
                   "a gateway is silent that was not heard for so long")
      ->check(CLI::Range(1, 24 * 366))
      ->capture_default_str();
  command->add_flag("--json", options->json, "machine-readable");
}

}  // namespace sitegate::tool
