#include "shared/crypto/aes.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

namespace sitegate::crypto {

AesKey::~AesKey() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

std::optional<AesKey> AesKey::from_hex(std::string_view digits) {
  AesBlock bytes{};
  if (digits.size() != 2 * bytes.size()) return std::nullopt;
  auto parsed = sitegate::from_hex(digits);
  if (!parsed) return std::nullopt;
  std::copy(parsed->begin(), parsed->end(), bytes.begin());
  OPENSSL_cleanse(parsed->data(), parsed->size());
  return AesKey(bytes);
}

bool AesKey::operator==(const AesKey& other) const {
  return equal_in_constant_time(bytes_, other.bytes_);
}

AesBlock aes_cmac(const AesKey& key, ByteView message) {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> kind(EVP_MAC_fetch(nullptr, "CMAC", nullptr),
                                                               EVP_MAC_free);
  const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(EVP_MAC_CTX_new(kind.get()),
                                                                          EVP_MAC_CTX_free);
  char cipher[] = "AES-128-CBC";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, sizeof cipher - 1),
      OSSL_PARAM_construct_end()};
  AesBlock code{};
  std::size_t size = 0;
  const bool done = context &&
                    EVP_MAC_init(context.get(), key.bytes().data(), key.bytes().size(), parameters) == 1 &&
                    EVP_MAC_update(context.get(), message.data(), message.size()) == 1 &&
                    EVP_MAC_final(context.get(), code.data(), &size, code.size()) == 1;
  SITEGATE_ASSERT(done && size == code.size());
  return code;
}

namespace {

enum class Way : int { decrypt = 0, encrypt = 1 };

Result<Bytes> cbc(Way way, const AesKey& key, const AesBlock& initial, ByteView blocks) {
  if (blocks.size() % initial.size() != 0)
    return fail(CryptoErrc::bad_size, std::to_string(blocks.size()) + " bytes are no whole blocks of AES");
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
  Bytes out(blocks.size() + initial.size());
  int size = 0;
  const bool done =
      context &&
      EVP_CipherInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, key.bytes().data(), initial.data(),
                        static_cast<int>(way)) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), out.data(), &size, blocks.data(), static_cast<int>(blocks.size())) == 1;
  SITEGATE_ASSERT(done && static_cast<std::size_t>(size) == blocks.size());
  out.resize(blocks.size());
  return out;
}

}  // namespace

Result<Bytes> aes_cbc_decrypt(const AesKey& key, const AesBlock& initial, ByteView blocks) {
  return cbc(Way::decrypt, key, initial, blocks);
}

Result<Bytes> aes_cbc_encrypt(const AesKey& key, const AesBlock& initial, ByteView blocks) {
  return cbc(Way::encrypt, key, initial, blocks);
}

bool equal_in_constant_time(ByteView one, ByteView other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  SITEGATE_ASSERT(RAND_bytes(bytes.data(), static_cast<int>(count)) == 1);
  return bytes;
}

}  // namespace sitegate::crypto
