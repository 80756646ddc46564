// Which errors are the disk's.
#pragma once
#include "shared/base/error.hpp"

namespace sitegate::lmdb {

/// Whether a disk that is full, fails or is read-only stands in the way (lmdb::Errc::io, ::full, and the
/// system's errors of that kind): it may work again, so try again. Anything else wants somebody's hand.
bool is_disk_fault(const Error& error);

}  // namespace sitegate::lmdb
