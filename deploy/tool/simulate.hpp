// sitegate simulate: data that nobody lived through, for trying things out.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

/// `simulate nation`: a whole country's registry and work histories.
void add_simulate_nation(CLI::App& simulate, Action& chosen);
/// `simulate site`: a morning of card taps at one site.
void add_simulate_site(CLI::App& simulate, Action& chosen);
/// `simulate tag`: URLs of an NFC tag.
void add_simulate_tag(CLI::App& simulate, Action& chosen);
void add_simulate(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
