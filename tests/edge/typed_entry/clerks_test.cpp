// The clerks' file, and who may sign in.
#include "edge/typed_entry/clerks.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::edge;

namespace {

struct ClerksFile {
  Result<Clerks> load(const std::string& text) const {
    std::ofstream(folder / "clerks.toml") << text;
    return Clerks::load(folder / "clerks.toml");
  }
  /// What a refused file is told.
  std::string complaint(const std::string& text) const {
    const auto clerks = load(text);
    return clerks ? std::string() : clerks.error().text();
  }
  const tests::TemporaryFolder folder;
  const std::string hash = crypto::PasswordHash::of("open sesame", {16, 1, 1}).text();
};

bool says(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clerks, ClerksFile)

BOOST_AUTO_TEST_CASE(who_is_listed_signs_in_with_the_password) {
  const auto clerks = load("[tanaka]\nname = \"田中 一郎\"\npassword = \"" + hash + "\"\n");
  BOOST_REQUIRE(clerks);
  const Clerk* clerk = clerks.value().admit("tanaka", "open sesame");
  BOOST_REQUIRE(clerk != nullptr);
  BOOST_TEST(clerk->name == "田中 一郎");
  BOOST_TEST(clerks.value().have_passwords());
  BOOST_TEST(clerks.value().admit("tanaka", "open") == nullptr);
  BOOST_TEST(clerks.value().admit("tanaka", "") == nullptr);
  BOOST_TEST(clerks.value().admit("tanaka", std::string(1'000, 'x')) == nullptr);
  BOOST_TEST(clerks.value().admit("田中 一郎", "open sesame") == nullptr);
  BOOST_TEST(clerks.value().admit("suzuki", "open sesame") == nullptr);
  BOOST_TEST(clerks.value().admit("", "") == nullptr);
}

BOOST_AUTO_TEST_CASE(without_a_password_the_login_is_enough_for_the_listed_only) {
  const auto clerks = load("[tanaka]\nname = \"Tanaka\"\n");
  BOOST_REQUIRE(clerks);
  BOOST_TEST(!clerks.value().have_passwords());
  BOOST_TEST(clerks.value().admit("tanaka", "") != nullptr);
  BOOST_TEST(clerks.value().admit("suzuki", "") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_used_is_refused_with_the_place) {
  BOOST_TEST(says(complaint(""), "at least one clerk"));
  BOOST_TEST(says(complaint("[tanaka]\n"), "tanaka.name"));
  BOOST_TEST(says(complaint("[tanaka]\nname = \"\"\n"), "clerks.toml:2"));
  BOOST_TEST(says(complaint("[tanaka]\nname = \"" + std::string(65, 'x') + "\"\n"), "1 to 64 bytes"));
  BOOST_TEST(says(complaint("[tanaka]\nname = \"T\"\npassword = \"sesame\"\n"), "provision clerk"));
  BOOST_TEST(!says(complaint("[tanaka]\nname = \"T\"\npassword = \"sesame\"\n"), "sesame"));
  BOOST_TEST(says(complaint("[tanaka]\nname = \"T\"\npasswort = \"x\"\n"), "passwort"));
  BOOST_TEST(says(complaint("[" + std::string(33, 'a') + "]\nname = \"T\"\n"), "login"));
  BOOST_TEST(says(complaint("[tanaka\n"), "not valid TOML"));
  BOOST_TEST(!Clerks::load(folder / "absent.toml"));
}

BOOST_AUTO_TEST_SUITE_END()
