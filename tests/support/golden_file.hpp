// Files of earlier versions that are kept with the tests: copied, so that the program under test may change
// them.
#pragma once
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace sitegate::tests {

/// Copies tests/golden/<name>/data.mdb into `folder`, which is made.
inline void copy_golden_database(const std::string& name, const std::filesystem::path& folder) {
  const char* source = std::getenv("SITEGATE_SOURCE");
  BOOST_REQUIRE_MESSAGE(source != nullptr, "SITEGATE_SOURCE names the root of the sources");
  std::filesystem::create_directories(folder);
  const auto kept = std::filesystem::path(source) / "tests/golden" / name / "data.mdb";
  std::filesystem::copy_file(kept, folder / "data.mdb");
  std::filesystem::permissions(folder / "data.mdb",
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(text).str();
}

}  // namespace sitegate::tests
