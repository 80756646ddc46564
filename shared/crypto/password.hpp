// Passwords as they are kept: salted and slow to guess (scrypt, RFC 7914).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"

namespace sitegate::crypto {

/// RFC 7914, section 2. One question takes 128 × cost × block_size bytes of memory.
struct ScryptCost {
  std::uint32_t cost = 16'384;  ///< N: a power of two
  std::uint32_t block_size = 8;
  std::uint32_t parallel = 1;
  auto operator<=>(const ScryptCost&) const = default;
};
inline constexpr std::uint64_t scrypt_memory_max = std::uint64_t{64} << 20;

/// `size` bytes. A cost that is none, or needs more than twice scrypt_memory_max, ends the program.
Bytes scrypt(std::string_view password, ByteView salt, const ScryptCost& cost, std::size_t size);

/// Values; the password itself is nowhere in it. matches() takes about 50 ms with the default cost: that is
/// its purpose.
class PasswordHash {
 public:
  /// With a fresh salt from the system's generator.
  static PasswordHash of(std::string_view password, const ScryptCost& cost = {});
  /// "scrypt$16384$8$1$<salt, 32 hex>$<64 hex>"; nullopt for anything else, and for costs that would take
  /// more than scrypt_memory_max or a second.
  static std::optional<PasswordHash> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool matches(std::string_view password) const;

 private:
  static constexpr std::size_t salt_size = 16;
  static constexpr std::size_t key_size = 32;
  PasswordHash(const ScryptCost& cost, Bytes salt, Bytes key)
      : cost_(cost), salt_(std::move(salt)), key_(std::move(key)) {}
  ScryptCost cost_;
  Bytes salt_;
  Bytes key_;
};

}  // namespace sitegate::crypto
