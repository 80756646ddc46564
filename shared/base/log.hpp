// One log for every program: a line on standard error, time in UTC. Values stand in the text as key=value.
#pragma once
#include <spdlog/spdlog.h>

#include <string_view>

namespace sitegate::log {

using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::warn;

/// level: trace, debug, info, warn, error, off. An unknown word means info. Call once, before the first
/// thread.
void set_up(std::string_view program, std::string_view level);

}  // namespace sitegate::log
