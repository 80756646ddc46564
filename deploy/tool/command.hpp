// What the subcommands of `sitegate` have in common: how they are added, how they end, what they print.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "shared/base/error.hpp"

namespace sitegate::tool {

/// Exit codes of the program; also in its --help.
inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;   ///< could not do it; standard error says what, where, what to do
inline constexpr int exit_usage = 2;    ///< the command line cannot be understood
inline constexpr int exit_refused = 3;  ///< done, and something is not right: rows refused, chain broken, …

/// What the chosen subcommand will do; an error becomes exit_failed.
using Action = std::function<Result<int>()>;

/// A subcommand with a paragraph of description and examples in its footer. When it is chosen, `chosen` is
/// set to run(options).
template <typename Options>
std::shared_ptr<Options> add_command(CLI::App& command, const std::string& examples, Action& chosen,
                                     Result<int> (*run)(const Options&)) {
  auto options = std::make_shared<Options>();
  command.footer("Example:\n" + examples);
  command.callback([options, &chosen, run] { chosen = [options, run] { return run(*options); }; });
  return options;
}

/// --store URL, required.
void add_store_option(CLI::App& command, std::string& store);

/// Two spaces of indent, to standard output.
void print_json(const nlohmann::json& value);
/// JSON on one line, to standard output.
void print_json_line(const nlohmann::json& value);
/// A whole file; larger than `size_max` is an error.
Result<std::string> read_file(const std::string& path, std::size_t size_max);
/// A new or replaced file, or standard output for "-" and "".
Result<void> write_output(const std::string& path, const std::string& text);

enum class ToolErrc {
  unreadable = 1,
  cannot_write,
  bad_argument,
  already_there,
  not_there,
};
const char* errc_category(ToolErrc);
std::string_view errc_text(ToolErrc);

}  // namespace sitegate::tool
