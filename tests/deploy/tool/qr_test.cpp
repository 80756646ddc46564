// `sitegate qr` and `sitegate marker`: what they make is what gates take.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "shared/base/clock.hpp"
#include "shared/codes/technician_code.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const std::string technician = "00000000000101";

struct Cloud {
  TemporaryFolder folder;
  crypto::SigningKey signing = crypto::SigningKey::generate();
  const std::string key = (folder / "cloud-signing.pem").string();
  Cloud() { BOOST_REQUIRE(signing.save(key)); }
  [[nodiscard]] codes::CodeClaims claims_in(const std::string& text) const {
    const auto claims = codes::verify_technician_code(text, signing.public_key());
    BOOST_REQUIRE(claims.has_value());
    return claims.value();
  }
};

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(qr_codes, Cloud)

BOOST_AUTO_TEST_CASE(a_printed_code_for_every_site) {
  const auto text =
      first_line(run_tool(0, {"qr", technician, "--key", key, "--format", "text", "--days", "30"}).output);
  const auto claims = claims_in(text);
  BOOST_TEST((claims.kind == codes::CodeKind::printed));
  BOOST_TEST(claims.technician.text() == technician);
  BOOST_TEST(!claims.site.has_value());
  BOOST_TEST((claims.expires_at - claims.issued_at == 30 * 24h));
  BOOST_TEST((SystemClock().now() - claims.issued_at < 5min));
}

BOOST_AUTO_TEST_CASE(a_short_lived_code_for_one_site) {
  const auto made = run_tool(0, {"qr", technician, "--key", key, "--kind", "short_lived", "--minutes", "5",
                                 "--site", "00000000000077", "--format", "json"})
                        .json();
  const auto claims = claims_in(made["code"]);
  BOOST_TEST((claims.kind == codes::CodeKind::short_lived));
  BOOST_TEST((claims.site == SiteId::from_number(77)));
  BOOST_TEST((claims.expires_at - claims.issued_at == 5min));
  BOOST_TEST(made["serial"].get<std::string>() == codes::serial_text(claims.serial));
}

BOOST_AUTO_TEST_CASE(no_two_codes_have_one_serial) {
  const auto one = run_tool(0, {"qr", technician, technician, "--key", key, "--format", "text"}).output;
  const auto first = claims_in(first_line(one));
  const auto second = claims_in(first_line(one.substr(one.find('\n') + 1)));
  BOOST_TEST(first.serial != second.serial);
}

#if SITEGATE_CAMERAS
BOOST_AUTO_TEST_CASE(pictures_go_into_files_that_only_their_owner_reads) {
  const auto folder_name = (folder / "codes").string();
  for (const char* format : {"png", "svg"}) {
    const auto run = run_tool(0, {"qr", technician, "--key", key, "--format", format, "--out", folder_name});
    const auto file = folder / "codes" / (technician + "." + format);
    BOOST_REQUIRE(fs::exists(file));
    BOOST_TEST((fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
    BOOST_TEST(run.output.find("SG1:") == std::string::npos);
  }
  BOOST_TEST(content_of((folder / "codes" / (technician + ".png")).string()).starts_with("\x89PNG"));
  BOOST_TEST(content_of((folder / "codes" / (technician + ".svg")).string()).find(technician) !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(sheets_of_markers) {
  const auto sheets = (folder / "sheets").string();
  const auto run =
      run_tool(0, {"marker", "--first", "10", "--count", "13", "--side-mm", "40", "--out", sheets});
  BOOST_TEST(std::count(run.output.begin(), run.output.end(), '\n') == 2);  // twelve fit on one
  const auto first = content_of((folder / "sheets" / "apriltag-36h11-0010-0021.svg").string());
  BOOST_TEST(first.find("apriltag-36h11 21") != std::string::npos);
  BOOST_TEST(first.find("width=\"210mm\"") != std::string::npos);
  BOOST_TEST(fs::exists(folder / "sheets" / "apriltag-36h11-0022-0022.svg"));
  const auto beyond = run_tool(1, {"marker", "--first", "580", "--count", "8", "--out", sheets});
  BOOST_TEST(beyond.errors.find("0 to 586") != std::string::npos);
}
#endif

BOOST_AUTO_TEST_CASE(what_cannot_be_made) {
  run_tool(1, {"qr", "101", "--key", key});
  run_tool(1, {"qr", technician, "--key", key + ".not"});
  run_tool(1, {"qr", technician, "--key", key, "--site", "77"});
  run_tool(1, {"qr", technician, "--key", key, "--format", "png"});
  run_tool(2, {"qr", technician, "--key", key, "--kind", "eternal"});
  run_tool(2, {"qr", technician});
  run_tool(2, {"marker", "--family", "aruco-4x4-50", "--out", "x"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
