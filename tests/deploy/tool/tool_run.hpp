// One run of the `sitegate` program that was built beside the tests (SITEGATE_BIN).
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sitegate::tests {

struct ToolRun {
  int exit_code = -1;  ///< 128 + signal if it was killed
  std::string output;
  std::string errors;

  /// The output as JSON; a test fails if it is none.
  [[nodiscard]] nlohmann::json json() const;
  /// The output's last line as JSON.
  [[nodiscard]] nlohmann::json last_line() const;
};

ToolRun run_tool(const std::vector<std::string>& arguments);
/// The same, and the test fails unless it ends with this code.
ToolRun run_tool(int expected_exit_code, const std::vector<std::string>& arguments);

/// A file's bytes; empty if it is not there.
std::string content_of(const std::string& path);
void write_file(const std::string& path, const std::string& text);

}  // namespace sitegate::tests
