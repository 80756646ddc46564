#include "deploy/tool/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "cloud/registry/import.hpp"
#include "cloud/touches/touch_import.hpp"
#include "deploy/tool/progress.hpp"
#include "shared/base/clock.hpp"
#include "shared/csv/csv_table.hpp"
#include "shared/touches/reader_time.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

struct Options {
  std::string kind;
  std::string file;
  std::string store;
  std::string encoding = "detect";
  std::string rejects;
  std::string site;
  std::string deployment;
  std::string reader_clock_now;
  int utc_offset_minutes = 540;
  bool take_over = false;
  bool example = false;
  bool json = false;
};

/// Every bad row as it comes: to standard error, and as CSV where --rejects asks for it.
class BadRows {
 public:
  explicit BadRows(std::string file) : file_(std::move(file)) {}
  void add(std::uint64_t line, const std::string& column, const std::string& reason) {
    fmt::print(stderr, "{}:{}: {}{}\n", file_, line, column.empty() ? "" : column + ": ", reason);
    rejects_ += fmt::format("{},{},{}\n", line, quoted_cell(column), quoted_cell(reason));
  }
  [[nodiscard]] Result<void> write_to(const std::string& path) const {
    return path.empty() ? Result<void>(success()) : write_output(path, rejects_);
  }

 private:
  const std::string file_;
  std::string rejects_ = "line,column,reason\n";
};

json to_json(const cloud::ImportResult& result) {
  json bad = json::array();
  for (const auto& row : result.bad_rows)
    bad.push_back({{"line", row.line}, {"column", row.column}, {"reason", row.reason}});
  return {{"rows", result.rows},
          {"imported", result.imported},
          {"unchanged", result.unchanged},
          {"refused", result.refused},
          {"bad_rows", bad},
          {"ignored_columns", result.ignored_columns},
          {"encoding", to_text(result.encoding)}};
}

void print(const cloud::ImportResult& result) {
  for (const auto& column : result.ignored_columns) std::cout << "column ignored: " << column << '\n';
  std::cout << fmt::format("{} rows: {} imported, {} unchanged, {} refused\n", result.rows, result.imported,
                           result.unchanged, result.refused);
}

TextEncoding encoding_of(const std::string& word) {
  if (word == "utf8") return TextEncoding::utf8;
  return word == "cp932" ? TextEncoding::cp932 : TextEncoding::detect;
}

Result<int> import_into_store(const Options& options, cloud::ImportKind kind) {
  SITEGATE_TRY(store, cloud::open_store(options.store));
  BadRows bad_rows(options.file);
  cloud::ImportOptions how;
  how.encoding = encoding_of(options.encoding);
  how.structure_owner = options.take_over ? cloud::StructureOwner::take_over : cloud::StructureOwner::keep;
  how.on_bad_row = [&](const cloud::BadRow& row) { bad_rows.add(row.line, row.column, row.reason); };
  Progress progress(options.kind);
  how.on_progress = [&](const cloud::ImportProgress& so_far) {
    progress.show(so_far.bytes_done, so_far.bytes_total,
                  fmt::format("{} rows, {} refused", so_far.rows_good + so_far.rows_bad, so_far.rows_bad));
  };
  SITEGATE_TRY(result, cloud::import_file(*store, kind, options.file, how));
  SITEGATE_TRYV(bad_rows.write_to(options.rejects));
  if (options.json)
    print_json(to_json(result));
  else
    print(result);
  return result.refused == 0 ? exit_done : exit_refused;
}

// ---- touches of logging readers ----

constexpr std::string_view touches_word = "touches";

/// The reader's clock, read at this moment by whoever types the command.
Result<std::vector<touches::ClockMeasurement>> measured_now(const Options& options,
                                                            const touches::TouchFile& file, UtcTime now) {
  if (options.reader_clock_now.empty()) return std::vector<touches::ClockMeasurement>{};
  const auto reader =
      touches::parse_reader_time(options.reader_clock_now, std::chrono::minutes(options.utc_offset_minutes));
  if (!reader)
    return fail(ToolErrc::bad_argument,
                options.reader_clock_now + ": is no time like \"2023-07-31 18:00:05\"");
  std::set<std::string> readers;
  for (const auto& touch : file.touches) readers.insert(touch.reader_id);
  if (readers.size() > 1)
    return fail(ToolErrc::bad_argument, "--reader-clock-now is for the file of one reader; this one has " +
                                            std::to_string(readers.size()) + ": write #clock rows into it");
  std::vector<touches::ClockMeasurement> measured;
  for (const auto& reader_id : readers) measured.push_back({reader_id, *reader, now, false});
  return measured;
}

json to_json(const std::vector<touches::BadTouch>& rows) {
  json made = json::array();
  for (const auto& row : rows)
    made.push_back({{"line", row.line}, {"column", row.column}, {"reason", row.reason}});
  return made;
}

json to_json(const touches::ClockSummary& clock) {
  return {{"reader", clock.reader_id},
          {"offset_ms", clock.offset.count()},
          {"drift_s_per_day", clock.drift_s_per_day ? json(*clock.drift_s_per_day) : json()},
          {"measurements", clock.measurements},
          {"set_in_between", clock.set_in_between}};
}

json to_json(const cloud::TouchImportResult& result) {
  const auto& report = result.report;
  json clocks = json::array();
  for (const auto& clock : report.clocks) clocks.push_back(to_json(clock));
  return {{"rows", report.rows},
          {"taken", report.taken},
          {"refused", report.bad.size()},
          {"histories",
           {{"added", result.counts.added},
            {"changed", result.counts.changed},
            {"unchanged", result.counts.unchanged}}},
          {"without_history", to_json(report.remarks)},
          {"bad_rows", to_json(report.bad)},
          {"clocks", clocks},
          {"clocks_not_measured", report.unmeasured},
          {"ignored_columns", report.ignored_columns}};
}

Result<cloud::TouchImportOptions> touch_options(const Options& options, const touches::TouchFile& file) {
  cloud::TouchImportOptions how;
  how.now = SystemClock().now();
  how.utc_offset = std::chrono::minutes(options.utc_offset_minutes);
  if (!options.site.empty()) {
    how.site = SiteId::parse(options.site);
    if (!how.site) return fail(ToolErrc::bad_argument, "--site " + options.site + ": 14 digits are expected");
  }
  SITEGATE_TRY(measured, measured_now(options, file, how.now));
  how.measurements = std::move(measured);
  return how;
}

Result<int> import_touches(const Options& options) {
  if (options.site.empty() == options.deployment.empty())
    return fail(
        ToolErrc::bad_argument,
        "touches need either --site (all of them were there) or --deployment (where which reader stood)");
  SITEGATE_TRY(file, touches::load_touch_file(options.file, {std::chrono::minutes(options.utc_offset_minutes),
                                                             encoding_of(options.encoding)}));
  SITEGATE_TRY(how, touch_options(options, file));
  touches::Deployments deployments;
  if (!options.deployment.empty()) {
    SITEGATE_TRY(loaded, touches::Deployments::load(options.deployment));
    deployments = std::move(loaded);
    how.deployments = &deployments;
  }
  SITEGATE_TRY(store, cloud::open_store(options.store));
  Progress progress(options.kind);
  how.on_progress = [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all, "touches"); };
  SITEGATE_TRY(result, cloud::import_touches(*store, file, options.file, how));
  BadRows bad_rows(options.file);
  for (const auto& row : result.report.bad) bad_rows.add(row.line, row.column, row.reason);
  SITEGATE_TRYV(bad_rows.write_to(options.rejects));
  if (options.json)
    print_json(to_json(result));
  else
    std::cout << to_text(result.report);
  return result.report.bad.empty() ? exit_done : exit_refused;
}

/// For "touches" and the table that goes with it.
std::optional<std::string> touch_example(const std::string& kind) {
  if (kind == touches_word) return touches::example_touch_file();
  if (kind == "deployments") return example_csv(touches::deployment_columns());
  return std::nullopt;
}

/// "contract-structures" and "contract_structures" are the same.
std::optional<cloud::ImportKind> kind_of(std::string word) {
  std::replace(word.begin(), word.end(), '-', '_');
  return cloud::parse_import_kind(word);
}

Result<int> run(const Options& options) {
  const auto kind = kind_of(options.kind);
  if (const auto example = touch_example(options.kind); example && options.example) {
    std::cout << *example;
    return exit_done;
  }
  if (!kind && options.kind != touches_word)
    return fail(ToolErrc::bad_argument, options.kind +
                                            ": companies, technicians, sites, contract-structures, rosters, "
                                            "credentials or touches are expected");
  if (options.example) {
    std::cout << cloud::example_csv(*kind);
    return exit_done;
  }
  if (options.file.empty() || options.store.empty())
    return fail(ToolErrc::bad_argument, "FILE and --store are needed, or --example for a file to start from");
  return kind ? import_into_store(options, *kind) : import_touches(options);
}

}  // namespace

void add_import(CLI::App& program, Action& chosen) {
  std::string columns;
  for (const auto kind : cloud::all_import_kinds)
    columns += "\n" + std::string(cloud::to_text(kind)) + ":\n" + cloud::column_help(kind);
  columns +=
      "\ntouches (rows that begin with # are remarks, but #clock,<reader>,<its clock>,<our clock> is a "
      "measurement):\n" +
      column_help(touches::touch_columns()) + "\ndeployments (--deployment):\n" +
      column_help(touches::deployment_columns());
  auto* command =
      program.add_subcommand("import",
                             "Registry data from a CSV file: UTF-8 or CP932 (told apart by the "
                             "bytes), a header row in any order, Japanese or "
                             "English column names. Good rows are kept; every bad row is listed "
                             "with line, column and reason, and the exit code "
                             "is then 3. Importing the same file twice changes nothing. "
                             "References must exist: import companies, technicians, "
                             "sites, contract-structures, rosters, credentials in this order. touches are "
                             "the stored touches of logging readers: their clocks are corrected, "
                             "and they are registered as passages are, each once.");
  auto options = add_command<Options>(
      *command,
      "  sitegate import --example technicians > technicians.csv\n"
      "  sitegate import technicians technicians.csv --store lmdb:/var/lib/sitegate/store --rejects bad.csv\n"
      "  sitegate import touches reader.csv --site 00000000000901 --reader-clock-now \"2023-07-31 18:00:05\" "
      "--store lmdb:/var/lib/sitegate/store\n"
      "\nColumns:" +
          columns,
      chosen, run);
  command->add_option("KIND", options->kind, "what the file holds")->required();
  command->add_option("FILE", options->file, "the CSV file");
  command->add_option("--store", options->store, "the cloud's store, e.g. lmdb:/var/lib/sitegate/store")
      ->type_name("URL");
  command->add_option("--encoding", options->encoding, "detect, utf8 or cp932")
      ->check(CLI::IsMember({"detect", "utf8", "cp932"}))
      ->capture_default_str();
  command->add_option("--rejects", options->rejects, "write the bad rows here, too: line,column,reason")
      ->type_name("FILE");
  command->add_option("--site", options->site, "touches: all of them were at this site")->type_name("ID");
  command->add_option("--deployment", options->deployment, "touches: table of the readers' sites by date")
      ->type_name("FILE");
  command
      ->add_option("--reader-clock-now", options->reader_clock_now,
                   "touches: what the reader's clock says at this moment")
      ->type_name("TIME");
  command->add_option("--utc-offset-minutes", options->utc_offset_minutes, "touches: of times without a zone")
      ->check(CLI::Range(-720, 840))
      ->capture_default_str();
  command->add_flag("--take-over", options->take_over,
                    "contract structures: replace entries of another owner");
  command->add_flag("--example", options->example, "print an example file of the KIND");
  command->add_flag("--json", options->json, "machine-readable");
}

}  // namespace sitegate::tool
