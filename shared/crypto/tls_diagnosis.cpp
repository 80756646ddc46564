#include "shared/crypto/tls_diagnosis.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string_view>

#include "shared/crypto/certificate.hpp"

namespace sitegate::crypto {
namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "no reason given" : reason;
}

/// "valid 2026-01-01T00:00:00.000Z to …"
std::string validity_of(const std::string& file) {
  const auto info = read_certificate(file);
  if (!info) return file;
  return file + " (\"" + info.value().common_name + "\" from \"" + info.value().issuer + "\", valid " +
         to_text(info.value().not_before) + " to " + to_text(info.value().not_after) + ")";
}

std::optional<std::string> use_files(SSL_CTX* context, const TlsClientFiles& files) {
  if (SSL_CTX_load_verify_file(context, files.ca_file.c_str()) != 1)
    return "ca_file " + files.ca_file + " cannot be used: " + last_reason();
  if (files.certificate_file.empty()) return std::nullopt;
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate_file.c_str()) != 1)
    return "certificate_file " + files.certificate_file + " cannot be used: " + last_reason();
  if (SSL_CTX_use_PrivateKey_file(context, files.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return "key_file " + files.key_file + " cannot be used with " + files.certificate_file + ": " +
           last_reason();
  return std::nullopt;
}

void expect_host(SSL* session, const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  const bool is_address = ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
                          ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
  if (is_address) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
  } else {
    SSL_set1_host(session, host.c_str());
    SSL_set_tlsext_host_name(session, host.c_str());
  }
}

std::string explain_verification(long code, const std::string& host, const TlsClientFiles& files) {
  const std::string said = X509_verify_cert_error_string(code);
  switch (code) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the server's certificate does not name " + host + ": connect by a name it was issued for (" +
             said + ")";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the server's certificate has expired, or this machine's clock is ahead (" + said + ")";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the server's certificate is not valid yet: is this machine's clock behind? (" + said + ")";
    default:
      return "the server's certificate is not signed by the authority in ca_file " +
             validity_of(files.ca_file) + ": wrong ca_file, or a stranger answers (" + said + ")";
  }
}

std::string explain_refusal(const TlsClientFiles& files) {
  if (files.certificate_file.empty())
    return "the server wants a client certificate: give certificate_file and key_file (" + last_reason() +
           ")";
  return "the server does not take our certificate " + validity_of(files.certificate_file) + ": " +
         last_reason();
}

void limit_waiting(int socket, std::chrono::milliseconds patience) {
  const timeval limit{static_cast<time_t>(patience.count() / 1000),
                      static_cast<suseconds_t>(patience.count() % 1000 * 1000)};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

std::optional<std::string> shake_hands(SSL* session, const std::string& host, const TlsClientFiles& files) {
  const int done = SSL_connect(session);
  if (done != 1) {
    const long verified = SSL_get_verify_result(session);
    if (verified != X509_V_OK) return explain_verification(verified, host, files);
    if (SSL_get_error(session, done) == SSL_ERROR_SSL) return explain_refusal(files);
    return "the server closed the connection or did not answer during the TLS handshake: does it speak TLS "
           "there?";
  }
  char byte = 0;
  const int got = SSL_read(session, &byte, 1);
  if (got <= 0 && SSL_get_error(session, got) == SSL_ERROR_SSL) return explain_refusal(files);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> diagnose_tls(int socket, const std::string& host, const TlsClientFiles& files,
                                        std::chrono::milliseconds patience) {
  limit_waiting(socket, patience);
  ERR_clear_error();
  const Context context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!context) return "OpenSSL cannot start: " + last_reason();
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (auto wrong = use_files(context.get(), files)) return wrong;
  const Session session(SSL_new(context.get()), SSL_free);
  if (!session || SSL_set_fd(session.get(), socket) != 1) return "OpenSSL cannot start: " + last_reason();
  expect_host(session.get(), host);
  auto found = shake_hands(session.get(), host, files);
  ERR_clear_error();
  return found;
}

}  // namespace sitegate::crypto
