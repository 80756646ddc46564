// Terminals of ZKTeco's PUSH against the reader, over HTTP: simulated terminals speak both dialects.
#include "devices/terminal/zkteco_reader.hpp"

#include "devices/terminal/zkteco_simulator.hpp"
#include "tests/devices/terminal/reader_run.hpp"

namespace sitegate::tests {
namespace {

using namespace devices::terminal;
using namespace std::chrono_literals;

std::string section(const std::string& name, const std::string& serial, const std::string& more = {}) {
  return "[" + name + "]\nserial = \"" + serial +
         "\"\naddress = \"127.0.0.1\"\nrealm = \"site\"\nmethod = \"finger_vein\"\n" + more;
}
const std::string attendance = section("att", "ATT1", "direction = \"state\"\n");
const std::string security = section("sec", "SEC1", "dialect = \"security\"\ndirection = \"state\"\n");

struct ZktecoRun : ReaderRun {
  explicit ZktecoRun(const std::string& sections)
      : ReaderRun(open_zkteco_reader, "terminal+zkteco", sections) {}
  ZktecoSimulator terminal(const std::string& serial, Dialect dialect) {
    return ZktecoSimulator({url(), serial, dialect}, clock);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(zkteco_reader)

BOOST_AUTO_TEST_CASE(the_attendance_dialect_end_to_end) {
  ZktecoRun run(attendance);
  auto terminal = run.terminal("ATT1", Dialect::attendance);
  const auto options = terminal.connect();
  BOOST_REQUIRE_MESSAGE(options.has_value(), (options ? "" : options.error().text()));
  BOOST_TEST(options.value().find("ATTLOGStamp=None") != std::string::npos);
  terminal.recognise({.pin = "1001", .verify = "15", .status = 0, .temperature = "36.4"});
  terminal.recognise({.pin = "1002", .verify = "21", .status = 1});
  terminal.recognise({.pin = "1003", .verify = "1"});
  const auto pushed = terminal.push();
  BOOST_REQUIRE_MESSAGE(pushed.has_value(), (pushed ? "" : pushed.error().text()));
  BOOST_TEST(pushed.value() == 3u);
  BOOST_TEST(terminal.unacknowledged() == 0u);
  const auto reads = run.ledger.reads();
  BOOST_REQUIRE(reads.size() == 3u);
  BOOST_TEST((user_of(reads[0]) == TerminalUserCredential{"site", "1001"}));
  BOOST_TEST((reads[0].method == Method::face));
  BOOST_TEST(*reads[0].body_temperature_c == 36.4f);
  BOOST_TEST((reads[0].direction == Direction::entry));
  BOOST_TEST(reads[0].reader_id == "north/att");
  BOOST_TEST((reads[0].event_time == terminal_time));
  BOOST_TEST(!reads[0].device_event->late);
  BOOST_TEST((reads[1].method == Method::finger_vein));
  BOOST_TEST((reads[1].direction == Direction::exit));
  BOOST_TEST((reads[2].method == Method::finger_vein));  // a fingerprint: what the terminal is set to
  BOOST_TEST(run.reader().state().find("att heard 0 s ago") != std::string::npos);
  // How far it has got is known after a restart.
  run.stop();
  run.start();
  BOOST_TEST(terminal.connect().value().find("ATTLOGStamp=3\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_security_dialect_end_to_end) {
  ZktecoRun run(security);
  auto terminal = run.terminal("SEC1", Dialect::security);
  const auto options = terminal.connect();
  BOOST_REQUIRE_MESSAGE(options.has_value(), (options ? "" : options.error().text()));
  terminal.recognise({.pin = "1001", .verify = "0000000000000010", .status = 1, .temperature = "36.9"});
  terminal.recognise({.card = "123456789", .verify = "4"});
  terminal.recognise({.verify = "200", .event = 206});            // it was started
  terminal.recognise({.pin = "7", .verify = "15", .event = 23});  // it let somebody not through
  BOOST_TEST(terminal.push().value() == 4u);
  const auto reads = run.ledger.reads();
  BOOST_REQUIRE(reads.size() == 2u);
  BOOST_TEST((reads[0].method == Method::face));
  BOOST_TEST((reads[0].direction == Direction::exit));
  BOOST_TEST(*reads[0].body_temperature_c == 36.9f);
  BOOST_TEST((std::get<CardCredential>(reads[1].credential).uid == Bytes{0x15, 0xCD, 0x5B, 0x07}));
  BOOST_TEST(run.reader().failed_reads() == 1u);
  BOOST_TEST(terminal.upload_users(12).value() == "user=12");
  BOOST_TEST(terminal.poll().has_value());
}

BOOST_AUTO_TEST_CASE(stored_records_are_late_and_recorded_once) {
  ZktecoRun run(security);
  auto terminal = run.terminal("SEC1", Dialect::security);
  terminal.recognise({.pin = "1001"});
  terminal.recognise({.pin = "1002"});
  run.clock.advance(2h);
  BOOST_TEST(terminal.push_stored().value() == 2u);
  auto reads = run.ledger.reads();
  BOOST_REQUIRE(reads.size() == 2u);
  BOOST_TEST(reads[0].device_event->late);
  BOOST_TEST((reads[0].event_time == terminal_time));
  BOOST_TEST((reads[0].clock_state == ClockState::unknown));
}

BOOST_AUTO_TEST_CASE(a_terminal_is_answered_only_after_the_commit) {
  for (const auto dialect : {Dialect::attendance, Dialect::security}) {
    ZktecoRun run(dialect == Dialect::attendance ? attendance : security);
    run.ledger.set_mood(Ledger::Mood::waits);
    auto terminal = run.terminal(dialect == Dialect::attendance ? "ATT1" : "SEC1", dialect);
    for (int i = 1; i <= 3; ++i) terminal.recognise({.pin = std::to_string(i)});
    std::atomic<bool> answered{false};
    std::size_t pushed = 0;
    std::jthread pushing([&] {
      const auto acknowledged = terminal.push();
      pushed = acknowledged ? acknowledged.value() : 0;
      answered = true;
    });
    BOOST_REQUIRE(wait_until([&] { return run.ledger.waiting() == 3; }));
    BOOST_TEST(!answered);
    run.ledger.commit();
    BOOST_REQUIRE(wait_until([&] { return answered.load(); }));
    BOOST_TEST(pushed == 3u);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_recorded_is_sent_again_and_recorded_once) {
  ZktecoRun run(attendance);
  run.ledger.set_mood(Ledger::Mood::refuses);
  auto terminal = run.terminal("ATT1", Dialect::attendance);
  for (int i = 1; i <= 5; ++i) terminal.recognise({.pin = std::to_string(i)});
  const auto refused = terminal.push();
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().text().find("503") != std::string::npos);
  BOOST_TEST(terminal.unacknowledged() == 5u);
  run.ledger.set_mood(Ledger::Mood::records);
  BOOST_TEST(terminal.push().value() == 5u);
  BOOST_TEST(run.ledger.keys().size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_backlog_of_thousands_in_one_message) {
  ZktecoRun run(attendance);
  auto terminal = run.terminal("ATT1", Dialect::attendance);
  for (int i = 0; i < 3000; ++i) {
    terminal.recognise({.pin = std::to_string(i % 700 + 1)});
    run.clock.advance(1s);
  }
  BOOST_TEST(terminal.push(3000).value() == 3000u);
  BOOST_TEST(run.ledger.keys().size() == 3000u);
}

// A terminal that got no answer, or whose answer was lost, sends the same again.
BOOST_AUTO_TEST_CASE(killed_and_started_again_nothing_answered_is_lost) {
  ZktecoRun run(security + section("att", "ATT1"));
  auto one = run.terminal("SEC1", Dialect::security);
  auto other = run.terminal("ATT1", Dialect::attendance);
  constexpr int rounds = 6;
  constexpr int people = 20;
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < people; ++i) {
      one.recognise({.pin = std::to_string(100 + i)});
      other.recognise({.pin = std::to_string(200 + i)});
      run.clock.advance(1s);
    }
    if (round % 2 == 1) {
      // The message is being recorded when the reader ends: no answer, so it must come again.
      run.ledger.set_mood(Ledger::Mood::waits);
      bool pushed = true;
      std::jthread pushing([&] { pushed = one.push(people).has_value(); });
      BOOST_REQUIRE(wait_until([&] { return run.ledger.waiting() > 0; }));
      run.stop();
      pushing.join();
      BOOST_TEST(!pushed);
      run.ledger.commit();  // recorded all the same
      run.ledger.set_mood(Ledger::Mood::records);
      BOOST_TEST(!other.push().has_value());  // nobody listens
      run.start();
    }
    while (one.unacknowledged() + other.unacknowledged() > 0) {
      BOOST_REQUIRE(one.push(7).has_value());
      BOOST_REQUIRE(other.push(7).has_value());
    }
  }
  BOOST_TEST(run.ledger.keys().size() == static_cast<std::size_t>(2 * rounds * people));
  BOOST_TEST(run.ledger.read_count() > run.ledger.keys().size());  // some did come twice
}

// Security PUSH, 10.
BOOST_AUTO_TEST_CASE(a_terminal_that_asks_gets_the_gateways_decision) {
  ZktecoRun run(section("sec", "SEC1", "dialect = \"security\"\nonline = true\ndoor = 2\nopen_s = 3\n"));
  auto terminal = run.terminal("SEC1", Dialect::security);
  const auto yes = terminal.ask({.pin = "1001"});
  BOOST_REQUIRE(yes.has_value());
  BOOST_TEST(yes.value().starts_with("AUTH=SUCCEED\r\ntime=2026-11-22 07:41:05\tpin=1001\t"));
  BOOST_TEST(yes.value().find("\r\nCONTROL DEVICE 01020103\r\n") != std::string::npos);
  BOOST_TEST(yes.value().ends_with("TIPS=OK"));
  run.ledger.set_accepting(false);
  const auto no = terminal.ask({.pin = "1002"});
  BOOST_TEST(no.value().starts_with("AUTH=FAILED\r\n"));
  BOOST_TEST(no.value().find("CONTROL") == std::string::npos);
  BOOST_TEST(no.value().ends_with("TIPS=not_on_roster"));
  // Nobody passes whom the disk does not know of.
  run.ledger.set_accepting(true);
  run.ledger.set_mood(Ledger::Mood::refuses);
  BOOST_TEST(terminal.ask({.pin = "1003"}).value().starts_with("AUTH=FAILED\r\n"));
  BOOST_TEST(terminal.ask({}).value().starts_with("AUTH=FAILED\r\n"));  // about nobody
  BOOST_TEST(run.ledger.keys().size() == 2u);
  // Its own record of what was decided is acknowledged and not read a second time.
  run.ledger.set_mood(Ledger::Mood::records);
  terminal.recognise({.pin = "1001", .event = 222});
  BOOST_TEST(terminal.push().value() == 1u);
  BOOST_TEST(run.ledger.keys().size() == 2u);
}

// Security PUSH, 9.3, and devicecmd, 7.4.
BOOST_AUTO_TEST_CASE(a_door_follows_the_gateway_while_the_command_is_fresh) {
  ZktecoRun run(section("att", "ATT1", "open_door = true\n"));
  auto terminal = run.terminal("ATT1", Dialect::attendance);
  terminal.recognise({.pin = "1001"});
  BOOST_TEST(terminal.push().has_value());
  BOOST_TEST(terminal.poll().has_value());
  BOOST_TEST(terminal.doors_opened() == 1);
  BOOST_TEST(terminal.poll().has_value());
  BOOST_TEST(terminal.doors_opened() == 1);  // once
  terminal.recognise({.pin = "1002"});
  BOOST_TEST(terminal.push().has_value());
  run.clock.advance(11s);
  BOOST_TEST(terminal.poll().has_value());
  BOOST_TEST(terminal.doors_opened() == 1);  // he has gone
  run.ledger.set_accepting(false);
  terminal.recognise({.pin = "1003"});
  BOOST_TEST(terminal.push().has_value());
  BOOST_TEST(terminal.poll().has_value());
  BOOST_TEST(terminal.doors_opened() == 1);
  run.ledger.set_accepting(true);
  terminal.recognise({.pin = "1004"});
  run.clock.advance(1h);
  BOOST_TEST(terminal.push().has_value());
  BOOST_TEST(terminal.poll().has_value());
  BOOST_TEST(terminal.doors_opened() == 1);  // that was an hour ago
}

// Security PUSH, 7.3: rtstate carries the terminal's time.
BOOST_AUTO_TEST_CASE(a_wrong_clock_is_measured_and_corrected) {
  ZktecoRun run(security);
  auto terminal = run.terminal("SEC1", Dialect::security);
  terminal.set_clock_ahead(-90min);
  BOOST_TEST(terminal.report_state().has_value());
  terminal.recognise({.pin = "1001"});
  BOOST_TEST(terminal.push().has_value());
  terminal.recognise({.pin = "1002"});
  run.clock.advance(3h);
  BOOST_TEST(terminal.push_stored().has_value());
  const auto reads = run.ledger.reads();
  BOOST_REQUIRE(reads.size() == 2u);
  BOOST_TEST(!reads[0].device_event->late);
  BOOST_TEST(reads[1].device_event->late);
  BOOST_TEST((reads[1].event_time == terminal_time));
}

BOOST_AUTO_TEST_CASE(two_terminals_with_the_same_numbers_stay_apart) {
  ZktecoRun run(security + section("south", "SEC2", "dialect = \"security\"\ngate = \"south\"\n"));
  auto one = run.terminal("SEC1", Dialect::security);
  auto two = run.terminal("SEC2", Dialect::security);
  one.recognise({.pin = "1"});
  two.recognise({.pin = "1"});
  BOOST_TEST(one.push().has_value());
  BOOST_TEST(two.push().has_value());
  BOOST_TEST(run.ledger.keys().size() == 2u);
  BOOST_TEST(run.ledger.reads()[1].gate == "south");
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_an_error_that_the_loop_tries_again) {
  ZktecoRun run(attendance);
  const auto url = "terminal+zkteco://127.0.0.1:" + std::to_string(run.port()) +
                   "?terminals=" + (run.folder() / "terminals.toml").string();
  const auto second = open_zkteco_reader(parse_url(url).value(), {run.clock, run.folder() / "second"});
  const auto ran = second.value()->run({}, [](CredentialRead) {});
  BOOST_REQUIRE(!ran);
  BOOST_TEST(is(ran.error(), devices::ReaderErrc::device_failed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
