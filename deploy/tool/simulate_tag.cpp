#include <fmt/format.h>

#include <iostream>

#include "deploy/tool/simulate.hpp"
#include "devices/tag/tag_table.hpp"
#include "devices/tag/virtual_tag.hpp"

namespace sitegate::tool {
namespace {

struct Options {
  std::string table;
  std::string uid;
  std::string gate;
  std::uint32_t counter = 0;
  std::uint32_t taps = 1;
};

Result<int> run(const Options& options) {
  SITEGATE_TRY(table, devices::tag::TagTable::load(options.table));
  const auto uid = devices::tag::parse_uid(options.uid);
  const auto* tag = uid ? table.find(*uid) : nullptr;
  if (tag == nullptr) return fail(ToolErrc::not_there, "--uid " + options.uid + ": not in " + options.table);
  if (options.counter + options.taps > devices::tag::counter_max)
    return fail(ToolErrc::bad_argument, "--counter: a tag counts to 16777215");
  devices::tag::VirtualTag chip({tag->uid, tag->meta_read_key, tag->file_read_key, tag->file_data},
                                options.counter);
  for (std::uint32_t i = 0; i < options.taps; ++i) std::cout << options.gate << "/t?" << chip.tap() << '\n';
  return exit_done;
}

}  // namespace

void add_simulate_tag(CLI::App& simulate, Action& chosen) {
  auto* command = simulate.add_subcommand(
      "tag",
      "What an NFC tag of the table would put into its URL at the next taps: for trying a gateway without "
      "the tag. The gateway takes each once, and none after one with a higher counter.");
  auto options = add_command<Options>(
      *command,
      "  sitegate simulate tag --table tags.toml --uid 04DE5F1EACC040 --gate http://127.0.0.1:8090 "
      "--counter 41",
      chosen, run);
  command->add_option("--table", options->table, "the tag table; its key file must be readable")
      ->required()
      ->type_name("FILE");
  command->add_option("--uid", options->uid, "the tag: 14 hexadecimal digits")->required();
  command->add_option("--gate", options->gate, "the gateway's address, put in front")->type_name("URL");
  command->add_option("--counter", options->counter, "how often the tag was read before")
      ->check(CLI::Range(0u, devices::tag::counter_max))
      ->capture_default_str();
  command->add_option("--taps", options->taps, "how many")
      ->check(CLI::Range(1u, 10'000u))
      ->capture_default_str();
}

}  // namespace sitegate::tool
