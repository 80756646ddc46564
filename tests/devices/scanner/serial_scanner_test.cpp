// Scanners on a serial line, through the kernel's terminals: our own pseudo-terminal, and socat as the peer.
#include "devices/scanner/serial_source.hpp"

#include <termios.h>

#include <fstream>

#include "devices/scanner/virtual_scanner.hpp"
#include "tests/devices/scanner/scanner_fixture.hpp"
#include "tests/devices/scanner/socat.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::scanner {

namespace {

using tests::TemporaryFolder;

struct Desk {
  const TemporaryFolder folder;
  VirtualSerialScanner scanner{folder / "scanner"};
  std::string url(const std::string& query = "") const {
    return "scanner+serial://" + (folder / "scanner").string() + "?id=desk&" + query;
  }
};

SerialSettings settings_of(const std::string& query) {
  auto settings = serial_settings(parse_url("scanner+serial:///dev/ttyACM0?" + query).value());
  if (!settings) BOOST_FAIL(settings.error().text());
  return std::move(settings).value();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(serial_scanner, Desk)

BOOST_AUTO_TEST_CASE(a_scanned_code_is_a_read_by_qr) {
  RunningScanner reader(url());
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  BOOST_TEST(scanner.scan("A-17"));
  check(reader.codes(1), {"A-17"});
  const auto read = reader.reads().at(0);
  BOOST_TEST(read.reader_id == "desk");
  BOOST_TEST(!read.device_event.has_value());
  BOOST_TEST((SystemClock().now() - read.event_time < std::chrono::minutes{1}));
}

BOOST_AUTO_TEST_CASE(a_technician_id_on_a_cards_face) {
  RunningScanner reader(url("accept=technician_id"));
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  BOOST_TEST(scanner.scan("A-17"));
  BOOST_TEST(scanner.scan("00000000000101"));
  BOOST_REQUIRE(wait_until([&] { return reader.reads().size() == 1; }));
  BOOST_TEST((std::get<TechnicianCredential>(reader.reads()[0].credential).technician ==
              TechnicianId::parse("00000000000101")));
  BOOST_TEST(reader.failed(1) == 1U);
}

BOOST_AUTO_TEST_CASE(garbage_costs_its_own_line_only) {
  RunningScanner reader(url());
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  BOOST_TEST(scanner.send(std::string_view("\0\0\xff\xfe\r", 5)));
  BOOST_TEST(scanner.send("\x1b[A\x04\x7f\x11\x13\r"));  // what a terminal would take for commands
  BOOST_TEST(scanner.scan("GOOD-1"));
  BOOST_TEST(scanner.scan(std::string(65, 'x')));
  BOOST_TEST(scanner.scan("GOOD-2"));
  check(reader.codes(2), {"GOOD-1", "GOOD-2"});
  BOOST_TEST(reader.failed(3) == 3U);
}

BOOST_AUTO_TEST_CASE(a_megabyte_without_an_end_costs_one_line) {
  RunningScanner reader(url());
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  BOOST_TEST(scanner.send(std::string(1 << 20, 'x')));
  BOOST_TEST(scanner.send("\r"));
  BOOST_TEST(scanner.scan("GOOD"));
  check(reader.codes(1), {"GOOD"});
  BOOST_TEST(reader.failed(1) == 1U);
}

BOOST_AUTO_TEST_CASE(a_half_code_is_dropped_after_its_time) {
  RunningScanner reader(url("idle_ms=50"));
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  BOOST_TEST(scanner.send("HALF"));
  BOOST_TEST(reader.failed(1) == 1U);
  BOOST_TEST(scanner.scan("WHOLE"));
  check(reader.codes(1), {"WHOLE"});
}

BOOST_AUTO_TEST_CASE(a_scanner_that_sends_no_ending_is_served_by_its_pauses) {
  RunningScanner reader(url("ending=idle&idle_ms=50"));
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  BOOST_TEST(scanner.send("FIRST"));
  check(reader.codes(1), {"FIRST"});
  BOOST_TEST(scanner.send("SECOND"));
  check(reader.codes(2), {"FIRST", "SECOND"});
}

BOOST_AUTO_TEST_CASE(unplugged_in_the_middle_of_a_code_and_plugged_in_again) {
  RunningScanner reader(url());
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  BOOST_TEST(scanner.send("HALF"));
  scanner.unplug();
  BOOST_TEST(wait_until([&] { return reader.health().failures > 0 && !reader.listens(); }));
  BOOST_TEST(reader.health().last_error.find("reader is gone") != std::string::npos,
             reader.health().last_error);
  scanner.plug_in();
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  BOOST_TEST(scanner.scan("WHOLE"));
  check(reader.codes(1), {"WHOLE"});
}

BOOST_AUTO_TEST_CASE(a_reader_may_start_before_its_device_is_there) {
  scanner.unplug();
  RunningScanner reader(url());
  BOOST_TEST(wait_until([&] { return reader.health().failures > 0; }));
  BOOST_TEST(reader.health().last_error.find("nothing is plugged in there") != std::string::npos);
  scanner.plug_in();
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  BOOST_TEST(scanner.scan("A-17"));
  check(reader.codes(1), {"A-17"});
}

BOOST_AUTO_TEST_CASE(what_is_no_serial_line_is_said_to_be_none) {
  std::ofstream(folder / "file") << "A-17\r";
  SerialSource source(settings_of(""));
  BOOST_TEST(is(source.open().error(), ReaderErrc::device_gone));
  SerialSettings wrong;
  wrong.path = folder / "file";
  SerialSource file(wrong);
  const auto opened = file.open();
  BOOST_REQUIRE(!opened);
  BOOST_TEST(is(opened.error(), ReaderErrc::device_failed));
  BOOST_TEST(opened.error().text().find("is no serial line") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(socat_codes_come_through_a_peers_terminals,
                     *boost::unit_test::precondition(socat_is_there)) {
  Socat socat(folder.path());
  RunningScanner reader("scanner+serial://" + (folder / "gateway").string());
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  socat.send("A-17\r\n00000000000101\r\n");
  check(reader.codes(2), {"A-17", "00000000000101"});
}

BOOST_AUTO_TEST_CASE(socat_killed_and_started_again, *boost::unit_test::precondition(socat_is_there)) {
  Socat socat(folder.path());
  RunningScanner reader("scanner+serial://" + (folder / "gateway").string());
  BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  for (int round = 1; round <= 3; ++round) {
    socat.send("A-" + std::to_string(round) + "\n");
    BOOST_TEST(reader.codes(static_cast<std::size_t>(round)).back() == "A-" + std::to_string(round));
    socat.unplug();
    BOOST_TEST(wait_until([&] { return !reader.listens(); }));
    socat.plug_in();
    BOOST_REQUIRE(wait_until([&] { return reader.listens(); }));
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(serial_settings_suite)

// POSIX.1-2017, <termios.h>: what the settings mean to the kernel.
BOOST_AUTO_TEST_CASE(settings_as_termios_has_them) {
  const auto usual = raw_mode(settings_of(""));
  BOOST_TEST(::cfgetispeed(&usual) == static_cast<speed_t>(B9600));
  BOOST_TEST((usual.c_cflag & CSIZE) == static_cast<tcflag_t>(CS8));
  BOOST_TEST((usual.c_cflag & (PARENB | CSTOPB | CRTSCTS)) == 0U);
  BOOST_TEST((usual.c_iflag & (ICRNL | INLCR | IGNCR | ISTRIP | IXON)) == 0U);
  BOOST_TEST((usual.c_lflag & (ICANON | ECHO | ISIG)) == 0U);
  const auto old = raw_mode(settings_of("baud=1200&bits=7&parity=even&stop=2&flow=xonxoff"));
  BOOST_TEST(::cfgetispeed(&old) == static_cast<speed_t>(B1200));
  BOOST_TEST((old.c_cflag & CSIZE) == static_cast<tcflag_t>(CS7));
  BOOST_TEST((old.c_cflag & (PARENB | CSTOPB | PARODD)) == static_cast<tcflag_t>(PARENB | CSTOPB));
  BOOST_TEST((old.c_iflag & (INPCK | IXON | IXOFF)) == static_cast<tcflag_t>(INPCK | IXON | IXOFF));
  BOOST_TEST((raw_mode(settings_of("parity=odd&flow=rtscts")).c_cflag & (PARODD | CRTSCTS)) ==
             static_cast<tcflag_t>(PARODD | CRTSCTS));
  BOOST_TEST(SerialSource(settings_of("baud=115200&bits=7&parity=odd")).name() == "/dev/ttyACM0 115200 7O1");
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_used_are_refused_with_what_is_allowed) {
  for (const auto* query :
       {"baud=9601", "baud=fast", "baud=", "bits=6", "stop=3", "parity=mark", "flow=dtr"}) {
    const auto settings = serial_settings(parse_url("scanner+serial:///dev/x?" + std::string(query)).value());
    BOOST_TEST_CONTEXT(query) BOOST_TEST(is(settings.error(), ReaderErrc::bad_setting));
  }
  for (const auto* url : {"scanner+serial:", "scanner+serial://host/dev/x", "scanner+serial:dev/x"})
    BOOST_TEST(!serial_settings(parse_url(url).value()), url);
  const SystemClock clock;
  for (const auto* query :
       {"speed=9600", "layout=us", "ending=crlf", "idle_ms=5", "idle_ms=x", "accept=all"}) {
    const auto reader =
        open_serial_scanner(parse_url("scanner+serial:///dev/x?" + std::string(query)).value(), {clock, ""});
    BOOST_TEST_CONTEXT(query) BOOST_TEST(is(reader.error(), ReaderErrc::bad_setting));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::scanner
