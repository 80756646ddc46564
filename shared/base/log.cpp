#include "shared/base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <array>

namespace sitegate::log {

void write(Level level, fmt::string_view format, fmt::format_args arguments) {
  constexpr std::array levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                              spdlog::level::err};
  const auto wanted = levels[static_cast<std::size_t>(level)];
  auto* logger = spdlog::default_logger_raw();
  if (logger->should_log(wanted)) logger->log(wanted, fmt::vformat(format, arguments));
}

void set_up(std::string_view program, std::string_view level) {
  auto logger = spdlog::stderr_color_mt(std::string(program));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %n %^%l%$ %v", spdlog::pattern_time_type::utc);
  auto wanted = spdlog::level::from_str(std::string(level));
  if (wanted == spdlog::level::off && level != "off") wanted = spdlog::level::info;
  logger->set_level(wanted);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace sitegate::log
