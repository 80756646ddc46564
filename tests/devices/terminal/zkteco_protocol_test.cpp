// ZKTeco PUSH: "Security PUSH Communication Protocol" 3.1.2 and "Attendance PUSH Communication Protocol"; the
// sections stand with the cases.
#include <boost/test/unit_test.hpp>

#include "devices/terminal/zkteco_protocol.hpp"

namespace sitegate::devices::terminal::zkteco {
namespace {

LocalTime at(std::string_view text) {
  return *parse_local_time(text);
}

// One line of the wrong kind between two good ones: the good ones are read.
void keeps_good_lines(const Events& events, std::size_t broken_line) {
  BOOST_TEST(events.lines == 3u);
  BOOST_TEST(events.events.size() == 2u);
  BOOST_REQUIRE(events.mistakes.size() == 1u);
  BOOST_TEST(events.mistakes[0].line == broken_line);
  BOOST_TEST(!events.mistakes[0].why.empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zkteco_protocol)

// Attendance, "upload attendance records".
BOOST_AUTO_TEST_CASE(attlog_lines) {
  const auto events = parse_attlog(
      "1452\t2026-11-22 07:41:05\t0\t15\t0\t0\t0\t1\t36.4\t0\r\n"
      "8\t2026-11-22 17:02:59\t1\t21\t0\r\n");
  BOOST_TEST(events.mistakes.empty());
  BOOST_TEST(events.lines == 2u);
  BOOST_REQUIRE(events.events.size() == 2u);
  const auto& face = events.events[0];
  BOOST_TEST((face.kind == Event::Kind::person));
  BOOST_TEST(face.pin == "1452");
  BOOST_TEST((face.time == at("2026-11-22 07:41:05")));
  BOOST_TEST(face.state == "0");
  BOOST_TEST((face.method == Method::face));
  BOOST_REQUIRE(face.body_temperature_c.has_value());
  BOOST_TEST(*face.body_temperature_c == 36.4f);
  BOOST_TEST(face.key == "1452/20261122074105/0/15");
  BOOST_TEST((events.events[1].method == Method::finger_vein));
  BOOST_TEST(!events.events[1].body_temperature_c.has_value());
  BOOST_TEST(events.events[1].state == "1");
}

BOOST_AUTO_TEST_CASE(broken_attlog_lines_do_not_cost_the_good_ones) {
  const std::string good = "7\t2026-11-22 07:41:05\t0\t1\n";
  for (const std::string bad :
       {"no tabs at all", "7\t2026-11-22 07:41:05\t0", "7\t2026-02-30 07:41:05\t0\t1",
        "7\t2026-11-22 24:00:00\t0\t1", "7\t2026-11-22\t0\t1", "\t2026-11-22 07:41:05\t0\t1",
        "a b\t2026-11-22 07:41:05\t0\t1", "\xe5\xb1\xb1\t2026-11-22 07:41:05\t0\t1",
        "7\t2026-11-22 07:41:05\t0\t111111111111111111111111"})
    keeps_good_lines(parse_attlog(good + bad + "\n" + good), 2);
  keeps_good_lines(parse_attlog(good + good + std::string(1u << 20, 'x')), 3);
  keeps_good_lines(parse_attlog(good + good + "123456789012345678901234567890123\t2026-11-22 07:41:05\t0\t1"),
                   3);
}

BOOST_AUTO_TEST_CASE(a_body_has_a_limit_of_lines) {
  std::string body;
  for (std::size_t i = 0; i < lines_max + 5; ++i) body += "7\t2026-11-22 07:41:05\t0\t1\n";
  const auto events = parse_attlog(body);
  BOOST_TEST(events.events.size() == lines_max);
  BOOST_TEST(events.mistakes.size() == 1u);
  BOOST_TEST(events.lines == lines_max + 5);
  BOOST_TEST(count_lines(body) == lines_max + 5);
}

// Security, 7.2: fields by name, in any order.
BOOST_AUTO_TEST_CASE(rtlog_lines) {
  const auto events = parse_rtlog(
      "time=2026-11-22 "
      "07:41:05\tpin=1001\tcardno=0\tsitecode=0\tlinkid=0\teventaddr=1\tevent=0\tinoutstatus=1\t"
      "verifytype=21\tindex=4711\tmaskflag=0\ttemperature=36.2\tconvtemperature=97.2\r\n"
      "index=4712\tverifytype=4\tinoutstatus=0\tevent=0\teventaddr=1\tcardno=123456789\tpin=0\t"
      "time=2026-11-22 07:41:06\r\n",
      false);
  BOOST_TEST(events.mistakes.empty());
  BOOST_REQUIRE(events.events.size() == 2u);
  const auto& vein = events.events[0];
  BOOST_TEST(vein.pin == "1001");
  BOOST_TEST(vein.card.empty());
  BOOST_TEST((vein.method == Method::finger_vein));
  BOOST_TEST(vein.state == "1");
  BOOST_TEST(*vein.body_temperature_c == 36.2f);
  BOOST_TEST(vein.key == "4711/20261122074105");
  const auto& card = events.events[1];
  BOOST_TEST((card.kind == Event::Kind::person));
  BOOST_TEST(card.pin.empty());
  BOOST_TEST(card.card == "123456789");
  BOOST_TEST((card.method == Method::card));
}

// Appendix 2: which codes mean a person, a refusal, the device itself.
BOOST_AUTO_TEST_CASE(event_codes) {
  const auto kind = [](int code, const char* pin, bool online = false) {
    const auto line = "time=2026-11-22 07:41:05\tpin=" + std::string(pin) +
                      "\tcardno=0\tevent=" + std::to_string(code) + "\tinoutstatus=0\tverifytype=15\tindex=1";
    return parse_rtlog(line, online).events.at(0).kind;
  };
  for (const int code : {0, 1, 2, 3, 14, 19, 203, 207, 222, 4000})
    BOOST_TEST((kind(code, "1") == Event::Kind::person), "code " << code);
  for (const int code : {20, 23, 27, 34, 44, 68, 5021}) {
    BOOST_TEST((kind(code, "1") == Event::Kind::refused), "code " << code);
    BOOST_TEST((kind(code, "0") == Event::Kind::refused), "code " << code);
  }
  for (const int code : {6, 8, 12, 28, 100, 102, 255, 6001})
    BOOST_TEST((kind(code, "1") == Event::Kind::device), "code " << code);
  for (const int code : {0, 200, 201, 206})
    BOOST_TEST((kind(code, "0") == Event::Kind::device), "code " << code);
  // What the gateway decided itself is in its record already.
  BOOST_TEST((kind(222, "1", true) == Event::Kind::device));
  BOOST_TEST((kind(0, "1", true) == Event::Kind::person));
}

BOOST_AUTO_TEST_CASE(broken_rtlog_lines_do_not_cost_the_good_ones) {
  const std::string good =
      "time=2026-11-22 07:41:05\tpin=1\tcardno=0\tevent=0\tinoutstatus=0\tverifytype=15\tindex=1\n";
  for (const std::string bad : {"pin=1\tevent=0\tindex=1", "time=2026-11-22 07:41:05\tpin=1\tindex=2",
                                "time=2026-11-22 07:41:05\tpin=1\tevent=-1\tindex=2", "====", "\t\t\t",
                                "time=2026-11-22 07:41:05\tpin=a b\tevent=0\tindex=2"})
    keeps_good_lines(parse_rtlog(good + bad + "\n" + good, false), 2);
}

// 9.1 and appendix 5: the terminal's stored records have the keys of those it reported at once.
BOOST_AUTO_TEST_CASE(stored_records_have_the_keys_of_reported_ones) {
  const auto stored = parse_transactions(
      "transaction cardno=0\tpin=1001\tverified=15\tdoorid=1\teventtype=0\tinoutstate=1\ttime_second=" +
          std::to_string(encode_time(at("2026-11-22 07:41:05"))) + "\tindex=4711\r\n",
      false);
  const auto reported = parse_rtlog(
      "time=2026-11-22 07:41:05\tpin=1001\tcardno=0\tevent=0\tinoutstatus=1\tverifytype=15\tindex=4711",
      false);
  BOOST_REQUIRE(stored.events.size() == 1u);
  BOOST_TEST((stored.events[0] == reported.events.at(0)));
}

BOOST_AUTO_TEST_CASE(times_count_months_of_31_days) {
  // The example of 9.1: time_second=548003687
  const auto time = decode_time(548'003'687);
  BOOST_REQUIRE(time.has_value());
  BOOST_TEST((*time == at("2017-01-19 15:14:47")));
  BOOST_TEST(encode_time(*time) == 548'003'687u);
  BOOST_TEST((decode_time(0) == at("2000-01-01 00:00:00")));
  BOOST_TEST(!decode_time(std::uint64_t{encode_time(at("2026-02-28 00:00:00"))} + 86'400 * 2).has_value());
  BOOST_TEST(!decode_time(1ULL << 33).has_value());
}

// Appendix 3, and the 16 digits of 7.2.
BOOST_AUTO_TEST_CASE(verification_codes) {
  for (const char* face : {"15", "16", "20", "0000000000000010", "0000101000000011"})
    BOOST_TEST((method_of(face) == Method::face), face);
  for (const char* vein : {"21", "24", "0000000000100000", "0000100000100001"})
    BOOST_TEST((method_of(vein) == Method::finger_vein), vein);
  for (const char* card : {"4", "11", "0000100000000000"})
    BOOST_TEST((method_of(card) == Method::card), card);
  BOOST_TEST((method_of("0001000000000000") == Method::qr));
  // fingerprint, PIN, password, "automatic", palm, other; nonsense
  for (const char* none : {"1", "2", "3", "0", "25", "200", "0000000000010000", "0000000000000000", "", "x",
                           "-4", "00000000000000002"})
    BOOST_TEST(!method_of(none).has_value(), none);
}

// 10: remote identification.
BOOST_AUTO_TEST_CASE(questions_and_answers) {
  const std::string record =
      "time=2026-11-22 "
      "07:41:05\tpin=1001\tcardno=0\taddrtype=2\teventaddr=1\tevent=223\tinoutstatus=0\tverifytype=15";
  const auto question = parse_question(record);
  BOOST_REQUIRE(question.has_value());
  BOOST_TEST(question.value().pin == "1001");
  BOOST_TEST((question.value().kind == Event::Kind::person));
  BOOST_TEST(question.value().key == "ask/1001-/20261122074105/0/15");
  BOOST_TEST(decision_answer(record, {true, open_door_command(1, 5), "OK"}) ==
             "AUTH=SUCCEED\r\n" + record + "\r\nCONTROL DEVICE 01010105\r\nTIPS=OK");
  BOOST_TEST(decision_answer(record + "\r\ninjected", {false, "", "unknown_credential"}) ==
             "AUTH=FAILED\r\n" + record + "\r\nTIPS=unknown_credential");
  BOOST_TEST(!parse_question("time=2026-11-22 07:41:05\tpin=0\tcardno=0\tevent=223").has_value());
  BOOST_TEST(!parse_question("").has_value());
}

// 9.3: door id and seconds are hexadecimal.
BOOST_AUTO_TEST_CASE(door_commands) {
  BOOST_TEST(open_door_command(1, 5) == "CONTROL DEVICE 01010105");
  BOOST_TEST(open_door_command(16, 30) == "CONTROL DEVICE 0110011E");
  BOOST_TEST(open_door_command(99, 1000) == "CONTROL DEVICE 011001FE");  // never FF, "open for good"
}

// 4.1 and the options of the attendance dialect.
BOOST_AUTO_TEST_CASE(first_contact) {
  const auto options = attendance_options("0316144680030", "", std::chrono::minutes(540));
  BOOST_TEST(options.starts_with("GET OPTION FROM: 0316144680030\nATTLOGStamp=None\n"));
  BOOST_TEST(options.find("\nTimeZone=9\n") != std::string::npos);
  BOOST_TEST(options.find("\nRealtime=1\n") != std::string::npos);
  BOOST_TEST(attendance_options("1", "77", std::chrono::minutes(345)).find("\nTimeZone=345\n") !=
             std::string::npos);
  BOOST_TEST(attendance_options("1", "77", {}).find("ATTLOGStamp=77\n") != std::string::npos);
  const auto security = security_options("abc");
  BOOST_TEST(security.starts_with("registry=ok\nRegistryCode=abc\n"));
  BOOST_TEST(security.find("\nSessionID=abc\n") != std::string::npos);
}

// 7.3
BOOST_AUTO_TEST_CASE(the_time_of_a_state_report) {
  BOOST_TEST((parse_state_time("time=2017-01-10 15:42:40\tsensor=00\trelay=00\talarm=0200000000000000") ==
              at("2017-01-10 15:42:40")));
  BOOST_TEST(!parse_state_time("sensor=00").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::terminal::zkteco
