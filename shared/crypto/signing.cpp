#include "shared/crypto/signing.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "shared/crypto/pem_file.hpp"

namespace sitegate::crypto {
namespace {

std::shared_ptr<EVP_PKEY> own(EVP_PKEY* key) {
  return {key, EVP_PKEY_free};
}

Result<std::shared_ptr<EVP_PKEY>> expect_ed25519(EVP_PKEY* read, const std::filesystem::path& path) {
  auto key = own(read);
  ERR_clear_error();
  if (!key || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
    return fail(CryptoErrc::unreadable_key, path.string() + ": not an Ed25519 key in PEM");
  return key;
}

std::shared_ptr<EVP_PKEY> raw_public(const PublicKey& key) {
  return own(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
}

PublicKey raw_of(EVP_PKEY* key) {
  PublicKey raw{};
  std::size_t size = raw.size();
  const int done = EVP_PKEY_get_raw_public_key(key, raw.data(), &size);
  SITEGATE_ASSERT(done == 1 && size == raw.size());
  return raw;
}

}  // namespace

SigningKey::SigningKey(std::shared_ptr<void> key)
    : key_(std::move(key)), public_key_(raw_of(static_cast<EVP_PKEY*>(key_.get()))) {}

SigningKey SigningKey::generate() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  SITEGATE_ASSERT(key != nullptr);
  return SigningKey(own(key));
}

SigningKey SigningKey::from_seed(const std::array<std::uint8_t, 32>& seed) {
  EVP_PKEY* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size());
  SITEGATE_ASSERT(key != nullptr);
  return SigningKey(own(key));
}

Result<SigningKey> SigningKey::load(const std::filesystem::path& path) {
  SITEGATE_TRY(file, open_file(path));
  SITEGATE_TRY(key, expect_ed25519(PEM_read_PrivateKey(file.get(), nullptr, no_passphrase, nullptr), path));
  return SigningKey(std::move(key));
}

Result<void> SigningKey::save(const std::filesystem::path& path) const {
  SITEGATE_TRY(file, create_file(path, 0600));
  const int written = PEM_write_PKCS8PrivateKey(file.get(), static_cast<EVP_PKEY*>(key_.get()), nullptr,
                                                nullptr, 0, nullptr, nullptr);
  return finish(std::move(file), written, path);
}

Signature SigningKey::sign(ByteView message) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Signature signature{};
  std::size_t size = signature.size();
  const bool done =
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, static_cast<EVP_PKEY*>(key_.get())) == 1 &&
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1;
  SITEGATE_ASSERT(done && size == signature.size());
  return signature;
}

bool verify(const PublicKey& key, ByteView message, const Signature& signature) {
  const auto parsed = raw_public(key);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const bool valid =
      parsed && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, parsed.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) ==
          1;
  ERR_clear_error();
  return valid;
}

Result<void> save_public_key(const PublicKey& key, const std::filesystem::path& path) {
  const auto parsed = raw_public(key);
  if (!parsed) return fail(CryptoErrc::unreadable_key, "not an Ed25519 public key");
  SITEGATE_TRY(file, create_file(path, 0644));
  const int written = PEM_write_PUBKEY(file.get(), parsed.get());
  return finish(std::move(file), written, path);
}

Result<PublicKey> load_public_key(const std::filesystem::path& path) {
  SITEGATE_TRY(file, open_file(path));
  SITEGATE_TRY(key, expect_ed25519(PEM_read_PUBKEY(file.get(), nullptr, no_passphrase, nullptr), path));
  return raw_of(key.get());
}

}  // namespace sitegate::crypto
