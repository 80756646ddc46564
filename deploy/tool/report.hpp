// sitegate report: the monthly operating status.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_report(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
