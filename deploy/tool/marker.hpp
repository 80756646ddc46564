// `sitegate marker`: sheets of markers for helmets and cards.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_marker(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
