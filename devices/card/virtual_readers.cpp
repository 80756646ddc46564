#include "devices/card/virtual_readers.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

extern char** environ;

namespace sitegate::devices::card {
namespace {

constexpr int lacks_something = 3;  // exit code of deploy/virtual-readers

// Runs a program and returns what it said; fails with that if it did not end with 0.
Result<std::string> run_program(std::vector<std::string> words) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno(errno, "pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int code = posix_spawn(&child, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string said;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; code == 0 && (got = read(ends[0], piece.data(), piece.size())) > 0;)
    said.append(piece.data(), static_cast<std::size_t>(got));
  close(ends[0]);
  if (code != 0) return fail(VirtualErrc::cannot_start, words[0] + ": " + std::strerror(code));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == lacks_something)
    return fail(VirtualErrc::cannot_run_here, said);
  if (status != 0) return fail(VirtualErrc::cannot_start, said);
  return said;
}

std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

Result<VirtualReaders> VirtualReaders::start(const std::filesystem::path& script,
                                             const std::filesystem::path& folder, int reader_count) {
  VirtualReaders made(script, folder);
  SITEGATE_TRYV(made.run_start(reader_count));
  return made;
}

VirtualReaders::VirtualReaders(VirtualReaders&& other) noexcept
    : script_(std::move(other.script_)),
      folder_(std::exchange(other.folder_, {})),
      readers_(std::move(other.readers_)),
      pid_(other.pid_) {}

VirtualReaders::~VirtualReaders() {
  if (!folder_.empty()) static_cast<void>(run_program({script_.string(), "stop", folder_.string()}));
}

Result<void> VirtualReaders::run_start(int reader_count) {
  std::vector<std::string> words{script_.string(), "start", folder_.string(), "--readers",
                                 std::to_string(reader_count)};
  if (!readers_.empty()) words.insert(words.end(), {"--port", std::to_string(readers_.front().port)});
  SITEGATE_TRYV(run_program(std::move(words)));
  return load();
}

Result<void> VirtualReaders::load() {
  std::ifstream file(folder_ / "readers");
  std::vector<VirtualReader> readers;
  for (std::string line; std::getline(file, line);) {
    const auto tab = line.find('\t');
    const int port = std::atoi(line.c_str());
    if (tab == std::string::npos || port <= 0 || port > 65535)
      return fail(VirtualErrc::cannot_start,
                  (folder_ / "readers").string() + ": not \"port TAB name\": " + line);
    readers.push_back({static_cast<std::uint16_t>(port), line.substr(tab + 1)});
  }
  pid_ = std::atoi(first_line(folder_ / "pid").c_str());
  if (readers.empty() || pid_ <= 0)
    return fail(VirtualErrc::cannot_start, folder_.string() + ": no readers, no pid");
  readers_ = std::move(readers);
  return success();
}

std::string VirtualReaders::socket() const {
  return first_line(folder_ / "socket");
}

void VirtualReaders::kill_pcscd() {
  const int process = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (process < 0) return;
  kill(pid_, SIGKILL);
  pollfd ended{process, POLLIN, 0};
  while (poll(&ended, 1, -1) < 0 && errno == EINTR) {
  }
  close(process);
}

Result<void> VirtualReaders::restart(int reader_count) {
  return run_start(reader_count);
}

}  // namespace sitegate::devices::card
