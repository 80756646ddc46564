#include "shared/codes/technician_code.hpp"

#include <algorithm>

#include "shared/codes/base41.hpp"

namespace sitegate::codes {
namespace {

// The claims, big-endian: version 1, kind 1, technician 6, site 6 (0: every), serial 8, issued 4, expires 4.
constexpr std::uint8_t version = 1;
constexpr std::size_t claims_size = 30;
constexpr std::string_view context("sitegate technician code 1\0", 27);
constexpr UtcTime epoch{std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)};

void put(Bytes& bytes, std::uint64_t value, int size) {
  for (int shift = size * 8 - 8; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint64_t take(ByteView& bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (const auto byte : bytes.first(size)) value = value << 8 | byte;
  bytes = bytes.subspan(size);
  return value;
}

std::uint64_t seconds_of(UtcTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time - epoch).count();
  SITEGATE_ASSERT(seconds >= 0 && seconds <= 0xFFFF'FFFF);
  return static_cast<std::uint64_t>(seconds);
}

UtcTime time_of(std::uint64_t seconds) {
  return epoch + std::chrono::seconds(static_cast<std::int64_t>(seconds));
}

Bytes claims_bytes(const CodeClaims& claims) {
  SITEGATE_ASSERT(claims.technician && claims.expires_at > claims.issued_at);
  Bytes bytes;
  put(bytes, version, 1);
  put(bytes, static_cast<std::uint8_t>(claims.kind), 1);
  put(bytes, claims.technician.number(), 6);
  put(bytes, claims.site ? claims.site->number() : 0, 6);
  put(bytes, claims.serial, 8);
  put(bytes, seconds_of(claims.issued_at), 4);
  put(bytes, seconds_of(claims.expires_at), 4);
  return bytes;
}

Bytes signed_bytes(ByteView claims) {
  std::string message(context);
  message += as_text(claims);
  return to_bytes(as_bytes(message));
}

Error damaged(std::string_view what) {
  return fail(CodeErrc::damaged, std::string(what));
}

/// Claims and signature, of the right size and version.
Result<Bytes> content_of(std::string_view text) {
  if (!text.starts_with(code_prefix)) return fail(CodeErrc::no_code);
  if (text.size() != technician_code_size)
    return damaged(std::to_string(text.size()) + " characters instead of " +
                   std::to_string(technician_code_size));
  auto bytes = from_base41(text.substr(code_prefix.size()));
  if (!bytes) return damaged("letters that no code has");
  if (bytes->front() != version) return fail(CodeErrc::newer, "version " + std::to_string(bytes->front()));
  return std::move(*bytes);
}

Result<CodeClaims> claims_of(ByteView bytes) {
  CodeClaims claims;
  static_cast<void>(take(bytes, 1));
  const auto kind = take(bytes, 1);
  if (kind != 1 && kind != 2) return damaged("an unknown kind");
  claims.kind = static_cast<CodeKind>(kind);
  const auto technician = TechnicianId::from_number(take(bytes, 6));
  if (!technician) return damaged("no technician's ID");
  claims.technician = *technician;
  const auto site = take(bytes, 6);
  claims.site = SiteId::from_number(site);
  if (site != 0 && !claims.site) return damaged("no site's ID");
  claims.serial = take(bytes, 8);
  claims.issued_at = time_of(take(bytes, 4));
  claims.expires_at = time_of(take(bytes, 4));
  if (claims.expires_at <= claims.issued_at) return damaged("expires before it was issued");
  return claims;
}

}  // namespace

std::string_view to_text(CodeKind kind) {
  return kind == CodeKind::printed ? "printed" : "short_lived";
}

std::optional<CodeKind> parse_code_kind(std::string_view word) {
  if (word == "printed") return CodeKind::printed;
  if (word == "short_lived") return CodeKind::short_lived;
  return std::nullopt;
}

const char* errc_category(CodeErrc) {
  return "code";
}

std::string_view errc_text(CodeErrc what) {
  switch (what) {
    case CodeErrc::no_code:
      return "no technician's code";
    case CodeErrc::damaged:
      return "a damaged technician's code";
    case CodeErrc::newer:
      return "a technician's code of a newer version: update this program";
    case CodeErrc::forged:
      return "a technician's code that the cloud has not signed";
  }
  return "unknown";
}

bool is_technician_code(std::string_view text) {
  return text.starts_with(code_prefix) && text.size() == technician_code_size;
}

std::string make_technician_code(const CodeClaims& claims, const crypto::SigningKey& key) {
  Bytes bytes = claims_bytes(claims);
  SITEGATE_ASSERT(bytes.size() == claims_size);
  const auto signature = key.sign(signed_bytes(bytes));
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  return std::string(code_prefix) + to_base41(bytes);
}

Result<CodeClaims> read_technician_code(std::string_view text) {
  SITEGATE_TRY(bytes, content_of(text));
  return claims_of(bytes);
}

Result<CodeClaims> verify_technician_code(std::string_view text, const PublicKey& key) {
  SITEGATE_TRY(bytes, content_of(text));
  SITEGATE_TRY(claims, claims_of(bytes));
  crypto::Signature signature{};
  std::copy(bytes.begin() + claims_size, bytes.end(), signature.begin());
  if (!crypto::verify(key, signed_bytes(ByteView(bytes).first(claims_size)), signature))
    return fail(CodeErrc::forged, "serial " + serial_text(claims.serial));
  return claims;
}

std::string serial_text(std::uint64_t serial) {
  Bytes bytes;
  put(bytes, serial, 8);
  return to_hex(bytes);
}

}  // namespace sitegate::codes
