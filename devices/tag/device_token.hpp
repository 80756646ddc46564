// The phone's token: 32 random bytes in a cookie. The register knows its SHA-256 only (TokenCredential), so
// neither a copy of the register nor of the record lets anybody pass as somebody. A token reaches the phone
// by an enrolment link: signed, good for some days, used once.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "devices/tag/errc.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/clock.hpp"
#include "shared/crypto/aes.hpp"

namespace sitegate::devices::tag {

/// A secret: never logged, never in a page.
class DeviceToken {
 public:
  static DeviceToken make();
  /// 64 lower-case hexadecimal digits, nothing else.
  static std::optional<DeviceToken> parse(std::string_view text);
  [[nodiscard]] std::string text() const { return to_hex(bytes_); }
  /// What the register is given: SHA-256 of the 32 bytes.
  [[nodiscard]] Digest hash() const;

 private:
  explicit DeviceToken(Bytes bytes) : bytes_(std::move(bytes)) {}
  Bytes bytes_;
};

struct EnrolmentLink {
  DeviceToken token;
  UtcTime until;
};

/// The query of an enrolment link: "token=…&until=<unix seconds>&code=<32 hex>"; the code is the CMAC of the
/// rest under the site's enrolment key.
std::string enrolment_query(const EnrolmentLink& link, const crypto::AesKey& key);
/// bad_token with the reason, which holds nothing of the text, for every query that is not one of ours. Does
/// not look whether it has ended or was used.
Result<EnrolmentLink> parse_enrolment(std::string_view query, const crypto::AesKey& key);
inline constexpr std::size_t enrolment_query_size_max = 256;

}  // namespace sitegate::devices::tag
