// sitegate quarantine: what arrived and does not count, and the operator's decision on it.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_quarantine(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
