// sitegate gaps: the missing-record report.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_gaps(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
