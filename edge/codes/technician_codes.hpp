// Technicians' codes at the gate: is this one good, here and now, and how often may it be shown?
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "edge/codes/use_book.hpp"
#include "edge/identification/identification.hpp"
#include "shared/codes/technician_code.hpp"

namespace sitegate::edge {

/// What a site takes; [codes] of gateway.toml.
struct CodePolicy {
  bool printed = true;                           ///< whether codes of this kind are taken at all
  bool short_lived = true;                       ///< likewise
  std::chrono::hours printed_age_max{24 * 400};  ///< since it was issued, whatever its expiry says
  std::chrono::hours short_lived_age_max{24};    ///< likewise
  int short_lived_uses_max = 2;                  ///< passages with one code: an entry and an exit
  int short_lived_gates_max = 2;                 ///< different gates at which one code is used
  std::chrono::seconds clock_tolerance{120};     ///< between the issuer's clock and ours
};

/// A technician's code, judged.
struct JudgedCode {
  Credential credential;  ///< the technician; of a refused one what is recorded in its place
  std::optional<UnidentifiedReason> refusal;
  std::optional<codes::CodeClaims> claims;  ///< where the signature holds
};

/// Not thread-safe: the pipeline's.
class TechnicianCodes {
 public:
  /// Uses are kept in `folder`, made if needed.
  static Result<std::unique_ptr<TechnicianCodes>> open(const std::filesystem::path& folder,
                                                       const PublicKey& cloud_key, SiteId site,
                                                       const CodePolicy& policy, UtcTime now);

  /// nullopt: the read is no technician's code. Signature, kind, site and times at the read's time; uses are
  /// not looked at.
  [[nodiscard]] std::optional<JudgedCode> judge(const CredentialRead& read) const;
  /// To be asked before a passage is recorded with it: counts the use, on the disk, and is true; or it is
  /// refused and false. Printed codes are not counted.
  Result<bool> use(const codes::CodeClaims& claims, const std::string& gate);

 private:
  TechnicianCodes(std::unique_ptr<UseBook> uses, const PublicKey& cloud_key, SiteId site,
                  const CodePolicy& policy)
      : uses_(std::move(uses)), cloud_key_(cloud_key), site_(site), policy_(policy) {}
  [[nodiscard]] std::optional<UnidentifiedReason> refusal(const codes::CodeClaims& claims, UtcTime now) const;

  const std::unique_ptr<UseBook> uses_;
  const PublicKey cloud_key_;
  const SiteId site_;
  const CodePolicy policy_;
};

/// What stands in the record in place of a refused code: "SG1 7f3a09c211d0e4b5 code_expired". Without the
/// serial where the code is too damaged to tell.
Credential refused_code(std::optional<std::uint64_t> serial, UnidentifiedReason reason);
/// The technician's code in a read, or empty.
std::string_view technician_code_in(const CredentialRead& read);

}  // namespace sitegate::edge
