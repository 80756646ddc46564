#include "shared/lmdb/disk_fault.hpp"

#include "shared/lmdb/environment.hpp"

namespace sitegate::lmdb {

bool is_disk_fault(const Error& error) {
  if (is(error, Errc::io) || is(error, Errc::full)) return true;
  for (const auto fault :
       {std::errc::io_error, std::errc::read_only_file_system, std::errc::no_space_on_device})
    if (error.code == fault) return true;
  return false;
}

}  // namespace sitegate::lmdb
