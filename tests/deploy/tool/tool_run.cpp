#include "tests/deploy/tool/tool_run.hpp"

#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {
namespace {

std::string quoted(const std::string& argument) {
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

nlohmann::json parsed(const std::string& text) {
  auto json = nlohmann::json::parse(text, nullptr, false);
  BOOST_REQUIRE_MESSAGE(!json.is_discarded(), "not JSON: " << text);
  return json;
}

}  // namespace

nlohmann::json ToolRun::json() const {
  return parsed(output);
}

nlohmann::json ToolRun::last_line() const {
  const auto end = output.find_last_not_of('\n');
  const auto start = output.rfind('\n', end);
  return parsed(output.substr(start == std::string::npos ? 0 : start + 1, end - start));
}

ToolRun run_tool(const std::vector<std::string>& arguments) {
  const char* folder = std::getenv("SITEGATE_BIN");
  BOOST_REQUIRE_MESSAGE(folder != nullptr, "SITEGATE_BIN names the folder of the built programs");
  const TemporaryFolder temporary;
  std::string command = quoted(std::string(folder) + "/sitegate");
  for (const auto& argument : arguments) command += " " + quoted(argument);
  command += " >" + quoted(temporary / "out") + " 2>" + quoted(temporary / "err") + " </dev/null";
  const int status = std::system(command.c_str());
  ToolRun run;
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run.output = content_of(temporary / "out");
  run.errors = content_of(temporary / "err");
  return run;
}

ToolRun run_tool(int expected_exit_code, const std::vector<std::string>& arguments) {
  auto run = run_tool(arguments);
  BOOST_REQUIRE_MESSAGE(run.exit_code == expected_exit_code, "exit code " << run.exit_code << "\n"
                                                                          << run.output << run.errors);
  return run;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  BOOST_REQUIRE(file.flush());
}

}  // namespace sitegate::tests
