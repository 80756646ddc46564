// Why a TLS connection cannot be made, in words that say what to do. Libraries that speak TLS for us report a
// bare "failed".
#pragma once
#include <chrono>
#include <optional>
#include <string>

namespace sitegate::crypto {

struct TlsClientFiles {
  std::string ca_file;
  std::string certificate_file;  ///< empty: none
  std::string key_file;
};

/// Shakes hands with the server behind `socket` (connected, blocking, stays the caller's) as the client these
/// files make. nullopt: nothing wrong was seen before `patience` was over. Waits that long at most for each
/// answer, since a TLS 1.3 server says only afterwards that it does not like the client's certificate (RFC
/// 8446 section 4.4.2.4).
std::optional<std::string> diagnose_tls(int socket, const std::string& host, const TlsClientFiles& files,
                                        std::chrono::milliseconds patience);

}  // namespace sitegate::crypto
