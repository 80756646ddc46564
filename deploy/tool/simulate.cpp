#include "deploy/tool/simulate.hpp"

namespace sitegate::tool {

void add_simulate(CLI::App& program, Action& chosen) {
  auto* simulate =
      program.add_subcommand("simulate", "Makes data that nobody lived through, for trying things out.");
  simulate->require_subcommand(1);
  add_simulate_nation(*simulate, chosen);
  add_simulate_site(*simulate, chosen);
  add_simulate_tag(*simulate, chosen);
}

}  // namespace sitegate::tool
