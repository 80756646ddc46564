// AES-128 as NFC tags use it: CMAC (NIST SP 800-38B, RFC 4493) and CBC without padding (NIST SP 800-38A), and
// the comparison and the random bytes that go with secrets.
#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/crypto/errc.hpp"

namespace sitegate::crypto {

using AesBlock = std::array<std::uint8_t, 16>;

/// An AES-128 key; its bytes are wiped when it ends. Never printed, never logged.
class AesKey {
 public:
  AesKey() = default;
  explicit AesKey(const AesBlock& bytes) : bytes_(bytes) {}
  AesKey(const AesKey&) = default;
  AesKey& operator=(const AesKey&) = default;
  ~AesKey();
  /// From 32 hexadecimal digits; nullopt for anything else.
  static std::optional<AesKey> from_hex(std::string_view digits);
  [[nodiscard]] const AesBlock& bytes() const { return bytes_; }
  bool operator==(const AesKey& other) const;

 private:
  AesBlock bytes_{};
};

/// The whole CMAC, 16 bytes; `message` may be empty.
AesBlock aes_cmac(const AesKey& key, ByteView message);

/// Whole blocks only; bad_size otherwise. Both sides: the tag encrypts, the gateway decrypts.
Result<Bytes> aes_cbc_decrypt(const AesKey& key, const AesBlock& initial, ByteView blocks);
Result<Bytes> aes_cbc_encrypt(const AesKey& key, const AesBlock& initial, ByteView blocks);

/// Takes as long whatever the bytes are, so that a guess learns nothing from the time; false for different
/// sizes.
bool equal_in_constant_time(ByteView one, ByteView other);

/// From the system's generator (OpenSSL's DRBG); ends the program if there is none.
Bytes random_bytes(std::size_t count);

}  // namespace sitegate::crypto
