#include "tests/support/loop_file_system.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "tests/support/child_process.hpp"

namespace sitegate::tests {
namespace {

// linux/fs: fs/ext4/ext4.h
constexpr unsigned long ext4_ioc_shutdown = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t go_flags_no_log_flush = 2;

int run(const std::vector<std::string>& command, const std::filesystem::path& log) {
  return ChildProcess(command, log).wait();
}

void must_run(const std::vector<std::string>& command, const std::filesystem::path& log) {
  if (const int status = run(command, log); status != 0)
    throw std::runtime_error(command[0] + " ended with " + std::to_string(status));
}

/// The mounts of this process are its own from here on.
bool enter_own_mounts() {
  static const bool entered =
      ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return entered;
}

/// "loop0" of what is mounted at `path`.
std::string device_of(const std::filesystem::path& path) {
  std::ifstream mounts("/proc/self/mounts");
  std::string device;
  std::string at;
  for (std::string line; mounts >> device >> at && std::getline(mounts, line);)
    if (at == path) return std::filesystem::path(device).filename();
  throw std::runtime_error("not mounted: " + path.string());
}

}  // namespace

std::string LoopFileSystem::unavailable() {
  if (::geteuid() != 0) return "only root can mount a loop file system";
  if (::access("/usr/sbin/mkfs.ext4", X_OK) != 0) return "there is no mkfs.ext4";
  try {
    const LoopFileSystem probe(8);
  } catch (const std::runtime_error& why) {
    return why.what();
  }
  return {};
}

LoopFileSystem::LoopFileSystem(int size_mib) {
  if (!enter_own_mounts()) throw std::runtime_error("no mount namespace may be made here");
  std::filesystem::create_directory(path());
  std::ofstream(folder_ / "image").close();
  std::filesystem::resize_file(folder_ / "image", static_cast<std::uintmax_t>(size_mib) << 20);
  must_run({"/usr/sbin/mkfs.ext4", "-q", "-m", "0", (folder_ / "image").string()}, folder_ / "log");
  mount();
}

LoopFileSystem::~LoopFileSystem() {
  ::umount2(path().c_str(), MNT_DETACH);
}

void LoopFileSystem::mount() const {
  must_run({"mount", "-o", "loop,errors=remount-ro", (folder_ / "image").string(), path().string()},
           folder_ / "log");
}

bool LoopFileSystem::unmount() const {
  return ::umount(path().c_str()) == 0;
}

void LoopFileSystem::cut_power() const {
  const int folder = ::open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  std::uint32_t flags = go_flags_no_log_flush;
  const bool cut = folder >= 0 && ::ioctl(folder, ext4_ioc_shutdown, &flags) == 0;
  const int error_number = errno;
  if (folder >= 0) ::close(folder);
  if (!cut) throw std::runtime_error(std::string("EXT4_IOC_SHUTDOWN: ") + std::strerror(error_number));
}

void LoopFileSystem::fail_and_become_read_only() const {
  std::ofstream trigger("/sys/fs/ext4/" + device_of(path()) + "/trigger_fs_error");
  trigger << "1" << std::flush;
  if (!trigger) throw std::runtime_error("no trigger_fs_error");
}

void LoopFileSystem::fill() const {
  const int file = ::open((path() / "ballast").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  std::size_t chunk = std::size_t{1} << 20;
  const std::vector<char> bytes(chunk);
  while (chunk > 0) {
    const auto written = ::write(file, bytes.data(), chunk);
    if (written <= 0) chunk /= 2;
  }
  ::fsync(file);
  ::close(file);
}

void LoopFileSystem::free_room() const {
  std::filesystem::remove(path() / "ballast");
}

}  // namespace sitegate::tests
