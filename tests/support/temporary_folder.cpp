#include "tests/support/temporary_folder.hpp"

#include <cstdlib>
#include <string>

#include "shared/base/error.hpp"

namespace sitegate::tests {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "sitegate-test-XXXXXX").string();
  const char* made = ::mkdtemp(pattern.data());
  SITEGATE_ASSERT(made != nullptr);
  path_ = made;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // a folder that stays behind fails no test
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sitegate::tests
