#include "deploy/tool/report.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cloud/report/report.hpp"
#include "cloud/statistics/operating_status.hpp"
#include "deploy/tool/progress.hpp"
#include "shared/base/clock.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

struct Options {
  std::string month;
  std::string store;
  std::string format = "text";
  std::string language = "ja";
  std::string entered;
  std::string output;
  bool check = false;
};

/// What is wrong with the numbers; empty if nothing is.
Result<std::vector<std::string>> violations_of(const cloud::ReadTransaction& store,
                                               const cloud::Rollups& rollups,
                                               const cloud::OperatingStatus& status) {
  auto violations = cloud::identity_violations(status);
  Progress progress("recount");
  SITEGATE_TRY(counted, store.recount([&](std::uint64_t records) {
    progress.show(records, 0, std::to_string(records) + " records");
  }));
  if (counted != rollups)
    violations.emplace_back("the counters differ from the records: `sitegate verify store` says where");
  return violations;
}

int print_violations(const std::vector<std::string>& violations, bool as_json) {
  if (as_json) print_json({{"ok", violations.empty()}, {"violations", violations}});
  for (const auto& violation : violations)
    if (!as_json) std::cout << violation << '\n';
  if (!as_json && violations.empty())
    std::cout << "OK: every identity holds and every counter is what its records say\n";
  return violations.empty() ? exit_done : exit_refused;
}

Result<cloud::EnteredFigures> entered_figures(const std::string& file) {
  if (file.empty()) return cloud::EnteredFigures{};
  return cloud::read_entered_figures(file);
}

Result<int> run(const Options& options) {
  const auto month = parse_month(options.month);
  if (!month) return fail(ToolErrc::bad_argument, "--month " + options.month + ": write it like 2023-07");
  SITEGATE_TRY(store, cloud::open_store(options.store, {.read_only = true}));
  SITEGATE_TRY(reading, store->begin_read());
  SITEGATE_TRY(rollups, reading->rollups());
  const auto status = cloud::operating_status(rollups, *month);
  if (options.check) {
    SITEGATE_TRY(violations, violations_of(*reading, rollups, status));
    return print_violations(violations, options.format == "json");
  }
  SITEGATE_TRY(entered, entered_figures(options.entered));
  SITEGATE_TRYV(write_output(options.output,
                             cloud::render(status, entered, *cloud::parse_format(options.format),
                                           *cloud::parse_language(options.language), SystemClock().now())));
  return exit_done;
}

}  // namespace

void add_report(CLI::App& program, Action& chosen) {
  auto* command =
      program.add_subcommand("report",
                             "The operating status of a month (建設キャリアアップシステムの運営状況): "
                             "registrations, use, prefectures and the monthly "
                             "series, from the store's counters. html is one self-contained page to print; "
                             "csv and json are for programs. "
                             "Figures that no record holds (support offices, advisers) come from --entered "
                             "and are marked as entered. --check "
                             "writes no report: it proves the report's identities and counts all records "
                             "anew (exit code 3 if anything differs).");
  auto options = add_command<Options>(*command,
                                      "  sitegate report --month 2023-07 --store "
                                      "lmdb:/var/lib/sitegate/store --format html --output 2023-07.html",
                                      chosen, run);
  command->add_option("--month", options->month, "the month")->required()->type_name("YYYY-MM");
  add_store_option(*command, options->store);
  command->add_option("--format", options->format, "html, csv, json or text")
      ->check(CLI::IsMember({"html", "csv", "json", "text"}))
      ->capture_default_str();
  command->add_option("--language", options->language, "ja or en")
      ->check(CLI::IsMember({"ja", "en"}))
      ->capture_default_str();
  command->add_option("--entered", options->entered, "figures entered by hand, TOML")->type_name("FILE");
  command->add_option("--output", options->output, "where to write; default: standard output")
      ->type_name("FILE");
  command->add_flag("--check", options->check, "prove the numbers instead");
}

}  // namespace sitegate::tool
