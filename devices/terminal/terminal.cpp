#include "devices/terminal/terminal.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "devices/terminal/event.hpp"
#include "shared/csv/csv_table.hpp"
#include "shared/settings/settings_file.hpp"

namespace sitegate::devices::terminal {

const char* errc_category(TerminalErrc) {
  return "terminal";
}

std::string_view errc_text(TerminalErrc what) {
  switch (what) {
    case TerminalErrc::bad_file:
      return "the file cannot be used";
    case TerminalErrc::bad_body:
      return "the terminal's message cannot be read";
    case TerminalErrc::bad_event:
      return "the terminal's event cannot be used";
    case TerminalErrc::bad_answer:
      return "the terminal's answer cannot be used";
  }
  return "unknown";
}

namespace {

constexpr std::size_t name_size_max = 24;
constexpr std::size_t serial_size_max = 32;
constexpr std::size_t realm_size_max = 32;
constexpr std::size_t gate_size_max = 64;
constexpr std::size_t aliases_bytes_max = 16u << 20;

const std::vector<std::string_view> method_words{"card", "qr",          "marker", "uhf",
                                                 "face", "finger_vein", "phone",  "nfc_tag"};

bool is_name(std::string_view text, std::size_t size_max) {
  return !text.empty() && text.size() <= size_max && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// The keys of one section.
class Section {
 public:
  Section(SettingsFile& file, std::string name) : file_(file), name_(std::move(name)) {}

  Terminal read(Family family) {
    Terminal terminal;
    terminal.name = name_;
    if (!is_name(name_, name_size_max))
      file_.refuse(name_, "a terminal's name: 1 to 24 of A-Z a-z 0-9 . _ -");
    read_identity(terminal);
    read_meaning(terminal, family);
    if (family == Family::zkteco)
      read_zkteco(terminal);
    else
      read_hikvision(terminal);
    return terminal;
  }

 private:
  [[nodiscard]] std::string key(std::string_view name) const { return name_ + "." + std::string(name); }

  void read_identity(Terminal& terminal) {
    terminal.serial = file_.text(key("serial"));
    if (!is_word(terminal.serial, serial_size_max) || terminal.serial.find('/') != std::string::npos)
      file_.refuse(key("serial"), "1 to 32 characters as the terminal shows them");
    const auto address = canonical_address(file_.text(key("address")));
    if (!address) file_.refuse(key("address"), "an IP address such as 192.0.2.11");
    terminal.address = address.value_or("");
    terminal.gate = file_.text(key("gate"), "");
    if (terminal.gate.size() > gate_size_max) file_.refuse(key("gate"), "at most 64 characters");
    terminal.realm = file_.text(key("realm"));
    if (!is_name(terminal.realm, realm_size_max)) file_.refuse(key("realm"), "1 to 32 of A-Z a-z 0-9 . _ -");
  }

  void read_meaning(Terminal& terminal, Family family) {
    file_.text(key("method"));  // it must be there
    const auto method = parse_method(method_words[file_.choice(key("method"), method_words, 4)]);
    terminal.method = method.value_or(Method::face);
    terminal.direction =
        static_cast<DirectionFrom>(file_.choice(key("direction"), {"place", "entry", "exit", "state"}, 0));
    terminal.entry_states =
        states("entry_states", family == Family::zkteco
                                   ? std::vector<std::string>{"0", "3", "4"}
                                   : std::vector<std::string>{"checkIn", "breakIn", "overtimeIn"});
    terminal.exit_states =
        states("exit_states", family == Family::zkteco
                                  ? std::vector<std::string>{"1", "2", "5"}
                                  : std::vector<std::string>{"checkOut", "breakOut", "overtimeOut"});
    terminal.utc_offset = std::chrono::minutes(file_.integer(key("utc_offset_min"), -720, 840, 540));
    terminal.card_number = static_cast<CardNumber>(
        file_.choice(key("card_number"), {"last_byte_first", "first_byte_first", "hexadecimal"}, 0));
    const auto aliases = file_.path(key("aliases"), "");
    if (aliases.empty()) return;
    auto loaded = load_aliases(aliases);
    if (!loaded) return file_.refuse(key("aliases"), loaded.error().text());
    terminal.aliases = std::move(loaded).value();
  }

  std::set<std::string, std::less<>> states(std::string_view name, std::vector<std::string> otherwise) {
    auto given = file_.texts(key(name));
    if (given.empty()) given = std::move(otherwise);
    return {given.begin(), given.end()};
  }

  void read_zkteco(Terminal& terminal) {
    terminal.dialect = static_cast<Dialect>(file_.choice(key("dialect"), {"attendance", "security"}, 0));
    terminal.online = file_.flag(key("online"), false);
    if (terminal.online && terminal.dialect != Dialect::security)
      file_.refuse(key("online"), "only terminals of dialect = \"security\" ask before they open");
    terminal.door.follow = file_.flag(key("open_door"), false);
    terminal.door.number = static_cast<int>(file_.integer(key("door"), 1, 16, 1));
    terminal.door.open_s = static_cast<int>(file_.integer(key("open_s"), 1, 60, 5));
  }

  void read_hikvision(Terminal& terminal) {
    terminal.url = file_.text(key("url"), "");
    if (terminal.url.empty()) return;
    if (!terminal.url.starts_with("http://") && !terminal.url.starts_with("https://"))
      file_.refuse(key("url"), "http://address or https://address of the terminal");
    while (terminal.url.ends_with('/')) terminal.url.pop_back();
    const auto credentials = file_.path(key("credentials"));
    terminal.ca_file = file_.path(key("ca"), "").string();
    auto loaded = SettingsFile::load(credentials);
    if (!loaded) return file_.refuse(key("credentials"), loaded.error().text());
    http::Credentials digest{loaded.value().text("digest.user"), loaded.value().text("digest.password")};
    if (const auto finished = loaded.value().finish(); !finished)
      return file_.refuse(key("credentials"), finished.error().text());
    terminal.digest = std::move(digest);
  }

  SettingsFile& file_;
  const std::string name_;
};

constexpr std::array alias_columns{
    Column{"terminal", Need::required, "", "the PIN as the terminal sends it", {"1001", "1002"}},
    Column{"roster", Need::required, "", "the PIN in the site's roster", {"0012345", "0012346"}},
};

void take_alias(const CsvHeader& header, const CsvRow& row, Aliases& aliases, std::string& mistake) {
  const std::string from(cell_of(header, row.cells, "terminal"));
  const std::string to(cell_of(header, row.cells, "roster"));
  std::string why = row.mistake;
  if (why.empty() && (!is_word(from, pin_size_max) || !is_word(to, pin_size_max)))
    why = "a PIN has 1 to 32 printable characters without blanks";
  if (why.empty() && !aliases.emplace(from, to).second) why = "PIN " + from + " comes a second time";
  if (!why.empty() && mistake.empty()) mistake = "line " + std::to_string(row.line) + ": " + why;
}

}  // namespace

std::optional<std::string> canonical_address(const std::string& text) {
  std::array<char, INET6_ADDRSTRLEN> form{};
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  for (const int family : {AF_INET, AF_INET6})
    if (inet_pton(family, text.c_str(), bytes.data()) == 1)
      return std::string(inet_ntop(family, bytes.data(), form.data(), form.size()));
  return std::nullopt;
}

Result<Aliases> load_aliases(const std::filesystem::path& file) {
  std::error_code code;
  const auto size = std::filesystem::file_size(file, code);
  if (code || size > aliases_bytes_max)
    return fail(TerminalErrc::bad_file, file.string() + ": " + (code ? code.message() : "more than 16 MiB"));
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  Aliases aliases;
  std::string mistake;
  CsvTable table(
      alias_columns, "PIN aliases", TextEncoding::detect,
      {.row = [&](const CsvHeader& header, CsvRow&& row) { take_alias(header, row, aliases, mistake); },
       .note = [](CsvRow&&) {}});
  SITEGATE_TRYV(table.feed(as_bytes(text.view())));
  SITEGATE_TRYV(table.finish());
  if (!mistake.empty()) return fail(TerminalErrc::bad_file, file.string() + ": " + mistake);
  return aliases;
}

Result<std::vector<Terminal>> load_terminals(const std::filesystem::path& path, Family family) {
  SITEGATE_TRY(file, SettingsFile::load(path));
  std::vector<Terminal> terminals;
  std::set<std::string> serials;
  for (const auto& name : file.sections()) {
    terminals.push_back(Section(file, name).read(family));
    if (!serials.insert(terminals.back().serial).second)
      file.refuse(name + ".serial", "two terminals cannot have the same serial");
  }
  SITEGATE_TRYV(file.finish());
  if (terminals.empty())
    return fail(TerminalErrc::bad_file,
                path.string() + ": no terminal: one section each, such as [north-in]");
  return terminals;
}

}  // namespace sitegate::devices::terminal
