// sitegate inspect: looks, and changes nothing.
#pragma once
#include "deploy/tool/command.hpp"

namespace sitegate::tool {

/// `inspect message`: what bytes say, and exactly why they are not acceptable.
void add_inspect_message(CLI::App& inspect, Action& chosen);
/// `inspect outbox`: a gateway's outbox, also beside the running gateway.
void add_inspect_outbox(CLI::App& inspect, Action& chosen);
/// `inspect store`: how far each gateway has come, what was refused, what is counted.
void add_inspect_store(CLI::App& inspect, Action& chosen);

void add_inspect(CLI::App& program, Action& chosen);

}  // namespace sitegate::tool
