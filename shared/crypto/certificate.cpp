#include "shared/crypto/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "shared/base/ids.hpp"
#include "shared/crypto/pem_file.hpp"

namespace sitegate::crypto {
namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

struct Identity {
  Certificate certificate;
  Key key;
};

struct Extension {
  int nid;
  std::string value;  // in the words of x509v3_config(5)
};

struct Request {
  std::string common_name;
  UtcTime not_before;
  UtcTime not_after;
  std::vector<Extension> extensions;
};

/// The last thing OpenSSL said, and nothing of it stays for the next caller.
Error library_error(const std::string& where) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  ERR_clear_error();
  return fail(CryptoErrc::library_failed, where + ": " + text.data());
}

bool set_time(ASN1_TIME* field, UtcTime time) {
  return ASN1_TIME_set(field, std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()) !=
         nullptr;
}

/// RFC 5280 section 4.1.2.2: positive, at most 20 octets; random, so that nobody can count our gateways.
bool set_random_serial(X509* certificate) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_new(), BN_free);
  return number && BN_rand(number.get(), 128, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_subject(X509* certificate, const std::string& common_name) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

bool add_extension(X509* certificate, X509* issuer, const Extension& extension) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made(
      X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value.c_str()), X509_EXTENSION_free);
  return made && X509_add_ext(certificate, made.get(), -1) == 1;
}

/// `issuer` null: signed by itself. The subject key identifier comes first, since the authority's own points
/// at it.
Result<Identity> make_certificate(const Request& request, const Identity* issuer) {
  Identity made{Certificate(X509_new(), X509_free), Key(EVP_EC_gen("P-256"), EVP_PKEY_free)};
  X509* certificate = made.certificate.get();
  if (!made.key || certificate == nullptr) return library_error(request.common_name);
  X509* signer = issuer == nullptr ? certificate : issuer->certificate.get();
  EVP_PKEY* signing_key = issuer == nullptr ? made.key.get() : issuer->key.get();
  bool done = X509_set_version(certificate, X509_VERSION_3) == 1 && set_random_serial(certificate) &&
              set_subject(certificate, request.common_name) &&
              X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1 &&
              set_time(X509_getm_notBefore(certificate), request.not_before) &&
              set_time(X509_getm_notAfter(certificate), request.not_after) &&
              X509_set_pubkey(certificate, made.key.get()) == 1 &&
              add_extension(certificate, signer, {NID_subject_key_identifier, "hash"}) &&
              add_extension(certificate, signer, {NID_authority_key_identifier, "keyid:always"});
  for (const auto& extension : request.extensions)
    done = done && add_extension(certificate, signer, extension);
  if (!done || X509_sign(certificate, signing_key, EVP_sha256()) == 0)
    return library_error(request.common_name);
  return made;
}

Result<CertificateFiles> save(const Identity& identity, const std::filesystem::path& folder,
                              const std::string& name) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(CryptoErrc::cannot_write, folder.string() + ": " + error.message());
  const CertificateFiles files{folder / (name + ".crt"), folder / (name + ".key")};
  if (std::filesystem::exists(files.certificate, error))
    return fail(CryptoErrc::cannot_write, files.certificate.string() + ": it exists already");
  SITEGATE_TRY(key_file, create_file(files.key, 0600));
  int written =
      PEM_write_PKCS8PrivateKey(key_file.get(), identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  SITEGATE_TRYV(finish(std::move(key_file), written, files.key));
  SITEGATE_TRY(certificate_file, create_file(files.certificate, 0644));
  written = PEM_write_X509(certificate_file.get(), identity.certificate.get());
  SITEGATE_TRYV(finish(std::move(certificate_file), written, files.certificate));
  return files;
}

Result<Certificate> load_certificate(const std::filesystem::path& path) {
  SITEGATE_TRY(file, open_file(path));
  Certificate certificate(PEM_read_X509(file.get(), nullptr, no_passphrase, nullptr), X509_free);
  ERR_clear_error();
  if (!certificate) return fail(CryptoErrc::bad_certificate, path.string() + ": no certificate in PEM");
  return certificate;
}

UtcTime to_utc_time(const ASN1_TIME* field) {
  std::tm parts{};
  ASN1_TIME_to_tm(field, &parts);
  return UtcTime(std::chrono::seconds(::timegm(&parts)));
}

Result<Identity> load_authority(const CertificateFiles& files) {
  SITEGATE_TRY(certificate, load_certificate(files.certificate));
  SITEGATE_TRY(file, open_file(files.key));
  Key key(PEM_read_PrivateKey(file.get(), nullptr, no_passphrase, nullptr), EVP_PKEY_free);
  ERR_clear_error();
  if (!key) return fail(CryptoErrc::unreadable_key, files.key.string() + ": no private key in PEM");
  if (X509_check_ca(certificate.get()) == 0)
    return fail(CryptoErrc::bad_certificate,
                files.certificate.string() + ": may not sign other certificates");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return fail(CryptoErrc::bad_certificate,
                files.certificate.string() + ": does not belong to " + files.key.string());
  }
  return Identity{std::move(certificate), std::move(key)};
}

bool is_address(const std::string& name) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

bool is_host_name(const std::string& name) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '*';
  };
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), allowed);
}

/// "DNS:broker.example.jp,IP:10.0.0.5"
Result<std::string> alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) {
    if (!is_address(name) && !is_host_name(name))
      return fail(CryptoErrc::bad_certificate, "\"" + name + "\" is neither a host name nor an address");
    text += (text.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
  }
  if (text.empty())
    return fail(CryptoErrc::bad_certificate, "a server's certificate needs at least one name");
  return text;
}

/// What every end certificate says of itself: no authority, signs handshakes only.
std::vector<Extension> end_extensions(const char* purpose) {
  return {{NID_basic_constraints, "critical,CA:FALSE"},
          {NID_key_usage, "critical,digitalSignature"},
          {NID_ext_key_usage, purpose}};
}

Result<CertificateFiles> issue(const CertificateFiles& authority, const std::filesystem::path& folder,
                               const std::string& file_name, Request request) {
  SITEGATE_TRY(issuer, load_authority(authority));
  const UtcTime last = to_utc_time(X509_get0_notAfter(issuer.certificate.get()));
  request.not_after = std::min(request.not_after, last);
  if (request.not_after <= request.not_before + backdating)
    return fail(CryptoErrc::bad_certificate, authority.certificate.string() + ": ended on " + to_text(last));
  SITEGATE_TRY(made, make_certificate(request, &issuer));
  return save(made, folder, file_name);
}

std::string common_name_of(const X509_NAME* name) {
  std::array<char, 256> text{};
  const int size =
      X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_commonName, text.data(), text.size());
  return size < 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(size));
}

std::string serial_of(const X509* certificate) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr), BN_free);
  char* text = BN_bn2hex(number.get());
  std::string serial(text == nullptr ? "" : text);
  OPENSSL_free(text);
  return serial;
}

}  // namespace

Result<CertificateFiles> make_authority(const std::filesystem::path& folder, UtcTime now,
                                        std::chrono::days validity) {
  // Path length 0: a stolen end certificate or a mistake can make no further authority.
  const Request request{"SiteGate authority",
                        now - backdating,
                        now + validity,
                        {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                         {NID_key_usage, "critical,keyCertSign,cRLSign"}}};
  SITEGATE_TRY(made, make_certificate(request, nullptr));
  return save(made, folder, "authority");
}

Result<CertificateFiles> issue_server(const CertificateFiles& authority, const std::filesystem::path& folder,
                                      const std::vector<std::string>& names, UtcTime now,
                                      std::chrono::days validity) {
  SITEGATE_TRY(alternatives, alternative_names(names));
  Request request{"SiteGate broker", now - backdating, now + validity, end_extensions("serverAuth")};
  request.extensions.push_back({NID_subject_alt_name, alternatives});
  return issue(authority, folder, "server", std::move(request));
}

Result<CertificateFiles> issue_client(const CertificateFiles& authority, const std::filesystem::path& folder,
                                      const std::string& common_name, UtcTime now,
                                      std::chrono::days validity) {
  if (!GatewayId::parse(common_name))
    return fail(CryptoErrc::bad_certificate,
                "\"" + common_name + "\": a name is 1 to 48 of A-Z a-z 0-9 and -");
  return issue(authority, folder, common_name,
               Request{common_name, now - backdating, now + validity, end_extensions("clientAuth")});
}

Result<CertificateInfo> read_certificate(const std::filesystem::path& file) {
  SITEGATE_TRY(certificate, load_certificate(file));
  CertificateInfo info;
  info.common_name = common_name_of(X509_get_subject_name(certificate.get()));
  info.issuer = common_name_of(X509_get_issuer_name(certificate.get()));
  info.serial = serial_of(certificate.get());
  info.not_before = to_utc_time(X509_get0_notBefore(certificate.get()));
  info.not_after = to_utc_time(X509_get0_notAfter(certificate.get()));
  return info;
}

}  // namespace sitegate::crypto
