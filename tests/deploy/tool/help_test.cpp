// The help teaches, and a command line that is not understood says so.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/deploy/tool/tool_run.hpp"

namespace sitegate::tests {

const char* const commands[] = {"report",
                                "import",
                                "inspect outbox",
                                "inspect store",
                                "inspect message",
                                "verify outbox",
                                "verify gateway",
                                "verify store",
                                "simulate nation",
                                "simulate site",
                                "provision authority",
                                "provision gateway",
                                "provision revoke",
                                "token",
                                "simulate tag",
                                "muster",
                                "gaps",
                                "provision clerk",
                                "qr",
                                "marker",
                                "models list",
                                "models verify",
                                "models install",
                                "calibrate faces"};

std::vector<std::string> words_of(const std::string& command) {
  const auto space = command.find(' ');
  if (space == std::string::npos) return {command};
  return {command.substr(0, space), command.substr(space + 1)};
}

BOOST_DATA_TEST_CASE(every_command_has_a_help_with_an_example, boost::unit_test::data::make(commands)) {
  auto arguments = words_of(sample);
  arguments.emplace_back("--help");
  const auto run = run_tool(0, arguments);
  BOOST_TEST(run.output.find("Example:") != std::string::npos);
  BOOST_TEST(run.output.find(std::string("sitegate ") + sample) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_program_names_its_commands_and_exit_codes) {
  const auto run = run_tool(0, {"--help"});
  for (const char* word : {"report", "import", "inspect", "verify", "simulate", "provision", "Exit codes"})
    BOOST_TEST(run.output.find(word) != std::string::npos, word);
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_ends_with_2) {
  run_tool(2, {});
  run_tool(2, {"reprot"});
  run_tool(2, {"report"});
  run_tool(2, {"report", "--month", "2023-07", "--store", "lmdb:x", "--format", "pdf"});
  run_tool(2, {"inspect"});
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_ends_with_1_and_says_why) {
  const auto run = run_tool(1, {"report", "--month", "2023-7x", "--store", "lmdb:/nowhere"});
  BOOST_TEST(run.errors.find("2023-07") != std::string::npos, run.errors);
  BOOST_TEST(run.output.empty());
  const auto absent = run_tool(1, {"report", "--month", "2023-07", "--store", "lmdb:/nowhere/at/all"});
  BOOST_TEST(absent.errors.find("/nowhere/at/all") != std::string::npos, absent.errors);
}

}  // namespace sitegate::tests
