#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "shared/base/error.hpp"

namespace sitegate::tests {
namespace {

int status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                           const std::vector<std::pair<int, int>>& descriptors) {
  std::vector<char*> pointers;
  for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  SITEGATE_ASSERT(output >= 0);
  pid_ = ::fork();
  if (pid_ == 0) {  // only calls that are safe after fork in a program with threads
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    for (const auto& [ours, theirs] : descriptors) ::dup2(ours, theirs);
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
  }
  ::close(output);
  SITEGATE_ASSERT(pid_ > 0);
}

ChildProcess::~ChildProcess() {
  if (!running()) return;
  signal(SIGKILL);
  wait();
}

bool ChildProcess::running() {
  if (status_) return false;
  int wait_status = 0;
  if (::waitpid(pid_, &wait_status, WNOHANG) != pid_) return true;
  status_ = status_of(wait_status);
  return false;
}

void ChildProcess::signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

int ChildProcess::wait() {
  while (!status_) {
    int wait_status = 0;
    if (::waitpid(pid_, &wait_status, 0) == pid_)
      status_ = status_of(wait_status);
    else
      SITEGATE_ASSERT(errno == EINTR);
  }
  return *status_;
}

}  // namespace sitegate::tests
