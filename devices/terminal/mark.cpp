#include "devices/terminal/mark.hpp"

#include <fstream>

#include "devices/terminal/event.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::terminal {
namespace {

constexpr std::size_t word_size_max = 40;

}  // namespace

std::string Mark::get() const {
  std::ifstream stream(file_, std::ios::binary);
  std::string word(word_size_max + 1, '\0');
  stream.read(word.data(), static_cast<std::streamsize>(word.size()));
  word.resize(static_cast<std::size_t>(stream.gcount()));
  return is_word(word, word_size_max) ? word : std::string();
}

void Mark::set(const std::string& word) const {
  std::error_code code;
  std::filesystem::create_directories(file_.parent_path(), code);
  auto beside = file_;
  beside += ".new";
  {
    std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
    stream << word;
    if (!stream.flush()) return log::warn("mark file={} cannot be written", beside.string());
  }
  std::filesystem::rename(beside, file_, code);
  if (code) log::warn("mark file={} cannot be written: {}", file_.string(), code.message());
}

}  // namespace sitegate::devices::terminal
