// sitegate token: makes a technician's phone known.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_token(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
