// The house rules as tests: who may include whom, how long a function may be, what a test may not do. Each
// rule is a case; each message is file:line and what to change. The reader of C++ behind it is tested in
// tests/tidy.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/lexer.hpp"

namespace sitegate::tidy {
namespace {

namespace fs = std::filesystem;
using Modules = std::set<std::string_view>;

constexpr int function_lines_max = 70;
constexpr int function_lines_median_max = 12;
constexpr int width_max = 120;

// ---- the tables ----

const Modules top_level{"shared",    "devices",         "edge",           "cloud",
                        "deploy",    "tests",           "CMakeLists.txt", "CMakePresets.json",
                        "README.md", "ARCHITECTURE.md", "LICENSE"};
constexpr std::string_view source_folders[] = {"shared", "devices", "edge", "cloud", "deploy", "tests"};

// Which part may include which. devices and cloud stand beside each other; deploy/tool wires the `sitegate`
// program.
const std::map<std::string_view, Modules> parts_of{
    {"shared", {"shared"}},
    {"devices", {"shared", "devices"}},
    {"edge", {"shared", "devices", "edge"}},
    {"cloud", {"shared", "cloud"}},
    {"deploy", {"shared", "devices", "edge", "cloud", "deploy"}},
    {"tests", {"shared", "devices", "edge", "cloud", "tests"}},
};

// Inside shared and cloud: what a module may include besides itself.
const std::map<std::string_view, Modules> modules_of{
    {"shared/base", {}},
    {"shared/model", {"shared/base"}},
    {"shared/csv", {"shared/base"}},
    {"shared/crypto", {"shared/base", "shared/model"}},
    {"shared/lmdb", {"shared/base"}},
    {"shared/mqtt", {"shared/base", "shared/crypto"}},
    {"shared/codes", {"shared/base", "shared/crypto", "shared/model"}},
    {"shared/http", {"shared/base"}},
    {"shared/settings", {"shared/base", "shared/mqtt"}},
    {"shared/model_pack", {"shared/base", "shared/crypto", "shared/http", "shared/settings"}},
    {"shared/touches", {"shared/base", "shared/csv", "shared/model"}},
    {"shared/wire", {"shared/base", "shared/model", "shared/crypto"}},
    {"cloud/store", {}},
    {"cloud/registry", {"cloud/store"}},
    {"cloud/registration", {"cloud/store"}},
    {"cloud/touches", {"cloud/store", "cloud/registration"}},
    {"cloud/statistics", {"cloud/store"}},
    {"cloud/report", {"cloud/statistics"}},
    {"cloud/gaps", {"cloud/store"}},
    {"cloud/ingest", {"cloud/store", "cloud/registration", "cloud/gaps"}},
    {"cloud/quarantine", {"cloud/store", "cloud/registration", "cloud/gaps", "cloud/ingest"}},
    {"cloud/fleet", {"cloud/store", "cloud/gaps"}},
    {"cloud/simulation", {"cloud/store", "cloud/registry", "cloud/registration"}},
    {"cloud/service",
     {"cloud/store", "cloud/registry", "cloud/registration", "cloud/statistics", "cloud/report",
      "cloud/ingest", "cloud/fleet"}},
};

// The stages of the edge in the data's order: none includes a later one. inspect looks into the outbox from
// outside.
constexpr std::string_view edge_stages[] = {"edge/roster",    "edge/identification", "edge/codes",
                                            "edge/passage",   "edge/fusion",         "edge/outbox",
                                            "edge/publisher", "edge/muster",         "edge/local_page",
                                            "edge/kiosk",     "edge/typed_entry",    "edge/gateway"};

/// A third-party library's headers and the folder that may include them; OpenCV has several.
struct Home {
  std::string_view header;  ///< begins with this, or ends with it when it starts with an underscore
  std::string_view folder;
};
constexpr Home homes[] = {
    {"lmdb.h", "shared/lmdb"},      {"openssl/", "shared/crypto"},    {"mqtt/", "shared/mqtt"},
    {"MQTT", "shared/mqtt"},        {"flatbuffers/", "shared/wire"},  {"_generated.h", "shared/wire"},
    {"csv.h", "shared/csv"},        {"zstd.h", "shared/wire"},        {"winscard.h", "devices/card"},
    {"PCSC/", "devices/card"},      {"wintypes.h", "devices/card"},   {"pcsclite.h", "devices/card"},
    {"reader.h", "devices/card"},   {"boost/beast", "shared/http"},   {"curl/", "shared/http"},
    {"toml++/", "shared/settings"}, {"re.h", "devices/phone"},        {"modbus", "devices/barrier"},
    {"gpiod", "devices/barrier"},   {"libevdev/", "devices/scanner"}, {"ZXing/", "devices/qr"},
    {"opencv2/", "devices/camera"}, {"opencv2/", "devices/face"},     {"opencv2/", "devices/qr"},
    {"opencv2/", "devices/marker"}, {"opencv2/", "devices/vein"},
};

// Left out of a build without OpenCV (SITEGATE_CAMERAS=OFF), with the tests that mirror them.
constexpr std::string_view camera_folders[] = {"devices/camera/", "devices/face/", "devices/qr/",
                                               "devices/marker/", "devices/vein/"};

constexpr std::string_view wiring[] = {"edge/gateway/",
                                       "cloud/service/",
                                       "deploy/tool/",
                                       "tests/test_main.cpp",
                                       "tests/shared/wire/make_golden.cpp",
                                       "tests/fuzz/make_wire_corpus.cpp",
                                       "tests/bench/"};
constexpr std::string_view waiting_calls[] = {"sleep_for", "sleep_until", "usleep", "nanosleep",
                                              "clock_nanosleep"};
// In two halves, so that this file does not find itself.
const std::string unfinished_words[] = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                        std::string("XX") + "X"};

// ---- the tree ----

struct Source {
  std::string path;  ///< from the root, with slashes
  std::string text;
};

fs::path root() {
  const char* folder = std::getenv("SITEGATE_SOURCE");
  BOOST_REQUIRE_MESSAGE(folder != nullptr, "SITEGATE_SOURCE must name the source root");
  return folder;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Source> read_tree() {
  std::vector<Source> tree;
  for (const std::string_view folder : source_folders)
    for (const auto& entry : fs::recursive_directory_iterator(root() / folder))
      if (entry.is_regular_file())
        tree.push_back({fs::relative(entry.path(), root()).generic_string(), read(entry)});
  std::sort(tree.begin(), tree.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return tree;
}

const std::vector<Source>& tree() {
  static const std::vector<Source> files = read_tree();
  BOOST_REQUIRE_GT(files.size(), 50u);  // fewer would mean that the walk went blind
  return files;
}

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [path](auto ending) { return path.ends_with(ending); });
}
bool is_header(const Source& file) {
  return ends_with_any(file.path, {".hpp", ".h"});
}
bool is_cpp(const Source& file) {
  return is_header(file) || file.path.ends_with(".cpp");
}
bool is_script(const Source& file) {
  return file.text.starts_with("#!");
}
bool is_code(const Source& file) {
  return is_cpp(file) || is_script(file) ||
         ends_with_any(file.path, {".fbs", ".cmake", "CMakeLists.txt", ".sh"});
}
/// Bytes that a test compares with, and recordings: not written by hand.
bool is_data(const Source& file) {
  return file.path.starts_with("tests/golden/") || file.path.starts_with("tests/corpus/") ||
         file.text.find('\0') != std::string::npos;
}

std::string_view part_of(std::string_view path) {
  return path.substr(0, path.find('/'));
}
/// "edge/outbox" of edge/outbox/outbox.hpp; "devices" of devices/reader.hpp.
std::string_view module_of(std::string_view path) {
  const auto first = path.find('/');
  const auto second = path.find('/', first + 1);
  return path.substr(0, second == std::string_view::npos ? first : second);
}
bool is_ours(std::string_view include) {
  return parts_of.contains(part_of(include)) && include.find('/') != include.npos;
}

void report(std::string_view path, int line, std::string_view what) {
  BOOST_ERROR(std::string(path) + ":" + std::to_string(line) + ": " + std::string(what));
}

// ---- who may include whom ----

std::size_t stage_of(std::string_view module) {
  return static_cast<std::size_t>(std::find(std::begin(edge_stages), std::end(edge_stages), module) -
                                  std::begin(edge_stages));
}

bool device_may_include(std::string_view module, std::string_view path, std::string_view target) {
  if (path == "devices/open_reader.cpp" || path == "devices/open_barrier.cpp")
    return true;  // from a URL to a kind
  return target == "devices" || target == "devices/camera" || target == module;
}

bool edge_may_include(std::string_view module, std::string_view target) {
  if (module == "edge/inspect") return target == module || target == "edge/outbox";
  if (target == "edge/inspect") return false;
  return stage_of(target) <= stage_of(module) && stage_of(module) < std::size(edge_stages);
}

/// Empty if `path` may include `include`, both from the root; otherwise the reason.
std::string forbidden(std::string_view path, std::string_view include) {
  const auto part = part_of(path);
  const auto module = module_of(path);
  const auto target = module_of(include);
  if (!parts_of.at(part).contains(part_of(include)))
    return std::string(part) + " may not include " + std::string(part_of(include));
  if (part != part_of(include)) return {};
  bool allowed = true;
  if (part == "devices") allowed = device_may_include(module, path, target);
  if (part == "edge") allowed = edge_may_include(module, target);
  if (part == "shared" || part == "cloud")
    allowed = target == module || (modules_of.contains(module) && modules_of.at(module).contains(target));
  return allowed ? std::string{} : std::string(module) + " may not include " + std::string(target);
}

bool belongs(std::string_view include, const Home& home) {
  return home.header.starts_with('_') ? include.ends_with(home.header) : include.starts_with(home.header);
}

/// The folder that `include` belongs to if that is not where `path` stands; a home's own tests, the system
/// tests (which draw what cameras see) and the benches, which compare with the bare library, may include it
/// too.
std::string_view foreign_home(std::string_view path, std::string_view include) {
  if (path.starts_with("tests/bench/") || path.starts_with("tests/system/")) return {};
  std::string_view foreign;
  for (const Home& home : homes) {
    if (!belongs(include, home)) continue;
    const auto folder = std::string(home.folder) + "/";
    if (path.starts_with(folder) || path.starts_with("tests/" + folder)) return {};
    foreign = home.folder;
  }
  return foreign;
}

std::vector<int> lengths_of_product() {
  std::vector<int> lengths;
  for (const Source& file : tree())
    if (is_cpp(file) && part_of(file.path) != "tests")
      for (const Function& each : functions_of(file.text)) lengths.push_back(each.length);
  return lengths;
}

std::set<std::string> compiled_files() {
  const char* path = std::getenv("SITEGATE_COMPILE_COMMANDS");
  BOOST_REQUIRE_MESSAGE(path != nullptr,
                        "SITEGATE_COMPILE_COMMANDS must name the build's compile_commands.json");
  std::set<std::string> files;
  for (const auto& entry : nlohmann::json::parse(read(path)))
    files.insert(fs::weakly_canonical(entry.at("file").get<std::string>()).string());
  return files;
}

/// The programs that measure or play cameras name it.
bool needs_cameras(std::string_view path) {
  if (path.starts_with("tests/")) path.remove_prefix(6);
  return path.find("camera") != std::string_view::npos ||
         std::any_of(std::begin(camera_folders), std::end(camera_folders),
                     [path](auto folder) { return path.starts_with(folder); });
}

int line_of(std::string_view text, std::size_t position) {
  return 1 + static_cast<int>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

/// True if a call of the one-argument sleep stands in the line: sleep(1).
bool calls_sleep(std::string_view line) {
  const auto words = lines_with_word(line, "sleep");
  return !words.empty() && line.find("sleep(") != std::string_view::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tidy)

BOOST_AUTO_TEST_CASE(the_include_table_can_fail) {
  BOOST_TEST(forbidden("edge/outbox/outbox.cpp", "shared/lmdb/environment.hpp").empty());
  BOOST_TEST(forbidden("edge/publisher/publisher.cpp", "edge/outbox/outbox.hpp").empty());
  BOOST_TEST(forbidden("devices/open_reader.cpp", "devices/card/card_reader.hpp").empty());
  BOOST_TEST(forbidden("deploy/tool/main.cpp", "edge/inspect/inspect.hpp").empty());
  BOOST_TEST(!forbidden("edge/outbox/outbox.cpp", "edge/publisher/publisher.hpp").empty());
  BOOST_TEST(!forbidden("edge/outbox/outbox.cpp", "cloud/store/store.hpp").empty());
  BOOST_TEST(!forbidden("cloud/store/store.hpp", "cloud/ingest/ingest.hpp").empty());
  BOOST_TEST(!forbidden("cloud/ingest/ingest.hpp", "edge/outbox/outbox.hpp").empty());
  BOOST_TEST(!forbidden("shared/base/ids.hpp", "shared/model/passage.hpp").empty());
  BOOST_TEST(!forbidden("devices/card/card_reader.cpp", "devices/replay/replay_reader.hpp").empty());
  BOOST_TEST(!forbidden("edge/gateway/main.cpp", "deploy/tool/tool.hpp").empty());
  BOOST_TEST(!forbidden("cloud/newcomer/new.cpp", "cloud/store/store.hpp").empty());
}

BOOST_AUTO_TEST_CASE(the_table_of_homes_can_fail) {
  BOOST_TEST(foreign_home("edge/outbox/outbox.cpp", "lmdb.h") == "shared/lmdb");
  BOOST_TEST(foreign_home("cloud/ingest/ingest.cpp", "shared/wire/batch_generated.h") == "shared/wire");
  BOOST_TEST(foreign_home("edge/publisher/publisher.cpp", "MQTTAsync.h") == "shared/mqtt");
  BOOST_TEST(!foreign_home("edge/gateway/gateway.cpp", "opencv2/core.hpp").empty());
  BOOST_TEST(!foreign_home("devices/marker/marker.cpp", "ZXing/ReadBarcode.h").empty());
  BOOST_TEST(foreign_home("devices/marker/marker.cpp", "opencv2/aruco.hpp").empty());
  BOOST_TEST(foreign_home("shared/lmdb/environment.cpp", "lmdb.h").empty());
  BOOST_TEST(foreign_home("tests/shared/lmdb/environment_test.cpp", "lmdb.h").empty());
}

BOOST_AUTO_TEST_CASE(nobody_includes_what_the_table_forbids) {
  for (const Source& file : tree())
    if (is_cpp(file))
      for (const Include& include : includes_of(file.text))
        if (is_ours(include.path))
          if (const auto reason = forbidden(file.path, include.path); !reason.empty())
            report(file.path, include.line, reason);
}

BOOST_AUTO_TEST_CASE(our_headers_are_included_by_their_full_path) {
  for (const Source& file : tree())
    if (is_cpp(file))
      for (const Include& include : includes_of(file.text))
        if (fs::exists((root() / file.path).parent_path() / include.path) && !is_ours(include.path))
          report(file.path, include.line, "write the path from the root: " + include.path);
}

BOOST_AUTO_TEST_CASE(third_party_libraries_are_used_in_their_homes_only) {
  for (const Source& file : tree())
    if (is_cpp(file))
      for (const Include& include : includes_of(file.text))
        if (const auto home = foreign_home(file.path, include.path); !home.empty())
          report(file.path, include.line, include.path + " belongs to " + std::string(home));
}

BOOST_AUTO_TEST_CASE(no_function_is_longer_than_70_lines) {
  for (const Source& file : tree())
    if (is_cpp(file))
      for (const Function& each : functions_of(file.text))
        if (each.length > function_lines_max)
          report(file.path, each.line,
                 each.name + " has " + std::to_string(each.length) + " lines, 70 are allowed");
}

BOOST_AUTO_TEST_CASE(the_median_function_has_at_most_12_lines) {
  auto lengths = lengths_of_product();
  BOOST_REQUIRE_GT(lengths.size(), 50u);  // fewer would mean that the lexer went blind
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  BOOST_TEST_MESSAGE(lengths.size() << " functions, median " << *middle << " lines");
  BOOST_TEST(*middle <= function_lines_median_max);
}

BOOST_AUTO_TEST_CASE(every_source_is_built) {
  const auto compiled = compiled_files();
  const bool cameras =
      compiled.contains(fs::weakly_canonical(root() / "devices/camera/camera_hub.cpp").string());
  for (const Source& file : tree())
    if (file.path.ends_with(".cpp") && (cameras || !needs_cameras(file.path)) &&
        !compiled.contains(fs::weakly_canonical(root() / file.path).string()))
      report(file.path, 1, "no target builds this file: name it in a CMakeLists.txt or remove it");
}

BOOST_AUTO_TEST_CASE(no_test_sleeps) {
  for (const Source& file : tree()) {
    if (!file.path.starts_with("tests/") || !is_code(file)) continue;
    const std::string code = is_cpp(file) ? code_only(file.text) : file.text;
    for (const std::string_view call : waiting_calls)
      for (const int line : lines_with_word(code, call))
        report(file.path, line,
               std::string(call) + ": wait on a condition with a deadline, or move a ManualClock");
    const auto lines = split_lines(code);
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (is_cpp(file) ? calls_sleep(lines[i]) : !lines_with_word(lines[i], "sleep").empty())
        report(file.path, static_cast<int>(i) + 1, "sleep: wait on a condition with a deadline");
  }
}

BOOST_AUTO_TEST_CASE(main_stands_in_wiring_folders_only) {
  for (const Source& file : tree()) {
    if (!is_cpp(file)) continue;
    const std::string code = code_only(file.text);
    const bool is_wiring = std::any_of(std::begin(wiring), std::end(wiring),
                                       [&file](auto folder) { return file.path.starts_with(folder); });
    if (const auto at = code.find("int main("); at != std::string::npos && !is_wiring)
      report(file.path, line_of(code, at),
             "main belongs to a wiring folder: edge/gateway, cloud/service, deploy/tool");
  }
}

BOOST_AUTO_TEST_CASE(headers_open_with_a_comment_and_pragma_once) {
  for (const Source& file : tree()) {
    if (!is_header(file)) continue;
    const auto lines = split_lines(file.text);
    if (lines.empty() || !lines.front().starts_with("//"))
      report(file.path, 1, "say in a comment what this header is for");
    const auto code =
        std::find_if(lines.begin(), lines.end(), [](auto line) { return !line.starts_with("//"); });
    if (code == lines.end() || *code != "#pragma once")
      report(file.path, static_cast<int>(code - lines.begin()) + 1,
             "#pragma once follows the opening comment");
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_marked_as_unfinished) {
  for (const Source& file : tree())
    for (const std::string& word : unfinished_words)
      if (!is_data(file))
        for (const int line : lines_with_word(file.text, word))
          report(file.path, line, "finish it or write an issue");
}

BOOST_AUTO_TEST_CASE(the_top_level_holds_the_allowed_names_only) {
  for (const auto& entry : fs::directory_iterator(root())) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.') && !top_level.contains(name))
      report(name, 1, "does not belong to the top level");
  }
}

BOOST_AUTO_TEST_CASE(every_folder_with_sources_says_what_belongs_there) {
  std::set<std::string> folders;
  for (const Source& file : tree())
    if (is_cpp(file) ||
        file.path.ends_with(".fbs"))  // tests mirror the tree: one README speaks for all of them
      folders.insert(part_of(file.path) == "tests" ? "tests" : file.path.substr(0, file.path.rfind('/')));
  for (const std::string& folder : folders)
    if (!fs::exists(root() / folder / "README.md"))
      report(folder, 1, "README.md is missing: what belongs, what does not");
}

BOOST_AUTO_TEST_CASE(lines_have_at_most_120_characters) {
  for (const Source& file : tree()) {
    if (!is_code(file) || is_data(file)) continue;
    const auto lines = split_lines(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (width_of(lines[i]) > width_max)
        report(file.path, static_cast<int>(i) + 1,
               std::to_string(width_of(lines[i])) + " characters, 120 are allowed");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tidy
