// How far a terminal's log has been taken in: one word in a file. A hint only: without it more is asked for
// again, and every event is recorded once whatever is asked.
#pragma once
#include <filesystem>
#include <string>

namespace sitegate::devices::terminal {

/// One file for each terminal, "<folder>/<name>". Not thread-safe.
class Mark {
 public:
  Mark(const std::filesystem::path& folder, const std::string& name) : file_(folder / name) {}

  /// Empty if there is none, or nothing that set() would have written.
  [[nodiscard]] std::string get() const;
  /// Replaces the file whole; makes the folder. A failure is logged and harmless.
  void set(const std::string& word) const;

 private:
  const std::filesystem::path file_;
};

}  // namespace sitegate::devices::terminal
