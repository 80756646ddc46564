// Key files: PEM with the right mode, read back, never overwritten, and nothing else taken for a key.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "shared/crypto/signing.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::crypto::test {

namespace files = std::filesystem;

struct KeyFolder {
  [[nodiscard]] files::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return path / name;
  }
  [[nodiscard]] files::path run(const std::string& command, const std::string& name) const {
    const auto file = path / name;
    BOOST_REQUIRE(std::system((command + " -out '" + file.string() + "' 2>/dev/null").c_str()) == 0);
    return file;
  }
  const tests::TemporaryFolder folder;
  const files::path& path = folder.path();
};

unsigned mode_of(const files::path& file) {
  struct stat status {};
  BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

std::string first_line(const files::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

template <typename Loaded>
void check_unreadable(const Loaded& loaded) {
  BOOST_REQUIRE(!loaded);
  BOOST_TEST(is(loaded.error(), CryptoErrc::unreadable_key), loaded.error().text());
}

BOOST_FIXTURE_TEST_CASE(a_saved_key_signs_as_before, KeyFolder) {
  const auto key = SigningKey::generate();
  BOOST_REQUIRE(key.save(path / "signing.pem"));
  const auto loaded = SigningKey::load(path / "signing.pem");
  BOOST_REQUIRE(loaded);
  BOOST_TEST((loaded.value().public_key() == key.public_key()));
  BOOST_TEST((loaded.value().sign(as_bytes("x")) == key.sign(as_bytes("x"))));
  BOOST_TEST(mode_of(path / "signing.pem") == 0600U);
  BOOST_TEST(first_line(path / "signing.pem") == "-----BEGIN PRIVATE KEY-----");
}

BOOST_FIXTURE_TEST_CASE(a_saved_public_key_is_the_same, KeyFolder) {
  const auto key = SigningKey::generate().public_key();
  const auto mask = ::umask(022);
  BOOST_REQUIRE(save_public_key(key, path / "public.pem"));
  ::umask(mask);
  const auto loaded = load_public_key(path / "public.pem");
  BOOST_REQUIRE(loaded);
  BOOST_TEST((loaded.value() == key));
  BOOST_TEST(mode_of(path / "public.pem") == 0644U);
  BOOST_TEST(first_line(path / "public.pem") == "-----BEGIN PUBLIC KEY-----");
}

BOOST_FIXTURE_TEST_CASE(an_existing_file_is_never_overwritten, KeyFolder) {
  const auto file = write("signing.pem", "precious");
  const auto key = SigningKey::generate();
  const auto saved = key.save(file);
  BOOST_REQUIRE(!saved);
  BOOST_TEST(is(saved.error(), CryptoErrc::cannot_write));
  BOOST_TEST(saved.error().detail.find(file.string()) != std::string::npos);
  BOOST_TEST(!save_public_key(key.public_key(), file));
  BOOST_TEST(first_line(file) == "precious");
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_is_not_there_is_an_error_with_the_path, KeyFolder) {
  const auto saved = SigningKey::generate().save(path / "absent" / "signing.pem");
  BOOST_REQUIRE(!saved);
  BOOST_TEST(is(saved.error(), CryptoErrc::cannot_write));
  check_unreadable(SigningKey::load(path / "absent" / "signing.pem"));
}

BOOST_FIXTURE_TEST_CASE(keys_made_by_openssl_are_read, KeyFolder) {
  const auto file = run("openssl genpkey -algorithm ed25519", "openssl.pem");
  const auto key = SigningKey::load(file);
  BOOST_REQUIRE(key);
  const auto public_file = run("openssl pkey -pubout -in '" + file.string() + "'", "openssl-public.pem");
  const auto public_key = load_public_key(public_file);
  BOOST_REQUIRE(public_key);
  BOOST_TEST((public_key.value() == key.value().public_key()));
}

BOOST_FIXTURE_TEST_CASE(what_is_no_ed25519_key_is_refused, KeyFolder) {
  const auto elliptic = run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", "p256.pem");
  const auto elliptic_public = run("openssl pkey -pubout -in '" + elliptic.string() + "'", "p256-public.pem");
  const auto exchange = run("openssl genpkey -algorithm x25519", "x25519.pem");
  check_unreadable(SigningKey::load(elliptic));
  check_unreadable(SigningKey::load(exchange));
  check_unreadable(load_public_key(elliptic_public));
  check_unreadable(SigningKey::load(write("empty.pem", "")));
  check_unreadable(SigningKey::load(write("text.pem", "-----BEGIN PRIVATE KEY-----\nnot base64\n")));
  check_unreadable(load_public_key(write("text-public.pem", "hello")));
}

BOOST_FIXTURE_TEST_CASE(the_halves_are_not_mistaken_for_each_other, KeyFolder) {
  const auto key = SigningKey::generate();
  BOOST_REQUIRE(key.save(path / "signing.pem"));
  BOOST_REQUIRE(save_public_key(key.public_key(), path / "public.pem"));
  check_unreadable(SigningKey::load(path / "public.pem"));
  check_unreadable(load_public_key(path / "signing.pem"));
}

BOOST_FIXTURE_TEST_CASE(a_key_behind_a_passphrase_is_refused_without_asking_for_it, KeyFolder) {
  const auto file = run("openssl genpkey -algorithm ed25519 -aes-256-cbc -pass pass:secret", "locked.pem");
  check_unreadable(SigningKey::load(file));
}

}  // namespace sitegate::crypto::test
