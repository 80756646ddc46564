#include "tests/devices/scanner/mock_keyboard.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "shared/base/bytes.hpp"

namespace sitegate::devices::scanner {
namespace {

std::string zeros(std::size_t bytes) {
  return std::string(bytes * 2, '0');
}

/// The answers to the questions that libevdev 1.13 asks, with exactly the buffer sizes it asks for:
/// EVIOCGNAME, PHYS and UNIQ 255 bytes; a bit array in whole 64-bit words.
std::string ioctls(bool with_keys) {
  Bytes keys(96, 0);
  if (with_keys)
    for (std::size_t key = 1; key < 249; ++key) keys[key / 8] |= static_cast<std::uint8_t>(1u << key % 8);
  const std::string name = to_hex(as_bytes("Two-armed scanner"));
  std::string text = "@DEV " + std::string(MockKeyboard::device) + "\nEVIOCGBIT(0) 8 1300120000000000\n";
  text += "EVIOCGNAME(0) 18 " + name + zeros(255 - name.size() / 2) + "\n";
  text += "EVIOCGPHYS(0) 1 " + zeros(255) + "\nEVIOCGUNIQ(0) 1 " + zeros(255) + "\n";
  text += "EVIOCGID 0 0300341212001001\nEVIOCGVERSION 0 01000100\nEVIOCGPROP(0) 8 " + zeros(8) + "\n";
  text += "EVIOCGBIT(1) 96 " + to_hex(keys) + "\nEVIOCGBIT(17) 8 1F" + zeros(7) + "\nEVIOCGBIT(4) 8 10" +
          zeros(7) + "\n";
  for (const char* type : {"2", "3", "5", "18"})
    text += std::string("EVIOCGBIT(") + type + ") 8 " + zeros(8) + "\n";
  text += "EVIOCGBIT(21) 16 " + zeros(16) + "\nEVIOCGKEY(0) 96 " + zeros(96) + "\n";
  text += "EVIOCGLED(0) 8 " + zeros(8) + "\nEVIOCGSW(0) 8 " + zeros(8) + "\nEVIOCGREP 0 FA00000021000000\n";
  return text;
}

constexpr const char* description =
    "P: /devices/virtual/input/input5/event5\nN: input/event5\nE: DEVNAME=/dev/input/event5\nE: MAJOR=13\n"
    "E: MINOR=69\nE: SUBSYSTEM=input\nA: dev=13:69\n\n";

}  // namespace

MockKeyboard::MockKeyboard(const std::filesystem::path& folder, const std::string& events, bool with_keys) {
  std::ofstream(folder / "device") << description;
  std::ofstream(folder / "ioctls") << ioctls(with_keys);
  std::ofstream(folder / "events") << events;
  const auto in_device = [&](const char* name) {
    return std::string(device) + "=" + (folder / name).string();
  };
  // The preloaded library comes before the sanitizer's in this one process.
  const char* options = std::getenv("ASAN_OPTIONS");
  command_ = {"env", "UMOCKDEV_DEBUG=ioctl-tree",
              std::string("ASAN_OPTIONS=verify_asan_link_order=0:") + (options == nullptr ? "" : options),
              "umockdev-run", "-d", folder / "device", "-i", in_device("ioctls"), "-e", in_device("events"),
              "--",
              // It ends with umockdev-run, whatever ends that.
              "setpriv", "--pdeathsig", "KILL"};
}

boost::test_tools::assertion_result umockdev_is_there(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(::access("/usr/bin/umockdev-run", X_OK) == 0);
  there.message() << "umockdev is not installed (deploy/install-dependencies tests)";
  return there;
}

}  // namespace sitegate::devices::scanner
