// sitegate import: registry data from CSV files.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_import(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
