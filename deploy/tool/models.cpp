#include "deploy/tool/models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "shared/model_pack/install.hpp"

namespace sitegate::tool {
namespace {

constexpr std::string_view packs_default = "/usr/share/sitegate/models";

struct Options {
  std::string packs{packs_default};
  std::string name;
  std::string from;
  std::string mirror;
  std::string ca_file;
  bool json = false;
};

nlohmann::json json_of(const ModelPack& pack) {
  nlohmann::json files = nlohmann::json::array();
  for (const auto& file : pack.files)
    files.push_back({{"role", file.role},
                     {"name", file.name},
                     {"bytes", file.bytes},
                     {"sha256", to_hex(file.sha256)},
                     {"licence", file.licence},
                     {"source", file.source},
                     {"address", file.address}});
  return {{"name", pack.name}, {"title", pack.title}, {"liveness", !pack.liveness.empty()}, {"files", files}};
}

void print_pack(const ModelPack& pack, const std::string& state) {
  std::cout << fmt::format("{}  ({})\n  {}\n", pack.name, state, pack.title);
  for (const auto& file : pack.files)
    std::cout << fmt::format("  {:<14} {:>10} bytes  {:<11} {}\n", file.role, file.bytes, file.licence,
                             file.source);
}

/// "installed", "not installed", or what is wrong.
std::string state_of(const std::string& packs, const std::string& name) {
  const auto names = installed_packs(packs);
  if (std::find(names.begin(), names.end(), name) == names.end()) return "not installed";
  const auto pack = open_model_pack(packs, name);
  return pack ? "installed" : pack.error().text();
}

/// Known ones and those that stand in the folder without being known.
Result<std::vector<ModelPack>> all_packs(const std::string& packs) {
  std::vector<ModelPack> all;
  for (const auto& known : known_packs()) {
    SITEGATE_TRY(pack, parse_manifest(std::string(known.manifest), std::string(known.name)));
    all.push_back(std::move(pack));
  }
  for (const auto& name : installed_packs(packs)) {
    if (known_pack(name) != nullptr) continue;
    if (auto pack = open_model_pack(packs, name)) all.push_back(std::move(pack).value());
  }
  return all;
}

Result<int> list(const Options& options) {
  SITEGATE_TRY(all, all_packs(options.packs));
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& pack : all) {
    const auto state = state_of(options.packs, pack.name);
    if (options.json) {
      rows.push_back(json_of(pack));
      rows.back()["state"] = state;
    } else {
      print_pack(pack, state);
    }
  }
  if (options.json) print_json(rows);
  return exit_done;
}

Result<int> verify(const Options& options) {
  const auto names = options.name.empty() ? installed_packs(options.packs) : std::vector{options.name};
  if (names.empty()) return fail(ToolErrc::not_there, options.packs + ": no model pack is installed");
  int code = exit_done;
  for (const auto& name : names) {
    const auto pack = open_model_pack(options.packs, name);
    if (!pack) code = exit_refused;
    std::cout << fmt::format(
        "{}: {}\n", name,
        pack ? fmt::format("{} files as they should be", pack.value().files.size()) : pack.error().text());
  }
  return code;
}

/// The program's own manifest, or the one in the folder that the files come from.
Result<std::string> manifest_of(const Options& options) {
  if (const auto* known = known_pack(options.name)) return std::string(known->manifest);
  if (options.from.empty())
    return fail(ToolErrc::bad_argument,
                options.name + ": no such pack is known; `sitegate models list` names them");
  SITEGATE_TRY(text, read_file(options.from + "/" + std::string(manifest_name), 1u << 20));
  SITEGATE_TRY(pack, parse_manifest(text, options.from + "/" + std::string(manifest_name)));
  if (pack.name != options.name)
    return fail(ToolErrc::bad_argument,
                options.name + ": the folder's manifest is that of \"" + pack.name + "\"");
  return text;
}

Result<int> install(const Options& options) {
  SITEGATE_TRY(manifest, manifest_of(options));
  const auto fetch = options.from.empty() ? fetch_by_http({options.ca_file, options.mirror})
                                          : fetch_from_folder(options.from);
  SITEGATE_TRY(installed, install_pack(manifest, options.packs, fetch));
  std::cout << fmt::format("{}: {}\n", installed.folder.string(),
                           installed.was_there
                               ? "was there already, every file as it should be"
                               : fmt::format("installed, {} files fetched", installed.fetched));
  return exit_done;
}

CLI::App* add_part(CLI::App& models, const std::string& name, const std::string& description,
                   const std::string& example, Action& chosen, Result<int> (*run)(const Options&),
                   std::shared_ptr<Options>& options) {
  auto* command = models.add_subcommand(name, description);
  options = add_command<Options>(*command, example, chosen, run);
  command->add_option("--packs", options->packs, "the folder of packs: the gateway's models.packs")
      ->capture_default_str()
      ->type_name("DIR");
  return command;
}

}  // namespace

void add_models(CLI::App& program, Action& chosen) {
  auto* models =
      program.add_subcommand("models",
                             "Model packs for face recognition: neural networks that others have trained, "
                             "which are no part of SiteGate. "
                             "Each file is known by its SHA-256; nothing is put in place that has another.");
  models->require_subcommand(1);
  std::shared_ptr<Options> options;
  auto* list_command =
      add_part(*models, "list", "Packs that are known or installed, their files and licences.",
               "  sitegate models list", chosen, list, options);
  list_command->add_flag("--json", options->json, "machine-readable");
  auto* verify_command =
      add_part(*models, "verify", "Checks size and SHA-256 of every file; ends with 3 if one is wrong.",
               "  sitegate models verify retail-0095", chosen, verify, options);
  verify_command->add_option("NAME", options->name, "one pack; default: all that are installed");
  auto* install_command = add_part(
      *models, "install",
      "Puts a pack in place, from a folder that has its files or from their official addresses. Each file is "
      "checked first; the pack appears as a whole or not at all, and what an interrupted attempt fetched is "
      "used "
      "again.",
      "  sitegate models install retail-0095 --from /media/usb/models\n  sitegate models install opencv-zoo",
      chosen, install, options);
  install_command->add_option("NAME", options->name, "which pack")->required();
  install_command->add_option("--from", options->from, "take the files from this folder")->type_name("DIR");
  install_command->add_option("--mirror", options->mirror, "ask this host instead of the official ones")
      ->type_name("URL");
  install_command->add_option("--ca", options->ca_file, "PEM: who signs the mirror's or proxy's certificate")
      ->type_name("FILE");
}

}  // namespace sitegate::tool
