#include <fmt/format.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "deploy/tool/provision.hpp"
#include "edge/typed_entry/clerks.hpp"
#include "edge/typed_entry/typed_entry.hpp"
#include "shared/settings/settings_file.hpp"

namespace sitegate::tool {
namespace {

namespace files = std::filesystem;

constexpr std::size_t password_size_min = 8;
constexpr std::size_t clerks_size_max = std::size_t{1} << 20;

struct ClerkOptions {
  std::string login;
  std::string name;
  std::string file = "clerks.toml";
  std::string password_file;
  bool no_password = false;
};

/// What is typed at a terminal is not shown while this lives.
class HiddenInput {
 public:
  HiddenInput() {
    if (isatty(STDIN_FILENO) == 0 || tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hides_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  ~HiddenInput() {
    if (hides_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  termios before_{};
  bool hides_ = false;
};

Result<std::string> read_clerk_password(const ClerkOptions& options) {
  std::string password;
  if (options.password_file.empty()) {
    const HiddenInput hidden;
    std::cerr << "password of " << options.login << ": ";
    std::getline(std::cin, password);
    std::cerr << "\n";
  } else {
    SITEGATE_TRY(text, read_file(options.password_file, 1'024));
    password = text.substr(0, text.find_first_of("\r\n"));
  }
  if (password.size() < password_size_min || password.size() > edge::clerk_password_size_max)
    return fail(ToolErrc::bad_argument, fmt::format("the password: {} to {} bytes are expected",
                                                    password_size_min, edge::clerk_password_size_max));
  return password;
}

std::string toml_text(std::string_view text) {
  std::string toml = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') toml += '\\';
    toml += c;
  }
  return toml + "\"";
}

/// The file as it is; empty if there is none yet.
Result<std::string> text_before(const ClerkOptions& options) {
  std::error_code ignored;
  if (!files::exists(options.file, ignored)) return std::string();
  SITEGATE_TRY(settings, SettingsFile::load(options.file));
  if (std::ranges::count(settings.sections(), options.login) > 0)
    return fail(ToolErrc::already_there,
                options.file + ": [" + options.login + "]; remove it there first to set another password");
  return read_file(options.file, clerks_size_max);
}

Result<int> provision_clerk(const ClerkOptions& options) {
  if (!edge::is_plain_text(options.name, name_size_max))
    return fail(ToolErrc::bad_argument, "--name: 1 to 64 bytes of text are expected");
  SITEGATE_TRY(text, text_before(options));
  text +=
      fmt::format("{}[{}]\nname = {}\n", text.empty() ? "" : "\n", options.login, toml_text(options.name));
  if (!options.no_password) {
    SITEGATE_TRY(password, read_clerk_password(options));
    text += fmt::format("password = {}\n", toml_text(crypto::PasswordHash::of(password).text()));
  }
  // Tried before it takes the old one's place.
  const std::string fresh = options.file + ".new";
  umask(S_IRWXG | S_IRWXO);
  SITEGATE_TRYV(write_output(fresh, text));
  std::error_code problem;
  if (const auto clerks = edge::Clerks::load(fresh); !clerks) {
    files::remove(fresh, problem);
    return clerks.error();
  }
  files::rename(fresh, options.file, problem);
  if (problem) return fail(ToolErrc::cannot_write, options.file + ": " + problem.message());
  std::cout << "clerk " << options.login << " is in " << options.file
            << "; name the file as typed_entry.clerks in gateway.toml and start sitegate-edge again\n";
  return exit_done;
}

}  // namespace

void add_provision_clerk(CLI::App& provision, Action& chosen) {
  auto* command = provision.add_subcommand("clerk",
                                           "Adds a clerk who may enter and correct passages on the gateway's "
                                           "page /typed: appends name and salted hash of the password to a "
                                           "clerks file of mode 0600. The password is asked for, or taken "
                                           "from a file's first line.");
  auto options = add_command<ClerkOptions>(
      *command, "  sitegate provision clerk tanaka --name \"田中 一郎\" --file clerks.toml", chosen,
      provision_clerk);
  command->add_option("LOGIN", options->login, "1 to 32 of A-Z a-z 0-9 _ -")->required();
  command->add_option("--name", options->name, "stands in what the clerk records")->required();
  command->add_option("--file", options->file, "the clerks file, made if missing")->capture_default_str();
  command->add_option("--password-file", options->password_file, "its first line is the password")
      ->type_name("FILE");
  command->add_flag("--no-password", options->no_password,
                    "the login alone is enough: only for a page that nobody else can reach");
}

}  // namespace sitegate::tool
