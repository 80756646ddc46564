// One log for every program: a line on standard error, time in UTC. Values stand in the text as key=value.
// The formatting is compiled once, in log.cpp: every file of the project writes log lines.
#pragma once
#include <fmt/core.h>

#include <cstdint>
#include <string_view>

namespace sitegate::log {

enum class Level : std::uint8_t { debug, info, warn, error };

/// Safe from any thread.
void write(Level level, fmt::string_view format, fmt::format_args arguments);

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::debug, format, fmt::make_format_args(args...));
}
template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::info, format, fmt::make_format_args(args...));
}
template <typename... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::warn, format, fmt::make_format_args(args...));
}
template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::error, format, fmt::make_format_args(args...));
}

/// level: trace, debug, info, warn, error, off. An unknown word means info. Call once, before the first
/// thread.
void set_up(std::string_view program, std::string_view level);

}  // namespace sitegate::log
