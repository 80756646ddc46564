// sitegate: the command-line tool of both sides.
#include <cstdio>

#include "deploy/tool/calibrate.hpp"
#include "deploy/tool/gaps.hpp"
#include "deploy/tool/import.hpp"
#include "deploy/tool/inspect.hpp"
#include "deploy/tool/marker.hpp"
#include "deploy/tool/models.hpp"
#include "deploy/tool/muster.hpp"
#include "deploy/tool/provision.hpp"
#include "deploy/tool/qr.hpp"
#include "deploy/tool/quarantine.hpp"
#include "deploy/tool/report.hpp"
#include "deploy/tool/simulate.hpp"
#include "deploy/tool/token.hpp"
#include "deploy/tool/verify.hpp"
#include "shared/base/log.hpp"

int main(int count, char** arguments) {
  using namespace sitegate;
  log::set_up("sitegate", "warn");
  tool::Action chosen;
  CLI::App program(
      "SiteGate: look, import, report, muster, verify, gaps, quarantine, provision, token, qr, marker, simulate.",
      "sitegate");
  program.require_subcommand(1);
  program.footer(
      "Exit codes: 0 done; 1 could not be done (standard error says what, where and what to do);\n"
      "2 the command line was not understood; 3 done, and something is not right (rows refused, chain "
      "broken, …).\n"
      "`gaps` alone ends with 1 also when it lists something missing.\n"
      "Each subcommand has its own --help with an example.");
  tool::add_report(program, chosen);
  tool::add_import(program, chosen);
  tool::add_inspect(program, chosen);
  tool::add_verify(program, chosen);
  tool::add_gaps(program, chosen);
  tool::add_quarantine(program, chosen);
  tool::add_muster(program, chosen);
  tool::add_models(program, chosen);
  tool::add_calibrate(program, chosen);
  tool::add_provision(program, chosen);
  tool::add_token(program, chosen);
  tool::add_qr(program, chosen);
  tool::add_marker(program, chosen);
  tool::add_simulate(program, chosen);
  try {
    program.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? tool::exit_done : tool::exit_usage;
  }
  const auto outcome = chosen();
  if (outcome) return outcome.value();
  std::fprintf(stderr, "sitegate: %s\n", outcome.error().text().c_str());
  return tool::exit_failed;
}
