#include "shared/crypto/password.hpp"

#include <openssl/evp.h>

#include <bit>
#include <charconv>
#include <vector>

#include "shared/base/error.hpp"
#include "shared/crypto/aes.hpp"

namespace sitegate::crypto {
namespace {

constexpr std::string_view scheme = "scrypt";
constexpr std::uint32_t parallel_max = 4;

std::uint64_t memory_of(const ScryptCost& cost) {
  return std::uint64_t{128} * cost.cost * cost.block_size;
}

bool affordable(const ScryptCost& cost) {
  return cost.cost >= 2 && std::has_single_bit(cost.cost) && cost.block_size >= 1 && cost.block_size <= 64 &&
         cost.parallel >= 1 && cost.parallel <= parallel_max && memory_of(cost) <= scrypt_memory_max;
}

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at != text.npos;) {
    const auto next = text.find(mark, at);
    parts.push_back(text.substr(at, next == text.npos ? next : next - at));
    at = next == text.npos ? next : next + 1;
  }
  return parts;
}

/// 0 for anything that is no plain number.
std::uint32_t number_of(std::string_view text) {
  std::uint32_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? number : 0;
}

}  // namespace

Bytes scrypt(std::string_view password, ByteView salt, const ScryptCost& cost, std::size_t size) {
  Bytes key(size);
  const int done = EVP_PBE_scrypt(password.data(), password.size(), salt.data(), salt.size(), cost.cost,
                                  cost.block_size, cost.parallel, 2 * scrypt_memory_max, key.data(), size);
  SITEGATE_ASSERT(done == 1);
  return key;
}

PasswordHash PasswordHash::of(std::string_view password, const ScryptCost& cost) {
  SITEGATE_ASSERT(affordable(cost));
  Bytes salt = random_bytes(salt_size);
  Bytes key = scrypt(password, salt, cost, key_size);
  return {cost, std::move(salt), std::move(key)};
}

std::optional<PasswordHash> PasswordHash::parse(std::string_view text) {
  const auto parts = split(text, '$');
  if (parts.size() != 6 || parts[0] != scheme) return std::nullopt;
  const ScryptCost cost{number_of(parts[1]), number_of(parts[2]), number_of(parts[3])};
  auto salt = from_hex(parts[4]);
  auto key = from_hex(parts[5]);
  if (!affordable(cost) || !salt || salt->size() != salt_size || !key || key->size() != key_size)
    return std::nullopt;
  return PasswordHash(cost, std::move(*salt), std::move(*key));
}

std::string PasswordHash::text() const {
  return std::string(scheme) + "$" + std::to_string(cost_.cost) + "$" + std::to_string(cost_.block_size) +
         "$" + std::to_string(cost_.parallel) + "$" + to_hex(salt_) + "$" + to_hex(key_);
}

bool PasswordHash::matches(std::string_view password) const {
  return equal_in_constant_time(scrypt(password, salt_, cost_, key_size), key_);
}

}  // namespace sitegate::crypto
