// sitegate models: which model packs are known and installed, whether they are whole, and putting one in
// place.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_models(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
