// SHA-256 (FIPS 180-4), and MD5 where an old protocol leaves no choice.
#pragma once
#include "shared/base/bytes.hpp"

namespace sitegate::crypto {

Digest sha256(ByteView bytes);

/// RFC 1321. Broken: for HTTP Digest (RFC 7616) as devices speak it, never for anything of ours.
std::array<std::uint8_t, 16> md5(ByteView bytes);

}  // namespace sitegate::crypto
