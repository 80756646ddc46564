#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "deploy/tool/simulate.hpp"
#include "deploy/tool/site_world.hpp"
#include "devices/card/virtual_card.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/retry_delay.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

struct Options {
  std::string world;
  SiteWorldSettings make;
  std::string as_of;
  std::vector<std::string> slots;
  std::size_t taps = 0;
  int hold_ms = 3'000;
  int pause_ms = 700;
  std::string output;
  bool json = false;
};

struct Slot {
  std::string host;
  std::uint16_t port = 0;
};

Result<Slot> parse_slot(const std::string& text) {
  const auto colon = text.rfind(':');
  Slot slot;
  if (colon != std::string::npos && colon > 0) {
    slot.host = text.substr(0, colon);
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, slot.port);
    if (error == std::errc() && rest == end && slot.port != 0) return slot;
  }
  return fail(ToolErrc::bad_argument,
              "--slots " + text + ": host:port is expected, the port of a virtual reader");
}

struct PlannedTap {
  const WorldCard* card = nullptr;
  bool entry = true;
};

/// Everybody comes in, then everybody leaves, each in an order of chance; again from the start if more taps
/// are wanted.
std::vector<PlannedTap> plan_taps(const SiteWorld& world, std::size_t taps, Random& random) {
  std::vector<PlannedTap> plan;
  std::vector<const WorldCard*> order;
  for (const auto& card : world.cards) order.push_back(&card);
  for (bool entry = true; plan.size() < taps; entry = !entry) {
    std::shuffle(order.begin(), order.end(), random);
    for (const auto* card : order)
      if (plan.size() < taps) plan.push_back({card, entry});
  }
  return plan;
}

/// The card lies in the slot until it is read, at most `hold`; then the slot stays empty for `pause`, so that
/// the reader sees it go.
Result<bool> tap(const PlannedTap& planned, const Slot& slot, const Options& options) {
  using devices::card::InsertedCard;
  using devices::card::VirtualCard;
  bool read = false;
  {
    SITEGATE_TRY(inserted,
                 InsertedCard::insert(VirtualCard(planned.card->card.technology, planned.card->card.uid),
                                      slot.host, slot.port));
    read = inserted->was_asked(std::chrono::milliseconds(options.hold_ms));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(options.pause_ms));
  return read;
}

json to_json(std::size_t number, const PlannedTap& planned, bool read) {
  return {{"tap", number},
          {"direction", planned.entry ? "entry" : "exit"},
          {"role", planned.card->role},
          {"technician", planned.card->technician},
          {"uid", to_hex(planned.card->card.uid)},
          {"read", read}};
}

Result<json> tap_all(const std::vector<PlannedTap>& plan, const std::vector<Slot>& slots,
                     const Options& options) {
  json done = json::array();
  for (const auto& planned : plan) {
    SITEGATE_TRY(read, tap(planned, planned.entry ? slots.front() : slots.back(), options));
    done.push_back(to_json(done.size() + 1, planned, read));
    if (options.json)
      print_json_line(done.back());
    else
      fmt::print("{:4} {:5} {:20} {}{}\n", done.size(), planned.entry ? "entry" : "exit", planned.card->role,
                 planned.card->technician.empty() ? "-" : planned.card->technician, read ? "" : "  NOT READ");
    std::cout.flush();
  }
  return done;
}

json summary_of(const json& done) {
  std::set<std::string> cards;
  std::size_t read = 0;
  for (const auto& one : done) {
    cards.insert(one["uid"].get<std::string>());
    read += one["read"].get<bool>() ? 1 : 0;
  }
  return {{"taps", done.size()}, {"cards", cards.size()}, {"read", read}};
}

Result<SiteWorld> world_of(const Options& options) {
  if (std::filesystem::exists(std::filesystem::path(options.world) / "world.json"))
    return load_site_world(options.world);
  SiteWorldSettings settings = options.make;
  const auto today = options.as_of.empty() ? work_date_of(SystemClock().now(), std::chrono::minutes{540},
                                                          std::chrono::minutes{240})
                                           : parse_date(options.as_of).value_or(Date{});
  if (today == Date{})
    return fail(ToolErrc::bad_argument, "--as-of " + options.as_of + ": write it like 2023-07-31");
  settings.today = today;
  return make_site_world(options.world, settings);
}

Result<int> run(const Options& options) {
  SITEGATE_TRY(world, world_of(options));
  std::vector<Slot> slots;
  for (const auto& text : options.slots) {
    SITEGATE_TRY(slot, parse_slot(text));
    slots.push_back(slot);
  }
  if (options.taps > 0 && slots.empty())
    return fail(ToolErrc::bad_argument, "--taps needs --slots: where the virtual readers wait");
  Random random(options.make.seed);
  const auto plan = plan_taps(world, options.taps, random);
  SITEGATE_TRY(done, tap_all(plan, slots, options));
  if (!options.output.empty()) {
    SITEGATE_TRYV(write_output(options.output, done.dump(2) + "\n"));
  }
  const json summary =
      options.taps > 0 ? summary_of(done) : json{{"site", world.site}, {"cards", world.cards.size()}};
  print_json_line(summary);
  return options.taps > 0 && summary["read"] != summary["taps"] ? exit_refused : exit_done;
}

}  // namespace

void add_simulate_site(CLI::App& simulate, Action& chosen) {
  auto* command = simulate.add_subcommand(
      "site",
      "A morning at one gate. Without --taps: makes a little world in --world (a site, its companies, "
      "technicians and "
      "cards, among them unknown ones, an expired one and one whose roster entry has ended) as CSV files for "
      "`sitegate "
      "import`. With --taps: lays those cards one after another into virtual readers of a real pcscd "
      "(deploy/virtual-readers), entries into the first slot, exits into the last. The last line is JSON; "
      "exit code 3 if "
      "a card was not read.");
  auto options = add_command<Options>(*command,
                                      "  sitegate simulate site --world world --technicians 30 --seed 7\n"
                                      "  sitegate simulate site --world world --taps 60 --slots "
                                      "127.0.0.1:35963,127.0.0.1:35964",
                                      chosen, run);
  command->add_option("--world", options->world, "its folder")->required()->type_name("DIR");
  command->add_option("--seed", options->make.seed, "the same seed makes the same world and order")
      ->capture_default_str();
  command->add_option("--technicians", options->make.technicians, "technicians who are admitted")
      ->capture_default_str();
  command->add_option("--unknown", options->make.unknown_cards, "cards of nobody")->capture_default_str();
  command->add_option("--expired", options->make.expired_cards, "cards that ended yesterday")
      ->capture_default_str();
  command
      ->add_option("--not-on-roster", options->make.not_on_roster,
                   "technicians whose roster entry ended yesterday")
      ->capture_default_str();
  command->add_option("--as-of", options->as_of, "today, at the site; default: the clock's date in Japan")
      ->type_name("DATE");
  command->add_option("--taps", options->taps, "how many; 0: only make the world")->capture_default_str();
  command->add_option("--slots", options->slots, "ports of the virtual readers")
      ->delimiter(',')
      ->type_name("HOST:PORT");
  command->add_option("--hold-ms", options->hold_ms, "a card lies at most this long")->capture_default_str();
  command->add_option("--pause-ms", options->pause_ms, "between two cards")->capture_default_str();
  command->add_option("--output", options->output, "what was done, as JSON")->type_name("FILE");
  command->add_flag("--json", options->json, "a line of JSON for each tap");
}

}  // namespace sitegate::tool
