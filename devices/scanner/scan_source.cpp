#include "devices/scanner/scan_source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "devices/reader.hpp"

namespace sitegate::devices::scanner {

void Descriptor::reset(int number) {
  if (number_ >= 0) ::close(number_);
  number_ = number;
}

Result<int> open_device(const std::string& path, int flags) {
  const int number = ::open(path.c_str(), flags | O_NONBLOCK | O_CLOEXEC);
  if (number >= 0) return number;
  const int error = errno;
  if (error == ENOENT || error == ENODEV || error == ENXIO)
    return fail(ReaderErrc::device_gone, path + ": nothing is plugged in there");
  if (error == EACCES || error == EPERM)
    return fail(ReaderErrc::device_failed,
                path + ": not allowed; the gateway's user must be in the device's group (ls -lL)");
  return fail(ReaderErrc::device_failed, path + ": " + std::strerror(error));
}

}  // namespace sitegate::devices::scanner
