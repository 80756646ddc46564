// Programs that a test starts, watches and ends.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sitegate::tests {

/// A program under the test's control; ended with SIGKILL when this ends. Not thread-safe.
class ChildProcess {
 public:
  /// arguments[0] is the program, looked for in PATH; both outputs are appended to `log`. It also dies with
  /// the test. `descriptors`: of ours (10 and above) → the number under which the program has it.
  ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log,
               const std::vector<std::pair<int, int>>& descriptors = {});
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running();
  void signal(int number) const;
  /// Waits for the end: exit status, or 128 + signal.
  int wait();

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;  // set once it was waited for
};

}  // namespace sitegate::tests
