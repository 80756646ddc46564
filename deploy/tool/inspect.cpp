#include "deploy/tool/inspect.hpp"

namespace sitegate::tool {

void add_inspect(CLI::App& program, Action& chosen) {
  auto* inspect =
      program.add_subcommand("inspect", "Looks into an outbox, a store or a message, and changes nothing.");
  inspect->require_subcommand(1);
  add_inspect_outbox(*inspect, chosen);
  add_inspect_store(*inspect, chosen);
  add_inspect_message(*inspect, chosen);
}

}  // namespace sitegate::tool
