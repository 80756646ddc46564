// The test pictures of faces, outside the project.
#pragma once
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "shared/model_pack/install.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::face {

namespace fs = std::filesystem;

/// SITEGATE_TEST_DATA/<name>; empty if it is not there.
inline fs::path data_folder(const std::string& name) {
  const char* data = std::getenv("SITEGATE_TEST_DATA");
  const fs::path folder = fs::path(data != nullptr ? data : "") / name;
  return data != nullptr && fs::is_directory(folder) ? folder : fs::path();
}

/// A precondition of cases: skipped where the pictures or the networks are absent.
inline boost::test_tools::assertion_result has_faces(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(!data_folder("faces/lfw").empty() &&
                                            !data_folder("models").empty());
  if (!there) there.message() << "SITEGATE_TEST_DATA/faces and /models are not there";
  return there;
}

/// The pack retail-0095, installed from the test data for as long as this lives.
struct InstalledRetail {
  InstalledRetail() {
    const auto installed = install_pack(std::string(known_pack("retail-0095")->manifest), folder.path(),
                                        fetch_from_folder(data_folder("models")));
    BOOST_REQUIRE_MESSAGE(installed.has_value(), (installed ? "" : installed.error().text()));
    pack = open_model_pack(folder.path()).value();
  }
  tests::TemporaryFolder folder;
  ModelPack pack;
};

/// Files or folders inside, in alphabetical order.
inline std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace sitegate::devices::face
