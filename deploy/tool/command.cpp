#include "deploy/tool/command.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace sitegate::tool {

void add_store_option(CLI::App& command, std::string& store) {
  command.add_option("--store", store, "the cloud's store, e.g. lmdb:/var/lib/sitegate/store")
      ->required()
      ->type_name("URL");
}

void print_json(const nlohmann::json& value) {
  std::cout << value.dump(2) << '\n' << std::flush;
}
void print_json_line(const nlohmann::json& value) {
  std::cout << value.dump() << '\n' << std::flush;
}

Result<std::string> read_file(const std::string& path, std::size_t size_max) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ToolErrc::unreadable, path + ": check the name and its permissions");
  std::string text(size_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > size_max)
    return fail(ToolErrc::unreadable, path + ": larger than " + std::to_string(size_max) + " bytes");
  return text;
}

Result<void> write_output(const std::string& path, const std::string& text) {
  if (path.empty() || path == "-") {
    std::cout << text << std::flush;
    if (!std::cout) return fail(ToolErrc::cannot_write, "standard output");
    return success();
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) return fail(ToolErrc::cannot_write, path + ": check the folder and the free space");
  return success();
}

const char* errc_category(ToolErrc) {
  return "sitegate";
}
std::string_view errc_text(ToolErrc what) {
  switch (what) {
    case ToolErrc::unreadable:
      return "cannot read";
    case ToolErrc::cannot_write:
      return "cannot write";
    case ToolErrc::bad_argument:
      return "not a usable argument";
    case ToolErrc::already_there:
      return "is there already";
    case ToolErrc::not_there:
      return "is not there";
  }
  return "unknown";
}

}  // namespace sitegate::tool
