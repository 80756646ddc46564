#include "edge/codes/technician_codes.hpp"

#include <algorithm>

#include "shared/base/log.hpp"

namespace sitegate::edge {
namespace {

UnidentifiedReason reason_of(const Error& error) {
  return is(error, codes::CodeErrc::forged) ? UnidentifiedReason::code_forged
                                            : UnidentifiedReason::code_damaged;
}

}  // namespace

Result<std::unique_ptr<TechnicianCodes>> TechnicianCodes::open(const std::filesystem::path& folder,
                                                               const PublicKey& cloud_key, SiteId site,
                                                               const CodePolicy& policy, UtcTime now) {
  SITEGATE_TRY(uses, UseBook::open(folder, now));
  return std::unique_ptr<TechnicianCodes>(new TechnicianCodes(std::move(uses), cloud_key, site, policy));
}

std::string_view technician_code_in(const CredentialRead& read) {
  const auto* code = std::get_if<CodeCredential>(&read.credential);
  return code != nullptr && code->text.starts_with(codes::code_prefix) ? std::string_view(code->text)
                                                                       : std::string_view{};
}

std::optional<JudgedCode> TechnicianCodes::judge(const CredentialRead& read) const {
  const auto text = technician_code_in(read);
  if (text.empty()) return std::nullopt;
  const auto verified = codes::verify_technician_code(text, cloud_key_);
  if (!verified) {
    const auto said = codes::read_technician_code(text);
    const auto reason = reason_of(verified.error());
    log::warn("reader={} code refused reason=\"{}\"", read.reader_id, verified.error().text());
    const auto serial = said ? std::optional(said.value().serial) : std::nullopt;
    return JudgedCode{refused_code(serial, reason), reason, std::nullopt};
  }
  const codes::CodeClaims& claims = verified.value();
  const auto refused = refusal(claims, read.event_time);
  if (!refused) return JudgedCode{TechnicianCredential{claims.technician}, std::nullopt, claims};
  log::warn("reader={} code refused serial={} reason={}", read.reader_id, codes::serial_text(claims.serial),
            to_text(*refused));
  return JudgedCode{refused_code(claims.serial, *refused), refused, claims};
}

std::optional<UnidentifiedReason> TechnicianCodes::refusal(const codes::CodeClaims& claims,
                                                           UtcTime now) const {
  const bool printed = claims.kind == codes::CodeKind::printed;
  if (!(printed ? policy_.printed : policy_.short_lived)) return UnidentifiedReason::code_not_allowed;
  if (claims.site && *claims.site != site_) return UnidentifiedReason::code_wrong_site;
  if (claims.issued_at > now + policy_.clock_tolerance) return UnidentifiedReason::code_not_yet_valid;
  const auto age_max = printed ? policy_.printed_age_max : policy_.short_lived_age_max;
  const UtcTime end = std::min<UtcTime>(claims.expires_at, claims.issued_at + age_max);
  if (end + policy_.clock_tolerance < now) return UnidentifiedReason::code_expired;
  return std::nullopt;
}

Result<bool> TechnicianCodes::use(const codes::CodeClaims& claims, const std::string& gate) {
  if (claims.kind == codes::CodeKind::printed) return true;
  SITEGATE_TRY(uses, uses_->uses(claims.serial));
  const bool new_gate = std::ranges::find(uses.gates, gate) == uses.gates.end();
  if (uses.count >= policy_.short_lived_uses_max) return false;
  if (new_gate && static_cast<int>(uses.gates.size()) >= policy_.short_lived_gates_max) return false;
  ++uses.count;
  if (new_gate) uses.gates.push_back(gate);
  SITEGATE_TRYV(uses_->put(claims.serial, uses, claims.expires_at));
  return true;
}

Credential refused_code(std::optional<std::uint64_t> serial, UnidentifiedReason reason) {
  const std::string name = serial ? codes::serial_text(*serial) : "unreadable";
  return CodeCredential{"SG1 " + name + " " + std::string(to_text(reason))};
}

}  // namespace sitegate::edge
