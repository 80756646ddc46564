// sitegate verify: proves that what is kept is what was signed, and that counters are what is kept.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

void add_verify(CLI::App& program, Action& chosen);
/// `verify delivery`: a gateway's outbox against the national record.
void add_verify_delivery(CLI::App& verify, Action& chosen);

}  // namespace sitegate::tool
