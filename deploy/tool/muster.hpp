// sitegate muster: who is on site now.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_muster(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
