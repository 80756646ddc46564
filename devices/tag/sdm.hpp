// What an NTAG 424 DNA puts into its URL at each tap: Secure Unique NFC messages by Secure Dynamic Messaging.
// Pure: bytes in, values out, both ways (the tag's side is the simulator's). Sources: NXP NT4H2421Gx data
// sheet rev. 3.0, 9.3 (Secure Dynamic Messaging); NXP AN12196 rev. 2.0, 3.3 (session keys), 3.4.2 (PICCData),
// 3.4.3 (encrypted file data), 3.4.4 (SDMMAC); NXP AN10922 rev. 2.2, 2.2.1 (keys of their own for each tag).
// AES mode only; tags set to LRP are not understood.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/crypto/aes.hpp"

namespace sitegate::devices::tag {

/// Of NXP's NTAG 424 DNA: 7 bytes, the first 04.
using TagUid = std::array<std::uint8_t, 7>;
/// "04DE5F1EACC040": as in tables, URLs and logs.
std::string uid_text(const TagUid& uid);
/// 14 hexadecimal digits, upper or lower case.
std::optional<TagUid> parse_uid(std::string_view text);

/// What PICCData says: which tag, and how often it has been read.
struct PiccData {
  TagUid uid{};
  std::uint32_t counter = 0;  ///< SDMReadCtr: rises by one at each tap; 0 to 0xFFFFFF
  bool operator==(const PiccData&) const = default;
};
inline constexpr std::uint32_t counter_max = 0xFFFFFF;

using SdmMac = std::array<std::uint8_t, 8>;
/// File data is encrypted in whole blocks; the file has 256 bytes, so never more.
inline constexpr std::size_t file_data_size_max = 96;

/// AN12196, 3.4.2.1: AES-CBC with a zero IV under SDMMetaReadKey. nullopt unless UID and counter are both
/// mirrored with a UID of 7 bytes (PICCDataTag C7): then the key is not this tag's.
std::optional<PiccData> decrypt_picc_data(const crypto::AesKey& meta_read_key,
                                          const crypto::AesBlock& encrypted);
/// The tag's side; `padding` is what the tag draws at random, 5 bytes.
crypto::AesBlock encrypt_picc_data(const crypto::AesKey& meta_read_key, const PiccData& data,
                                   const std::array<std::uint8_t, 5>& padding);

/// AN12196, 3.3: CMAC of SV1 and SV2 under SDMFileReadKey.
struct SessionKeys {
  crypto::AesKey encryption;
  crypto::AesKey mac;
};
SessionKeys session_keys(const crypto::AesKey& file_read_key, const PiccData& data);

/// AN12196, 3.4.4: every second byte of the CMAC over the text from SDMMACInputOffset up to SDMMACOffset,
/// empty where the two are equal.
SdmMac sdm_mac(const SessionKeys& keys, std::string_view input);

/// AN12196, 3.4.3: AES-CBC, IV = the counter encrypted. Whole blocks; an error otherwise.
Result<Bytes> decrypt_file_data(const SessionKeys& keys, std::uint32_t counter, ByteView encrypted);
Result<Bytes> encrypt_file_data(const SessionKeys& keys, std::uint32_t counter, ByteView plain);

/// AN10922, 2.2.1: the key of one tag from a master key, its UID and bytes that stand for application and
/// system. 9 to 24 of those bytes (shorter ones would leave the 32 byte input of AN10922).
crypto::AesKey diversified_key(const crypto::AesKey& master, const TagUid& uid, ByteView system);
inline constexpr std::size_t diversify_size_min = 9;
inline constexpr std::size_t diversify_size_max = 24;

}  // namespace sitegate::devices::tag
