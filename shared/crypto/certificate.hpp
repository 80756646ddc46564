// X.509 certificates (RFC 5280) for the broker's mutual TLS: one authority of our own, the broker's
// certificate, and one for each gateway and the cloud. EC keys on P-256, signed with ECDSA and SHA-256; PEM,
// private keys PKCS #8 with mode 0600. An existing file is never overwritten (cannot_write). Functions
// without state: any thread.
#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "shared/base/civil_time.hpp"
#include "shared/crypto/errc.hpp"

namespace sitegate::crypto {

/// A certificate and its private key, on disk.
struct CertificateFiles {
  std::filesystem::path certificate;  ///< NAME.crt, mode 0644
  std::filesystem::path key;          ///< NAME.key, mode 0600
};

inline constexpr std::chrono::days authority_validity{3653};  ///< ten years
inline constexpr std::chrono::days client_validity{365};
/// Certificates are valid from this long before they are made: a gateway's clock may be behind.
inline constexpr std::chrono::hours backdating{24};

/// authority.crt and authority.key in `folder`, which is created if missing. It can sign end certificates
/// only.
Result<CertificateFiles> make_authority(const std::filesystem::path& folder, UtcTime now,
                                        std::chrono::days validity = authority_validity);

/// server.crt and server.key for a broker that clients reach under `names` (host names, "*.example.jp", IP
/// addresses; at least one). bad_certificate: a name is neither, or the authority's certificate has expired
/// or is none.
Result<CertificateFiles> issue_server(const CertificateFiles& authority, const std::filesystem::path& folder,
                                      const std::vector<std::string>& names, UtcTime now,
                                      std::chrono::days validity = client_validity);

/// COMMON_NAME.crt and COMMON_NAME.key for a gateway or "cloud": the common name is its user name and client
/// id at the broker. 1 to 48 of [A-Za-z0-9-], as GatewayId. No certificate outlives the authority's.
Result<CertificateFiles> issue_client(const CertificateFiles& authority, const std::filesystem::path& folder,
                                      const std::string& common_name, UtcTime now,
                                      std::chrono::days validity = client_validity);

struct CertificateInfo {
  std::string common_name;
  std::string issuer;  ///< its common name
  std::string serial;  ///< hexadecimal, upper case, as in a revocation list
  UtcTime not_before{};
  UtcTime not_after{};
};
/// The first certificate in a PEM file; bad_certificate if there is none.
Result<CertificateInfo> read_certificate(const std::filesystem::path& file);

}  // namespace sitegate::crypto
