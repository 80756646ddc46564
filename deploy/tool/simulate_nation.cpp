#include <fmt/format.h>
#include <sys/resource.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cloud/simulation/nation.hpp"
#include "deploy/tool/progress.hpp"
#include "deploy/tool/simulate.hpp"
#include "shared/base/url.hpp"

namespace sitegate::tool {
namespace {

using nlohmann::json;

struct Options {
  std::string as_of = "2023-07-31";
  std::uint64_t one_in = 1;
  std::string store;
  std::uint64_t seed = cloud::NationSettings{}.seed;
  bool json = false;
};

/// Bytes on the disk of an embedded store's folder; 0 for any other.
std::uint64_t bytes_on_disk(const std::string &store) {
  const auto url = parse_url(store);
  std::uint64_t bytes = 0;
  std::error_code error;
  if (!url || url.value().scheme != "lmdb")
    return 0;
  for (const auto &file :
       std::filesystem::directory_iterator(url.value().path, error))
    if (file.is_regular_file(error))
      bytes += file.file_size(error);
  return bytes;
}

std::uint64_t peak_memory_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) *
         1024; // Linux tells kibibytes
}

json summary_of(const cloud::NationCounts &counts, const Options &options,
                double seconds) {
  const auto bytes = bytes_on_disk(options.store);
  return {{"scale", options.one_in},
          {"seed", options.seed},
          {"companies", counts.companies},
          {"technicians", counts.technicians},
          {"credentials", counts.credentials},
          {"sites", counts.sites},
          {"contract_structure_entries", counts.structure_entries},
          {"roster_entries", counts.roster_entries},
          {"work_histories", counts.histories},
          {"seconds", seconds},
          {"peak_memory_bytes", peak_memory_bytes()},
          {"store_bytes", bytes},
          {"store_bytes_per_history",
           counts.histories == 0 ? 0.0
                                 : static_cast<double>(bytes) /
                                       static_cast<double>(counts.histories)}};
}

Result<cloud::NationCounts> fill(const Options &options,
                                 const cloud::NationSettings &settings) {
  SITEGATE_TRY(store,
               cloud::open_store(options.store,
                                 {.durability = cloud::Durability::bulk}));
  Progress progress("nation");
  return cloud::simulate_nation(
      *store, settings,
      [&](std::string_view phase, std::uint64_t done, std::uint64_t total) {
        progress.show(done, total,
                      fmt::format("{} {} of {}", phase, done, total));
      });
}

Result<int> run(const Options &options) {
  const auto date = parse_date(options.as_of);
  if (!date || *date != last_day(month_of(*date)))
    return fail(ToolErrc::bad_argument,
                "--as-of " + options.as_of +
                    ": the last day of a published month, 2023-07-31");
  cloud::NationSettings settings;
  settings.as_of = month_of(*date);
  settings.one_in = options.one_in;
  settings.seed = options.seed;
  const auto start = std::chrono::steady_clock::now();
  SITEGATE_TRY(counts,
               fill(options, settings)); // the store is closed, and so on the
                                         // disk, when this returns
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  const json summary = summary_of(counts, options, seconds.count());
  if (options.json)
    print_json_line(summary);
  else
    for (const auto &[key, value] : summary.items())
      std::cout << key << ": " << value.dump() << '\n';
  return exit_done;
}

} // namespace

void add_simulate_nation(CLI::App &simulate, Action &chosen) {
  auto *command = simulate.add_subcommand(
      "nation",
      "Fills an empty store with a nation whose published figures are exactly "
      "those of the month's report: technicians, "
      "companies, sites by prefecture and month, and work histories spread "
      "over them. --scale N makes one in N of "
      "everything; 1 is the whole country (97 million work histories, about "
      "2.5 GB of memory). Ends with counts, seconds, "
      "peak memory and bytes per work history.");
  auto options =
      add_command<Options>(*command,
                           "  sitegate simulate nation --as-of 2023-07-31 "
                           "--scale 100 --store lmdb:nation",
                           chosen, run);
  command
      ->add_option("--as-of", options->as_of, "the published month's last day")
      ->capture_default_str()
      ->type_name("DATE");
  command->add_option("--scale", options->one_in, "one in N")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  add_store_option(*command, options->store);
  command
      ->add_option("--seed", options->seed,
                   "the same seed makes the same nation")
      ->capture_default_str();
  command->add_flag("--json", options->json, "machine-readable, on one line");
}

} // namespace sitegate::tool
