// How a program is asked to end.
#pragma once
#include <chrono>
#include <csignal>

namespace sitegate {

/// SIGINT and SIGTERM are blocked in every thread started after construction and taken in wait(); SIGPIPE is
/// ignored. Make one, before the first thread.
class Termination {
 public:
  Termination();
  /// True once the program should end.
  bool wait(std::chrono::milliseconds at_most);

 private:
  sigset_t signals_{};
};

}  // namespace sitegate
