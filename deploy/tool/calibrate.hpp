// sitegate calibrate: thresholds from a site's own pictures.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_calibrate(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
