// SHA-256 (FIPS 180-4).
#pragma once
#include "shared/base/bytes.hpp"

namespace sitegate::crypto {

Digest sha256(ByteView bytes);

}  // namespace sitegate::crypto
