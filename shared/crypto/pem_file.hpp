// Files that hold one key or certificate. Only for this folder.
#pragma once
#include <sys/types.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "shared/crypto/errc.hpp"

namespace sitegate::crypto {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// A new file; cannot_write if it exists.
Result<File> create_file(const std::filesystem::path& path, mode_t mode);
/// unreadable_key if it cannot be opened.
Result<File> open_file(const std::filesystem::path& path);
/// `written` is what OpenSSL's PEM_write… returned. The bytes are on the disk before the caller goes on: a
/// key that a power cut takes away is a gateway that cannot start.
Result<void> finish(File file, int written, const std::filesystem::path& path);

/// For OpenSSL's PEM_read…: a key behind a passphrase is refused, where the default would ask for it on the
/// terminal of a service.
int no_passphrase(char* buffer, int size, int writing, void* context);

}  // namespace sitegate::crypto
