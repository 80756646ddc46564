#include "shared/crypto/digest.hpp"

#include <openssl/evp.h>

#include "shared/base/error.hpp"

namespace sitegate::crypto {

Digest sha256(ByteView bytes) {
  Digest digest{};
  unsigned size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  SITEGATE_ASSERT(done == 1 && size == digest.size());
  return digest;
}

std::array<std::uint8_t, 16> md5(ByteView bytes) {
  std::array<std::uint8_t, 16> digest{};
  unsigned size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr);
  SITEGATE_ASSERT(done == 1 && size == digest.size());
  return digest;
}

}  // namespace sitegate::crypto
