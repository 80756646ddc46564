#include "deploy/tool/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cloud/registry/import.hpp"
#include "deploy/tool/progress.hpp"
#include "shared/csv/csv_table.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

struct Options {
  std::string kind;
  std::string file;
  std::string store;
  std::string encoding = "detect";
  std::string rejects;
  bool take_over = false;
  bool example = false;
  bool json = false;
};

/// Every bad row as it comes: to standard error, and as CSV where --rejects asks for it.
class BadRows {
 public:
  explicit BadRows(std::string file) : file_(std::move(file)) {}
  void add(const cloud::BadRow& row) {
    fmt::print(stderr, "{}:{}: {}{}\n", file_, row.line, row.column.empty() ? "" : row.column + ": ",
               row.reason);
    rejects_ += fmt::format("{},{},{}\n", row.line, quoted_cell(row.column), quoted_cell(row.reason));
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
  how.on_bad_row = [&](const cloud::BadRow& row) { bad_rows.add(row); };
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

/// "contract-structures" and "contract_structures" are the same.
std::optional<cloud::ImportKind> kind_of(std::string word) {
  std::replace(word.begin(), word.end(), '-', '_');
  return cloud::parse_import_kind(word);
}

Result<int> run(const Options& options) {
  const auto kind = kind_of(options.kind);
  if (!kind)
    return fail(ToolErrc::bad_argument, options.kind +
                                            ": companies, technicians, sites, contract-structures, "
                                            "rosters or credentials are expected");
  if (options.example) {
    std::cout << cloud::example_csv(*kind);
    return exit_done;
  }
  if (options.file.empty() || options.store.empty())
    return fail(ToolErrc::bad_argument, "FILE and --store are needed, or --example for a file to start from");
  return import_into_store(options, *kind);
}

}  // namespace

void add_import(CLI::App& program, Action& chosen) {
  std::string columns;
  for (const auto kind : cloud::all_import_kinds)
    columns += "\n" + std::string(cloud::to_text(kind)) + ":\n" + cloud::column_help(kind);
  auto* command = program.add_subcommand("import",
                                         "Registry data from a CSV file: UTF-8 or CP932 (told apart by the "
                                         "bytes), a header row in any order, Japanese or "
                                         "English column names. Good rows are kept; every bad row is listed "
                                         "with line, column and reason, and the exit code "
                                         "is then 3. Importing the same file twice changes nothing. "
                                         "References must exist: import companies, technicians, "
                                         "sites, contract-structures, rosters, credentials in this order.");
  auto options = add_command<Options>(
      *command,
      "  sitegate import --example technicians > technicians.csv\n"
      "  sitegate import technicians technicians.csv --store lmdb:/var/lib/sitegate/store --rejects bad.csv\n"
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
  command->add_flag("--take-over", options->take_over,
                    "contract structures: replace entries of another owner");
  command->add_flag("--example", options->example, "print an example file of the KIND");
  command->add_flag("--json", options->json, "machine-readable");
}

}  // namespace sitegate::tool
