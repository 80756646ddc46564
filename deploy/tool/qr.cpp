#include "deploy/tool/qr.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

#include "shared/base/clock.hpp"
#include "shared/codes/technician_code.hpp"
#if SITEGATE_CAMERAS
#include "devices/qr/qr_picture.hpp"
#endif

namespace sitegate::tool {
namespace {

struct Options {
  std::vector<std::string> technicians;
  std::string key;
  std::string kind = "printed";
  std::string site;
  int days = 365;
  int minutes = 10;
  std::string format = "terminal";
  std::string folder;
  double side_mm = 40;
};

struct Made {
  codes::CodeClaims claims;
  std::string text;
};

std::uint64_t random_serial() {
  std::random_device chance;
  return static_cast<std::uint64_t>(chance()) << 32 | chance();
}

Result<Made> make_code(const std::string& technician, const Options& options, const crypto::SigningKey& key) {
  codes::CodeClaims claims;
  const auto id = TechnicianId::parse(technician);
  if (!id) return fail(ToolErrc::bad_argument, technician + ": a technician's ID has 14 digits");
  claims.technician = *id;
  if (!options.site.empty()) {
    claims.site = SiteId::parse(options.site);
    if (!claims.site)
      return fail(ToolErrc::bad_argument, "--site " + options.site + ": 14 digits are expected");
  }
  claims.kind = *codes::parse_code_kind(options.kind);  // the command line has checked it
  claims.serial = random_serial();
  claims.issued_at = std::chrono::floor<std::chrono::seconds>(SystemClock().now());
  claims.expires_at = claims.kind == codes::CodeKind::printed
                          ? claims.issued_at + std::chrono::hours(24) * options.days
                          : claims.issued_at + std::chrono::minutes(options.minutes);
  return Made{claims, codes::make_technician_code(claims, key)};
}

#if SITEGATE_CAMERAS
/// What may be written below a code: never the code itself.
std::string caption(const codes::CodeClaims& claims) {
  return claims.technician.text() + "  " + to_text(claims.expires_at).substr(0, 10);
}

Result<std::string> picture_of(const Made& code, const Options& options) {
  if (options.format == "svg") return devices::qr::qr_svg(code.text, options.side_mm, caption(code.claims));
  if (options.format == "terminal") return devices::qr::qr_terminal(code.text) + caption(code.claims) + "\n";
  SITEGATE_TRY(png, devices::qr::qr_png(code.text, 8));
  return std::string(as_text(png));
}
#else
Result<std::string> picture_of(const Made&, const Options& options) {
  return fail(
      ToolErrc::bad_argument,
      "--format " + options.format +
          ": this build draws no codes (SITEGATE_CAMERAS=OFF); --format text gives the text for another "
          "program, as in: sitegate qr … --format text | qrencode -t svg");
}
#endif

Result<std::string> output_of(const Made& code, const Options& options) {
  if (options.format == "text") return code.text + "\n";
  if (options.format != "json") return picture_of(code, options);
  return nlohmann::json{{"technician", code.claims.technician.text()},
                        {"kind", codes::to_text(code.claims.kind)},
                        {"site", code.claims.site ? code.claims.site->text() : ""},
                        {"serial", codes::serial_text(code.claims.serial)},
                        {"issued_at", to_text(code.claims.issued_at)},
                        {"expires_at", to_text(code.claims.expires_at)},
                        {"code", code.text}}
             .dump() +
         "\n";
}

/// Codes open gates: whoever may not read the file may not pass.
Result<void> write_code(const std::filesystem::path& file, const std::string& content) {
  SITEGATE_TRYV(write_output(file.string(), content));
  std::error_code error;
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               error);
  if (error) return fail(ToolErrc::cannot_write, file.string() + ": " + error.message());
  return success();
}

Result<int> make_codes(const Options& options) {
  SITEGATE_TRY(key, crypto::SigningKey::load(options.key));
  const bool to_folder = !options.folder.empty();
  if (!to_folder && options.format == "png")
    return fail(ToolErrc::bad_argument, "--format png: say with --out which folder the pictures go to");
  if (to_folder) {
    std::error_code error;
    std::filesystem::create_directories(options.folder, error);
    if (error) return fail(ToolErrc::cannot_write, options.folder + ": " + error.message());
  }
  for (const auto& technician : options.technicians) {
    SITEGATE_TRY(code, make_code(technician, options, key));
    SITEGATE_TRY(content, output_of(code, options));
    if (!to_folder) {
      std::cout << content;
      continue;
    }
    const auto ending = options.format == "terminal" || options.format == "text" ? "txt" : options.format;
    const auto file = std::filesystem::path(options.folder) / (technician + "." + ending);
    SITEGATE_TRYV(write_code(file, content));
    std::cout << fmt::format("{} serial {} until {}\n", file.string(), codes::serial_text(code.claims.serial),
                             to_text(code.claims.expires_at));
  }
  return exit_done;
}

}  // namespace

void add_qr(CLI::App& program, Action& chosen) {
  auto* command = program.add_subcommand("qr",
                                         "Makes technicians' codes: QR codes that say who somebody is, "
                                         "signed with the cloud's key, so that every gate "
                                         "believes them without a network. Two kinds: printed on a card or "
                                         "helmet for weeks (whoever copies it is its "
                                         "holder, too), and short_lived on a phone's screen for minutes "
                                         "(used up at the gate). Which kinds a gate takes, "
                                         "how old they may be and how often a short_lived one is good is set "
                                         "in [codes] of its gateway.toml; what it "
                                         "refuses is recorded under the serial. Read by cameras "
                                         "(readers.urls: qr+rtsp://…) and by handheld scanners "
                                         "(scanner+…). Print 30 mm or larger, with its white edge.");
  auto options = add_command<Options>(*command,
                                      "  sitegate qr 00000000000101 --key authority/cloud-signing.pem\n"
                                      "  sitegate qr 00000000000101 00000000000102 --key "
                                      "authority/cloud-signing.pem --site 00000000000001 --days 90 "
                                      "--format svg --out codes\n"
                                      "  sitegate qr 00000000000101 --key authority/cloud-signing.pem --kind "
                                      "short_lived --minutes 5 --format json",
                                      chosen, make_codes);
  command->add_option("TECHNICIAN", options->technicians, "whose code: 14 digits; one or more")->required();
  command
      ->add_option("--key", options->key,
                   "the cloud's signing key: cloud-signing.pem of `provision authority`")
      ->required()
      ->type_name("FILE");
  command->add_option("--kind", options->kind, "printed, short_lived")
      ->check(CLI::IsMember({"printed", "short_lived"}))
      ->capture_default_str();
  command->add_option("--site", options->site, "good at this site only: 14 digits; without it at every site");
  command->add_option("--days", options->days, "how long a printed code is good")
      ->check(CLI::Range(1, 3'660))
      ->capture_default_str();
  command->add_option("--minutes", options->minutes, "how long a short_lived code is good")
      ->check(CLI::Range(1, 24 * 60))
      ->capture_default_str();
  command->add_option("--format", options->format, "terminal, svg, png, text, json")
      ->check(CLI::IsMember({"terminal", "svg", "png", "text", "json"}))
      ->capture_default_str();
  command
      ->add_option("--out", options->folder,
                   "folder for one file each, mode 600; without it: standard output")
      ->type_name("DIR");
  command->add_option("--side-mm", options->side_mm, "of the svg, white edge included")
      ->check(CLI::Range(10.0, 500.0))
      ->capture_default_str();
}

}  // namespace sitegate::tool
