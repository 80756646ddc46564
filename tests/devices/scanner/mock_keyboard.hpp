// A scanner that poses as a keyboard, played by umockdev: a program started by its command finds the device
// where the kernel would have it. https://github.com/martinpitt/umockdev
#pragma once
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace sitegate::devices::scanner {

class MockKeyboard {
 public:
  static constexpr const char* device = "/dev/input/event5";
  /// Its files are written into `folder`. `events`: of evemu_events(), played once the device is opened.
  MockKeyboard(const std::filesystem::path& folder, const std::string& events, bool with_keys = true);
  /// What a program's own command is put behind; it prints each ioctl of the program to standard error.
  [[nodiscard]] const std::vector<std::string>& command() const { return command_; }

 private:
  std::vector<std::string> command_;
};

/// For precondition(): skips where umockdev is not installed.
boost::test_tools::assertion_result umockdev_is_there(boost::unit_test::test_unit_id);

}  // namespace sitegate::devices::scanner
