// sitegate provision: keys and certificates, and who may speak.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_provision(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
