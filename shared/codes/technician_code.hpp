// Technicians' codes: a QR code that says who its holder is, signed by the cloud, so that a gate believes it
// without a network.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/civil_time.hpp"
#include "shared/base/error.hpp"
#include "shared/base/ids.hpp"
#include "shared/crypto/signing.hpp"

namespace sitegate::codes {

/// Values stand in codes: never renumber.
enum class CodeKind : std::uint8_t {
  printed = 1,      ///< on a card or a helmet, for weeks: whoever copies it is its holder too
  short_lived = 2,  ///< on a phone's screen, for minutes
};
std::string_view to_text(CodeKind kind);
std::optional<CodeKind> parse_code_kind(std::string_view word);

/// What a code says. Times are whole seconds from 2020-01-01 to 2156.
struct CodeClaims {
  CodeKind kind = CodeKind::printed;
  TechnicianId technician;
  std::optional<SiteId> site;  ///< where it is good; none: at every site
  std::uint64_t serial = 0;    ///< by chance; names the code in records and on lists
  UtcTime issued_at{};
  UtcTime expires_at{};  ///< after the issue
  bool operator==(const CodeClaims&) const = default;
};

enum class CodeErrc {
  no_code = 1,  ///< not one of ours
  damaged,      ///< one of ours, cut or with letters changed
  newer,        ///< of a version that this program does not know
  forged,       ///< the signature is not the cloud's
};
const char* errc_category(CodeErrc);
std::string_view errc_text(CodeErrc);

/// In front of every code.
inline constexpr std::string_view code_prefix = "SG1:";
/// Prefix, 30 bytes of claims and 64 of the signature as base 41: a QR code of version 6-M (41 × 41 modules).
inline constexpr std::size_t technician_code_size = 4 + 94 / 2 * 3;

/// True for texts with the prefix and exactly that size: they may be handed on although they are longer than
/// any other code.
bool is_technician_code(std::string_view text);

/// The claims must keep the limits said above (asserted).
std::string make_technician_code(const CodeClaims& claims, const crypto::SigningKey& key);

/// What the code says, whoever signed it: for messages about codes that were refused. Never forged.
Result<CodeClaims> read_technician_code(std::string_view text);
/// The same, and the signature is `key`'s (Ed25519 over "sitegate technician code 1", a zero byte and the
/// claims).
Result<CodeClaims> verify_technician_code(std::string_view text, const PublicKey& key);

/// Sixteen hexadecimal digits: how people name a code.
std::string serial_text(std::uint64_t serial);

}  // namespace sitegate::codes

template <>
struct std::is_error_code_enum<sitegate::codes::CodeErrc> : std::true_type {};
