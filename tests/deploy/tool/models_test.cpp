// sitegate models and sitegate calibrate faces, from outside.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>

#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {
namespace {

namespace fs = std::filesystem;

fs::path data(const std::string& name) {
  const char* root = std::getenv("SITEGATE_TEST_DATA");
  return fs::path(root != nullptr ? root : "/nonexistent") / name;
}

boost::test_tools::assertion_result has_models(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(fs::is_directory(data("models")) &&
                                            fs::is_directory(data("faces/azure")));
  if (!there) there.message() << "SITEGATE_TEST_DATA/models is not there";
  return there;
}

bool has(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(models)

BOOST_AUTO_TEST_CASE(both_packs_are_known_and_none_is_installed) {
  const TemporaryFolder packs;
  const auto listed = run_tool(0, {"models", "list", "--json", "--packs", packs.path().string()}).json();
  BOOST_REQUIRE_EQUAL(listed.size(), 2u);
  for (const auto& pack : listed) {
    BOOST_TEST(pack.at("state") == "not installed");
    for (const auto& file : pack.at("files")) BOOST_TEST(file.at("sha256").get<std::string>().size() == 64u);
  }
  const auto text = run_tool(0, {"models", "list", "--packs", packs.path().string()}).output;
  BOOST_TEST(has(text, "opencv-zoo"));
  BOOST_TEST(has(text, "Apache-2.0"));
  BOOST_TEST(
      has(run_tool(1, {"models", "verify", "--packs", packs.path().string()}).errors, "no model pack"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_installed_says_why) {
  const TemporaryFolder packs;
  const auto folder = packs.path().string();
  BOOST_TEST(has(run_tool(1, {"models", "install", "eigenfaces", "--packs", folder}).errors, "models list"));
  BOOST_TEST(
      has(run_tool(1, {"models", "install", "retail-0095", "--packs", folder, "--from", folder}).errors,
          "face_detection_yunet"));
  const auto unreachable =
      run_tool(1, {"models", "install", "opencv-zoo", "--packs", folder, "--mirror", "http://127.0.0.1:1"});
  BOOST_TEST(has(unreachable.errors, "face_detection_yunet_2022mar.onnx"), unreachable.errors);
}

BOOST_AUTO_TEST_CASE(installed_verified_damaged, *boost::unit_test::precondition(has_models)) {
  const TemporaryFolder packs;
  const auto folder = packs.path().string();
  const std::vector<std::string> install{"models", "install", "retail-0095",          "--packs",
                                         folder,   "--from",  data("models").string()};
  BOOST_TEST(has(run_tool(0, install).output, "4 files fetched"));
  BOOST_TEST(has(run_tool(0, install).output, "was there already"));
  BOOST_TEST(has(run_tool(0, {"models", "verify", "--packs", folder}).output, "4 files as they should be"));
  write_file((packs / "retail-0095" / "retail0095.onnx").string(), "something else");
  const auto damaged = run_tool(3, {"models", "verify", "--packs", folder}).output;
  BOOST_TEST(has(damaged, "retail0095.onnx"));
  BOOST_TEST(has(damaged, "bytes instead of"));
  BOOST_TEST(has(run_tool(0, install).output, "installed"));
  run_tool(0, {"models", "verify", "retail-0095", "--packs", folder});
}

BOOST_AUTO_TEST_CASE(calibration_of_a_few_people, *boost::unit_test::precondition(has_models)) {
  const TemporaryFolder work;
  const auto packs = (work / "packs").string();
  run_tool(0, {"models", "install", "retail-0095", "--packs", packs, "--from", data("models").string()});
  const auto people = work / "people";
  for (const auto& entry : fs::directory_iterator(data("faces/azure"))) {
    const auto name = entry.path().stem().string();
    fs::create_directories(people / name.substr(0, name.size() - 1));
    fs::copy_file(entry.path(), people / name.substr(0, name.size() - 1) / entry.path().filename());
  }
  const auto page = (work / "page.html").string();
  const auto run =
      run_tool({"calibrate", "faces", people.string(), "--packs", packs, "--json", "--html", page});
  if (run.exit_code == 1 && has(run.errors, "no cameras")) return;  // a build without them says so
  BOOST_REQUIRE_MESSAGE(run.exit_code == 0, run.errors);
  const auto figures = run.json();
  BOOST_TEST(figures.at("people") == 8);
  BOOST_TEST(figures.at("comparisons_with_the_own_person").get<int>() >= 8);
  BOOST_TEST(figures.at("thresholds").size() == 4u);
  BOOST_TEST(figures.at("thresholds")[0].at("people") == 1);
  BOOST_TEST(figures.at("thresholds")[0].at("threshold").get<double>() > 0.2);
  const auto html = content_of(page);
  BOOST_TEST(has(html, "<svg"));
  BOOST_TEST(!has(html, "Family1"));                             // nobody's name
  run_tool(1, {"calibrate", "faces", packs, "--packs", packs});  // a folder without pictures
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
