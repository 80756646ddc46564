#include "devices/tag/sdm.hpp"

#include <algorithm>

namespace sitegate::devices::tag {
namespace {

constexpr std::uint8_t picc_data_tag = 0xC7;  // UID and SDMReadCtr mirrored, UID of 7 bytes

/// SDMReadCtr, LSB first, as it stands in PICCData, in SV1 and SV2 and in the IV.
std::array<std::uint8_t, 3> counter_bytes(std::uint32_t counter) {
  return {static_cast<std::uint8_t>(counter), static_cast<std::uint8_t>(counter >> 8),
          static_cast<std::uint8_t>(counter >> 16)};
}

/// SV1 (C3 3C) or SV2 (3C C3): two bytes, 00 01 00 80, UID, counter.
crypto::AesKey session_key(const crypto::AesKey& key, std::uint8_t first, std::uint8_t second,
                           const PiccData& data) {
  crypto::AesBlock vector{first, second, 0x00, 0x01, 0x00, 0x80};
  std::copy(data.uid.begin(), data.uid.end(), vector.begin() + 6);
  const auto counter = counter_bytes(data.counter);
  std::copy(counter.begin(), counter.end(), vector.begin() + 13);
  return crypto::AesKey(crypto::aes_cmac(key, vector));
}

crypto::AesBlock block_of(const Bytes& bytes) {
  SITEGATE_ASSERT(bytes.size() == 16);
  crypto::AesBlock block{};
  std::copy(bytes.begin(), bytes.end(), block.begin());
  return block;
}

crypto::AesBlock file_data_initial(const SessionKeys& keys, std::uint32_t counter) {
  crypto::AesBlock input{};
  const auto bytes = counter_bytes(counter);
  std::copy(bytes.begin(), bytes.end(), input.begin());
  return block_of(crypto::aes_cbc_encrypt(keys.encryption, {}, input).value());
}

}  // namespace

std::string uid_text(const TagUid& uid) {
  auto text = to_hex(uid);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::optional<TagUid> parse_uid(std::string_view text) {
  const auto bytes = from_hex(text);
  TagUid uid{};
  if (!bytes || bytes->size() != uid.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), uid.begin());
  return uid;
}

std::optional<PiccData> decrypt_picc_data(const crypto::AesKey& meta_read_key,
                                          const crypto::AesBlock& encrypted) {
  const auto plain = crypto::aes_cbc_decrypt(meta_read_key, {}, encrypted).value();
  if (plain[0] != picc_data_tag) return std::nullopt;
  PiccData data;
  std::copy_n(plain.begin() + 1, data.uid.size(), data.uid.begin());
  data.counter = static_cast<std::uint32_t>(plain[8] | plain[9] << 8 | plain[10] << 16);
  return data;
}

crypto::AesBlock encrypt_picc_data(const crypto::AesKey& meta_read_key, const PiccData& data,
                                   const std::array<std::uint8_t, 5>& padding) {
  crypto::AesBlock plain{picc_data_tag};
  std::copy(data.uid.begin(), data.uid.end(), plain.begin() + 1);
  const auto counter = counter_bytes(data.counter);
  std::copy(counter.begin(), counter.end(), plain.begin() + 8);
  std::copy(padding.begin(), padding.end(), plain.begin() + 11);
  return block_of(crypto::aes_cbc_encrypt(meta_read_key, {}, plain).value());
}

SessionKeys session_keys(const crypto::AesKey& file_read_key, const PiccData& data) {
  return {session_key(file_read_key, 0xC3, 0x3C, data), session_key(file_read_key, 0x3C, 0xC3, data)};
}

SdmMac sdm_mac(const SessionKeys& keys, std::string_view input) {
  const auto code = crypto::aes_cmac(keys.mac, as_bytes(input));
  SdmMac mac{};
  for (std::size_t i = 0; i < mac.size(); ++i) mac[i] = code[2 * i + 1];
  return mac;
}

Result<Bytes> decrypt_file_data(const SessionKeys& keys, std::uint32_t counter, ByteView encrypted) {
  return crypto::aes_cbc_decrypt(keys.encryption, file_data_initial(keys, counter), encrypted);
}

Result<Bytes> encrypt_file_data(const SessionKeys& keys, std::uint32_t counter, ByteView plain) {
  return crypto::aes_cbc_encrypt(keys.encryption, file_data_initial(keys, counter), plain);
}

crypto::AesKey diversified_key(const crypto::AesKey& master, const TagUid& uid, ByteView system) {
  SITEGATE_ASSERT(system.size() >= diversify_size_min && system.size() <= diversify_size_max);
  Bytes input{0x01};  // AN10922: the constant for AES-128
  input.insert(input.end(), uid.begin(), uid.end());
  input.insert(input.end(), system.begin(), system.end());
  return crypto::AesKey(crypto::aes_cmac(master, input));
}

}  // namespace sitegate::devices::tag
