// `sitegate provision clerk` makes the file that the gateway reads.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "edge/typed_entry/clerks.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {
namespace {

struct ClerksFolder {
  ClerksFolder() { write_file(folder / "password", "open sesame\nsecond line\n"); }
  ToolRun add(int expected, const std::string& login, const std::string& name,
              const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"provision", "clerk", login, "--name", name, "--file", file()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_tool(expected, arguments);
  }
  [[nodiscard]] std::string file() const { return folder / "clerks.toml"; }
  [[nodiscard]] std::vector<std::string> password() const { return {"--password-file", folder / "password"}; }
  const TemporaryFolder folder;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(provision_clerk)

BOOST_FIXTURE_TEST_CASE(a_clerk_is_added_and_can_sign_in, ClerksFolder) {
  add(0, "tanaka", "田中 \"一郎\" \\", password());
  add(0, "suzuki", "鈴木", {"--no-password"});
  struct stat status {};
  BOOST_REQUIRE(stat(file().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600);
  BOOST_TEST(content_of(file()).find("sesame") == std::string::npos);
  const auto clerks = edge::Clerks::load(file());
  BOOST_REQUIRE(clerks);
  const auto* tanaka = clerks.value().admit("tanaka", "open sesame");
  BOOST_REQUIRE(tanaka != nullptr);
  BOOST_TEST(tanaka->name == "田中 \"一郎\" \\");
  BOOST_TEST(clerks.value().admit("tanaka", "open sesam") == nullptr);
  BOOST_TEST(clerks.value().admit("suzuki", "") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_used_is_refused_and_the_file_stays, ClerksFolder) {
  add(0, "tanaka", "田中", password());
  const auto before = content_of(file());
  BOOST_TEST(add(1, "tanaka", "other", password()).errors.find("[tanaka]") != std::string::npos);
  add(1, "su zuki", "鈴木", password());
  add(1, "suzuki", std::string(65, 'x'), password());
  write_file(folder / "password", "short\n");
  BOOST_TEST(add(1, "suzuki", "鈴木", password()).errors.find("8 to 128 bytes") != std::string::npos);
  add(1, "suzuki", "鈴木", {});  // standard input is empty
  add(1, "suzuki", "鈴木", {"--password-file", folder / "absent"});
  BOOST_TEST(content_of(file()) == before);
  BOOST_TEST(content_of(file() + ".new") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
