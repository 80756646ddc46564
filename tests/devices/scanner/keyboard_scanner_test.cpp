// Scanners that pose as a keyboard: real libevdev on a device that umockdev plays. A test of this kind runs
// itself once more inside umockdev-run, which puts its device in the place of the kernel's.
#include "devices/scanner/keyboard_source.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "devices/scanner/virtual_scanner.hpp"
#include "tests/devices/scanner/mock_keyboard.hpp"
#include "tests/devices/scanner/scanner_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::scanner {

namespace {

constexpr const char* inside_mark = "SITEGATE_TEST_INSIDE_UMOCKDEV";

bool inside() {
  return std::getenv(inside_mark) != nullptr;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Runs the present test case inside umockdev-run and returns what that printed.
std::string run_inside(const std::string& events, bool with_keys = true) {
  const tests::TemporaryFolder folder;
  const MockKeyboard keyboard(folder.path(), events, with_keys);
  const auto test = boost::unit_test::framework::current_test_case().full_name();
  auto command = keyboard.command();
  for (const auto& word : {"env", "SITEGATE_TEST_INSIDE_UMOCKDEV=1"}) command.push_back(word);
  command.push_back(std::filesystem::read_symlink("/proc/self/exe").string());
  command.push_back("--run_test=" + test);
  tests::ChildProcess process(command, folder / "log");
  const int status = process.wait();
  const auto log = content_of(folder / "log");
  BOOST_TEST(status == 0, log);
  return log;
}

std::string url(const std::string& query = "") {
  return "scanner+hid://" + std::string(MockKeyboard::device) + "?id=desk&" + query;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(keyboard_scanner)

BOOST_AUTO_TEST_CASE(typed_codes_are_reads_by_qr, *boost::unit_test::precondition(umockdev_is_there)) {
  if (!inside()) {
    run_inside(evemu_events("A-17/b_c?\r00000000000101\t", Layout::us, 10));
    return;
  }
  const RunningScanner reader(url());
  check(reader.codes(2), {"A-17/b_c?", "00000000000101"});
  BOOST_TEST(reader.health().state.find("Two-armed scanner") != std::string::npos, reader.health().state);
}

BOOST_AUTO_TEST_CASE(typed_on_a_japanese_keyboard, *boost::unit_test::precondition(umockdev_is_there)) {
  if (!inside()) {
    run_inside(evemu_events("]Q1A_17@(x)+\"\\\r", Layout::jp, 10));
    return;
  }
  const RunningScanner reader(url("layout=jp&aim=Q"));
  check(reader.codes(1), {"A_17@(x)+\"\\"});
}

BOOST_AUTO_TEST_CASE(a_key_without_a_character_costs_its_own_code_only,
                     *boost::unit_test::precondition(umockdev_is_there)) {
  if (!inside()) {
    const std::string f5 = "E: 0.020 0001 003f 0001\nE: 0.020 0000 0000 0000\n";
    run_inside(evemu_events("AB", Layout::us, 10) + f5 + evemu_events("C\rGOOD\r", Layout::us, 30));
    return;
  }
  const RunningScanner reader(url());
  check(reader.codes(1), {"GOOD"});
  BOOST_TEST(reader.failed(1) == 1U);
}

BOOST_AUTO_TEST_CASE(keys_that_the_kernel_dropped_cost_the_code_they_belonged_to,
                     *boost::unit_test::precondition(umockdev_is_there)) {
  if (!inside()) {
    // libevdev throws away what is queued then, so the next code comes later.
    const std::string dropped = "E: 0.020 0000 0003 0000\nE: 0.020 0000 0000 0000\n";  // SYN_DROPPED
    run_inside(evemu_events("AB", Layout::us, 10) + dropped + evemu_events("C\r", Layout::us, 30) +
               evemu_events("GOOD\r", Layout::us, 1500));
    return;
  }
  const RunningScanner reader(url());
  check(reader.codes(1), {"GOOD"});
  BOOST_TEST(reader.failed(1) == 1U);
}

// EVIOCGRAB is _IOW('E', 0x90, int) = 0x40044590: <linux/input.h>.
BOOST_AUTO_TEST_CASE(the_keys_are_taken_from_every_other_program,
                     *boost::unit_test::precondition(umockdev_is_there)) {
  if (!inside()) {
    const auto log = run_inside(evemu_events("A\r", Layout::us, 10));
    BOOST_TEST(log.find("ioctl 40044590\n") != std::string::npos, log);
    return;
  }
  const RunningScanner reader(url());
  check(reader.codes(1), {"A"});
}

BOOST_AUTO_TEST_CASE(an_input_device_without_letters_is_no_scanner,
                     *boost::unit_test::precondition(umockdev_is_there)) {
  if (!inside()) {
    run_inside("", false);
    return;
  }
  KeyboardSource mouse({MockKeyboard::device, Layout::us});
  const auto opened = mouse.open();
  BOOST_REQUIRE(!opened);
  BOOST_TEST(is(opened.error(), ReaderErrc::device_failed));
  BOOST_TEST(opened.error().text().find("is no keyboard") != std::string::npos, opened.error().text());
}

BOOST_AUTO_TEST_CASE(what_is_no_input_device_is_said_to_be_none) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "file") << "A-17\r";
  KeyboardSource missing({folder / "none", Layout::us});
  BOOST_TEST(is(missing.open().error(), ReaderErrc::device_gone));
  KeyboardSource file({folder / "file", Layout::us});
  const auto opened = file.open();
  BOOST_REQUIRE(!opened);
  BOOST_TEST(is(opened.error(), ReaderErrc::device_failed));
  BOOST_TEST(opened.error().text().find("is no input device") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_used_are_refused) {
  const SystemClock clock;
  for (const auto* text :
       {"scanner+hid:///dev/input/event5?layout=fr", "scanner+hid:///dev/input/event5?baud=9600",
        "scanner+hid://host/event5", "scanner+hid:event5"}) {
    const auto reader = open_keyboard_scanner(parse_url(text).value(), {clock, ""});
    BOOST_TEST_CONTEXT(text) BOOST_TEST(is(reader.error(), ReaderErrc::bad_setting));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::scanner
