// `sitegate qr`: technicians' codes, signed with the cloud's key.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_qr(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
