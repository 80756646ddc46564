// sitegate provision: keys and certificates, and who may speak.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

/// `provision clerk`: who may type at a gateway.
void add_provision_clerk(CLI::App& provision, Action& chosen);

void add_provision(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
