// Tokens for phones, and the URLs of a tag that is not there.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "devices/tag/device_token.hpp"
#include "devices/tag/tap_url.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {
namespace {

namespace tag = devices::tag;

const std::string technician = "00000000000101";
const std::string key_digits = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";

struct Keys {
  TemporaryFolder folder;
  std::string keys = (folder / "keys.toml").string();
  std::string table = (folder / "tags.toml").string();
  Keys() {
    write_file(keys, "[enrolment]\naes128 = \"" + key_digits + "\"\n");
    write_file(table, "[table]\nkeys = \"keys.toml\"\n[04A1B2C3D4E5F6]\nfile_key = \"enrolment\"\n");
    BOOST_REQUIRE(::chmod(keys.c_str(), 0600) == 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(token, Keys)

BOOST_AUTO_TEST_CASE(a_link_that_the_gateway_takes) {
  const auto made =
      run_tool(0, {"token", technician, "--gate", "http://gate.example:8090/", "--key-file", keys, "--json"})
          .json();
  const std::string link = made["link"];
  const std::string front = "http://gate.example:8090/enrol?";
  BOOST_REQUIRE(link.starts_with(front));
  const auto key = *crypto::AesKey::from_hex(key_digits);
  const auto parsed = tag::parse_enrolment(link.substr(front.size()), key);
  BOOST_REQUIRE(parsed.has_value());
  BOOST_TEST(to_hex(parsed.value().token.hash()) == made["uid"].get<std::string>());
  BOOST_TEST(made["technician"].get<std::string>() == technician);
  const auto days = std::chrono::round<std::chrono::days>(parsed.value().until - SystemClock().now());
  BOOST_TEST(days.count() == 7);
}

BOOST_AUTO_TEST_CASE(text_for_people_holds_the_line_for_the_import) {
  const auto run = run_tool(0, {"token", technician, "--gate", "https://gate.example", "--key-file", keys});
  BOOST_TEST(run.output.find("https://gate.example/enrol?token=") != std::string::npos);
  BOOST_TEST(run.output.find("technician_id,kind,uid\n" + technician + ",token,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_made) {
  run_tool(1, {"token", "101", "--gate", "http://g", "--key-file", keys});
  run_tool(1, {"token", technician, "--gate", "gate.example", "--key-file", keys});
  run_tool(1, {"token", technician, "--gate", "http://g/path", "--key-file", keys});
  run_tool(1, {"token", technician, "--gate", "http://g", "--key-file", keys, "--key", "nobody"});
  run_tool(1, {"token", technician, "--gate", "http://g", "--key-file", keys + ".not"});
  run_tool(2, {"token", technician, "--gate", "http://g", "--key-file", keys, "--days", "0"});
  BOOST_REQUIRE(::chmod(keys.c_str(), 0644) == 0);
  const auto open_to_all = run_tool(1, {"token", technician, "--gate", "http://g", "--key-file", keys});
  BOOST_TEST(open_to_all.errors.find("chmod 600") != std::string::npos);
  BOOST_TEST(open_to_all.errors.find(key_digits) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(urls_of_a_tag) {
  const auto run = run_tool(0, {"simulate", "tag", "--table", table, "--uid", "04a1b2c3d4e5f6", "--gate",
                                "http://g", "--counter", "41", "--taps", "2"});
  const auto line = run.output.substr(0, run.output.find('\n'));
  BOOST_REQUIRE(line.starts_with("http://g/t?"));
  const auto tags = tag::TagTable::load(table);
  const auto url = tag::parse_tap_url(line.substr(11));
  BOOST_REQUIRE(url.has_value());
  BOOST_TEST(tag::verify_tap(url.value(), tags.value()).value().counter == 42u);
  BOOST_TEST(std::count(run.output.begin(), run.output.end(), '\n') == 2);
  run_tool(1, {"simulate", "tag", "--table", table, "--uid", "04FFFFFFFFFFFF"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
