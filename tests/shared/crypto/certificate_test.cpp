// X.509 certificates: RFC 5280 sections 4.1.2.2 (serial), 4.2.1 (extensions); judged by the openssl command,
// not by our reader.
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <fstream>
#include <set>

#include "shared/crypto/certificate.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::crypto {
namespace {

using tests::TemporaryFolder;

const UtcTime now = *parse_utc("2026-04-01T00:00:00.000Z");

/// Exit code and output of `openssl …`.
std::pair<int, std::string> openssl(const TemporaryFolder& folder, std::vector<std::string> arguments) {
  const auto log = folder / "openssl.log";
  std::filesystem::remove(log);
  arguments.insert(arguments.begin(), "openssl");
  const int status = tests::ChildProcess(arguments, log).wait();
  std::ifstream file(log);
  return {status, std::string(std::istreambuf_iterator<char>(file), {})};
}

std::string described(const TemporaryFolder& folder, const std::filesystem::path& certificate) {
  return openssl(folder, {"x509", "-in", certificate, "-noout", "-text"}).second;
}

/// Whether openssl accepts it for "sslserver" or "sslclient" at a second since 1970.
bool accepts(const TemporaryFolder& folder, const CertificateFiles& authority,
             const std::filesystem::path& certificate, const std::string& purpose, UtcTime at = now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  return openssl(folder, {"verify", "-x509_strict", "-CAfile", authority.certificate, "-purpose", purpose,
                          "-attime", std::to_string(second), certificate})
             .first == 0;
}

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

struct Issued {
  TemporaryFolder folder;
  CertificateFiles authority = make_authority(folder.path(), now).value();
};

BOOST_FIXTURE_TEST_CASE(the_authority_signs_end_certificates_only, Issued) {
  const auto text = described(folder, authority.certificate);
  BOOST_TEST(contains(text, "CA:TRUE, pathlen:0"), text);
  BOOST_TEST(contains(text, "Certificate Sign, CRL Sign"), text);
  BOOST_TEST(contains(text, "ASN1 OID: prime256v1"), text);
  BOOST_TEST(contains(text, "ecdsa-with-SHA256"), text);
  BOOST_TEST(contains(text, "Not After : Apr  1 00:00:00 2036 GMT"), text);
  BOOST_TEST(contains(text, "X509v3 Subject Key Identifier"), text);
}

BOOST_FIXTURE_TEST_CASE(a_servers_certificate_names_its_hosts_and_serves_only, Issued) {
  const auto made = issue_server(authority, folder / "broker", {"broker.example.jp", "10.0.0.5", "::1"}, now);
  BOOST_REQUIRE(made.has_value());
  const auto text = described(folder, made.value().certificate);
  BOOST_TEST(contains(text, "DNS:broker.example.jp, IP Address:10.0.0.5, IP Address:0:0:0:0:0:0:0:1"), text);
  BOOST_TEST(contains(text, "X509v3 Basic Constraints: critical\n                CA:FALSE"), text);
  BOOST_TEST(contains(text, "X509v3 Authority Key Identifier"), text);
  BOOST_TEST(accepts(folder, authority, made.value().certificate, "sslserver"));
  BOOST_TEST(!accepts(folder, authority, made.value().certificate, "sslclient"));
}

BOOST_FIXTURE_TEST_CASE(a_clients_certificate_carries_its_name_and_ends_after_a_year, Issued) {
  const auto made = issue_client(authority, folder.path(), "gate-0001", now);
  BOOST_REQUIRE(made.has_value());
  BOOST_TEST(made.value().certificate.filename().string() == "gate-0001.crt");
  const auto text = described(folder, made.value().certificate);
  BOOST_TEST(contains(text, "Subject: CN = gate-0001\n"), text);
  BOOST_TEST(contains(text, "TLS Web Client Authentication\n"), text);
  BOOST_TEST(contains(text, "X509v3 Key Usage: critical\n                Digital Signature\n"), text);
  const auto accepted = [&](UtcTime at) {
    return accepts(folder, authority, made.value().certificate, "sslclient", at);
  };
  BOOST_TEST(accepted(now));
  BOOST_TEST(accepted(now - std::chrono::hours(23)));
  BOOST_TEST(!accepted(now - std::chrono::hours(25)));
  BOOST_TEST(accepted(now + std::chrono::days(364)));
  BOOST_TEST(!accepted(now + std::chrono::days(366)));
  BOOST_TEST(!accepts(folder, authority, made.value().certificate, "sslserver"));
}

BOOST_FIXTURE_TEST_CASE(a_foreign_authority_of_the_same_name_proves_nothing, Issued) {
  const Issued foreign;
  const auto made = issue_client(foreign.authority, foreign.folder.path(), "gate-1", now);
  BOOST_TEST(accepts(folder, foreign.authority, made.value().certificate, "sslclient"));
  BOOST_TEST(!accepts(folder, authority, made.value().certificate, "sslclient"));
}

BOOST_FIXTURE_TEST_CASE(private_keys_are_readable_by_their_owner_only, Issued) {
  const auto made = issue_client(authority, folder.path(), "gate-1", now);
  using std::filesystem::perms;
  const auto owner_only = perms::owner_read | perms::owner_write;
  BOOST_TEST((std::filesystem::status(made.value().key).permissions() == owner_only));
  BOOST_TEST((std::filesystem::status(authority.key).permissions() == owner_only));
  BOOST_TEST(openssl(folder, {"pkey", "-in", made.value().key, "-noout"}).first == 0);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_overwritten, Issued) {
  BOOST_REQUIRE(issue_client(authority, folder.path(), "gate-1", now).has_value());
  const auto before = read_certificate(folder / "gate-1.crt");
  const auto again = issue_client(authority, folder.path(), "gate-1", now);
  BOOST_REQUIRE(!again.has_value());
  BOOST_TEST(is(again.error(), CryptoErrc::cannot_write), again.error().text());
  BOOST_TEST(read_certificate(folder / "gate-1.crt").value().serial == before.value().serial);
  BOOST_TEST(!make_authority(folder.path(), now).has_value());
  std::filesystem::remove(folder / "gate-1.crt");  // the key alone is kept too
  BOOST_TEST(!issue_client(authority, folder.path(), "gate-1", now).has_value());
  BOOST_TEST(!std::filesystem::exists(folder / "gate-1.crt"));
}

BOOST_FIXTURE_TEST_CASE(serial_numbers_are_128_random_bits, Issued) {
  std::set<std::string> serials;
  for (int i = 0; i < 20; ++i) {
    const auto made = issue_client(authority, folder.path(), "gate-" + std::to_string(i), now);
    const auto serial = read_certificate(made.value().certificate).value().serial;
    BOOST_TEST(serial.size() == 32U);
    serials.insert(serial);
  }
  BOOST_TEST(serials.size() == 20U);
}

BOOST_FIXTURE_TEST_CASE(no_certificate_outlives_its_authority, Issued) {
  const UtcTime late = now + authority_validity - std::chrono::days(30);
  const auto made = issue_client(authority, folder.path(), "gate-1", late);
  BOOST_TEST((read_certificate(made.value().certificate).value().not_after == now + authority_validity));
  const auto too_late = issue_client(authority, folder.path(), "gate-2", late + std::chrono::days(31));
  BOOST_REQUIRE(!too_late.has_value());
  BOOST_TEST(is(too_late.error(), CryptoErrc::bad_certificate), too_late.error().text());
}

BOOST_FIXTURE_TEST_CASE(names_that_could_mean_something_else_are_refused, Issued) {
  for (const char* name : {"", "gate/1", "gate+1", "#", "gate 1", "../gate"})
    BOOST_TEST(!issue_client(authority, folder.path(), name, now).has_value(), name);
  for (const char* name : {"", "a,DNS:evil", "a b", "10.0.0.5/8"})
    BOOST_TEST(!issue_server(authority, folder.path(), {name}, now).has_value(), name);
  BOOST_TEST(!issue_server(authority, folder.path(), {}, now).has_value());
}

BOOST_FIXTURE_TEST_CASE(only_an_authority_can_sign, Issued) {
  const auto client = issue_client(authority, folder.path(), "gate-1", now).value();
  const auto by_client = issue_client(client, folder.path(), "gate-2", now);
  BOOST_REQUIRE(!by_client.has_value());
  BOOST_TEST(is(by_client.error(), CryptoErrc::bad_certificate), by_client.error().text());
  const auto wrong_key = issue_client({authority.certificate, client.key}, folder.path(), "gate-2", now);
  BOOST_TEST(is(wrong_key.error(), CryptoErrc::bad_certificate), wrong_key.error().text());
  const auto no_key =
      issue_client({authority.certificate, folder / "none.key"}, folder.path(), "gate-2", now);
  BOOST_TEST(is(no_key.error(), CryptoErrc::unreadable_key), no_key.error().text());
}

BOOST_FIXTURE_TEST_CASE(what_is_written_can_be_read_again, Issued) {
  const auto info =
      read_certificate(issue_client(authority, folder.path(), "gate-1", now).value().certificate);
  BOOST_TEST(info.value().common_name == "gate-1");
  BOOST_TEST(info.value().issuer == "SiteGate authority");
  BOOST_TEST((info.value().not_before == now - backdating));
  BOOST_TEST((info.value().not_after == now + client_validity));
  BOOST_TEST(is(read_certificate(authority.key).error(), CryptoErrc::bad_certificate));
}

}  // namespace
}  // namespace sitegate::crypto
