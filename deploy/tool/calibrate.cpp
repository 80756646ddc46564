#include "deploy/tool/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "devices/face/calibration.hpp"
#include "devices/face/enrolment.hpp"
#include "devices/face/template_form.hpp"

namespace sitegate::tool {
namespace {

namespace fs = std::filesystem;
using devices::face::Calibration;
using devices::face::ProposedThreshold;

struct Options {
  std::string folder;
  std::string packs = "/usr/share/sitegate/models";
  std::string pack;
  std::string html;
  std::vector<std::size_t> people{100, 300, 1'000};
  bool json = false;
};

struct Collected {
  std::vector<devices::face::CalibrationPicture> pictures;
  std::map<std::string, int> problems;  ///< by word
};

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem))
    entries.push_back(at->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

Result<void> collect(devices::face::FaceEnroller& enroller, const ModelPack& pack, const fs::path& file,
                     std::size_t person, Collected& collected) {
  SITEGATE_TRY(bytes, read_file(file.string(), devices::face::picture_bytes_max));
  SITEGATE_TRY(report, enroller.look(as_bytes(bytes)));
  for (const auto problem : report.problems) ++collected.problems[std::string(to_text(problem))];
  if (!report.usable()) return success();
  auto vector = devices::face::decode_template(*report.template_bytes,
                                               static_cast<std::size_t>(pack.embedding.dimensions));
  SITEGATE_ASSERT(vector.has_value());
  collected.pictures.push_back({person, std::move(*vector)});
  return success();
}

Result<Collected> collect_all(const Options& options) {
  SITEGATE_TRY(pack, open_model_pack(options.packs, options.pack));
  SITEGATE_TRY(enroller, devices::face::FaceEnroller::open(pack));
  Collected collected;
  std::size_t person = 0;
  for (const auto& folder : entries_of(options.folder)) {
    if (!fs::is_directory(folder)) continue;
    ++person;
    for (const auto& file : entries_of(folder)) {
      SITEGATE_TRYV(collect(*enroller, pack, file, person, collected));
    }
  }
  return collected;
}

nlohmann::json json_of(const Calibration& calibration, const std::vector<ProposedThreshold>& proposals,
                       const Collected& collected) {
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& each : proposals)
    rows.push_back({{"people", each.people},
                    {"threshold", each.score},
                    {"wrong_rate", each.wrong_rate},
                    {"recognised_rate", each.recognised_rate},
                    {"estimated", each.estimated}});
  return {{"people", calibration.people()},
          {"pictures", calibration.pictures()},
          {"comparisons_with_the_own_person", calibration.genuine().size()},
          {"comparisons_with_another", calibration.impostor().size()},
          {"equal_error_rate", calibration.equal_error_rate()},
          {"problems", collected.problems},
          {"thresholds", rows}};
}

void print(const Calibration& calibration, const std::vector<ProposedThreshold>& proposals,
           const Collected& collected) {
  std::cout << fmt::format(
      "{} usable pictures of {} people; comparisons: {} with the own person, {} with another; equal error "
      "rate {:.2f} %\n",
      calibration.pictures(), calibration.people(), calibration.genuine().size(),
      calibration.impostor().size(), 100 * calibration.equal_error_rate());
  for (const auto& [word, count] : collected.problems)
    std::cout << fmt::format("  {} pictures: {}\n", count, word);
  for (const auto& each : proposals)
    std::cout << fmt::format("1:{:<6} threshold {:.3f}  wrong {:g}  recognised {:.1f} %{}\n", each.people,
                             each.score, each.wrong_rate, 100 * each.recognised_rate,
                             each.estimated ? "  (estimated: too few pictures to count)" : "");
}

Result<int> calibrate(const Options& options) {
  SITEGATE_TRY(collected, collect_all(options));
  SITEGATE_TRY(calibration, Calibration::of(collected.pictures));
  const auto proposals = calibration.proposals(options.people);
  if (options.json)
    print_json(json_of(calibration, proposals, collected));
  else
    print(calibration, proposals, collected);
  if (!options.html.empty()) {
    SITEGATE_TRYV(write_output(options.html, calibration_page(calibration, proposals, "SiteGate")));
  }
  return exit_done;
}

}  // namespace

void add_calibrate(CLI::App& program, Action& chosen) {
  auto* command = program.add_subcommand("calibrate", "Thresholds from a site's own pictures.");
  command->require_subcommand(1);
  auto* faces = command->add_subcommand(
      "faces",
      "From a folder with one folder of pictures for each person (at least two people, better fifty with "
      "three "
      "pictures each, taken at the gate): how alike pictures of one person and of two people are, and which "
      "thresholds follow for matching 1:1 after a card and 1:N. Keeps nothing; prints figures only, nobody's "
      "name.");
  auto options = add_command<Options>(
      *faces, "  sitegate calibrate faces /media/usb/site-pictures --html calibration.html", chosen,
      calibrate);
  faces->add_option("DIR", options->folder, "one folder a person")->required()->check(CLI::ExistingDirectory);
  faces->add_option("--packs", options->packs, "the folder of model packs")
      ->capture_default_str()
      ->type_name("DIR");
  faces->add_option("--pack", options->pack, "which of them; default: the only one");
  faces->add_option("--people", options->people, "numbers of enrolled people to propose a threshold for")
      ->check(CLI::Range(2, 1'000'000))
      ->capture_default_str();
  faces->add_option("--html", options->html, "a page with both curves; - is standard output")
      ->type_name("FILE");
  faces->add_flag("--json", options->json, "machine-readable");
}

}  // namespace sitegate::tool
