#include "shared/crypto/pem_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace sitegate::crypto {

Result<File> create_file(const std::filesystem::path& path, mode_t mode) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0)
    return fail(CryptoErrc::cannot_write, path.string() + ": " + std::generic_category().message(errno));
  return File(::fdopen(descriptor, "w"));
}

Result<File> open_file(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "re"));
  if (!file)
    return fail(CryptoErrc::unreadable_key, path.string() + ": " + std::generic_category().message(errno));
  return file;
}

Result<void> finish(File file, int written, const std::filesystem::path& path) {
  if (written != 1 || std::fflush(file.get()) != 0 || ::fsync(::fileno(file.get())) != 0)
    return fail(CryptoErrc::cannot_write, path.string());
  return success();
}

int no_passphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace sitegate::crypto
