#include "edge/outbox/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace sitegate::edge {

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) return fail_errno(problem.value(), "create " + folder.string());
  const std::filesystem::path path = folder / "owner.lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return fail_errno(errno, "open " + path.string());
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return FolderLock(file);
  const int error_number = errno;
  ::close(file);
  if (error_number == EWOULDBLOCK) return FolderLock();
  return fail_errno(error_number, "lock " + path.string());
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace sitegate::edge
