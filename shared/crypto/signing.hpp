// Ed25519 signatures (RFC 8032, PureEdDSA). A key file is PEM: PKCS #8 for the private, SubjectPublicKeyInfo
// for the public key, as `openssl genpkey -algorithm ed25519` makes them.
#pragma once
#include <array>
#include <filesystem>
#include <memory>

#include "shared/base/bytes.hpp"
#include "shared/crypto/errc.hpp"
#include "shared/model/registry.hpp"

namespace sitegate::crypto {

using Signature = std::array<std::uint8_t, 64>;

/// Immutable after construction; sign() may be called from any thread.
class SigningKey {
 public:
  static SigningKey generate();
  /// The key of a 32-byte seed (RFC 8032 section 5.1.5): for tests and simulations that must repeat.
  static SigningKey from_seed(const std::array<std::uint8_t, 32>& seed);
  static Result<SigningKey> load(const std::filesystem::path& file);
  /// New file with mode 0600; an existing one is never overwritten.
  [[nodiscard]] Result<void> save(const std::filesystem::path& file) const;

  [[nodiscard]] Signature sign(ByteView message) const;
  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }

 private:
  explicit SigningKey(std::shared_ptr<void> key);
  std::shared_ptr<void> key_;  // EVP_PKEY
  PublicKey public_key_{};
};

/// False for a wrong signature and for bytes that are no point of the curve.
bool verify(const PublicKey& key, ByteView message, const Signature& signature);

/// PEM, mode 0644; an existing file is never overwritten.
[[nodiscard]] Result<void> save_public_key(const PublicKey& key, const std::filesystem::path& file);
Result<PublicKey> load_public_key(const std::filesystem::path& file);

}  // namespace sitegate::crypto
