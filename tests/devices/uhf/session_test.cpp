// EPCglobal Low Level Reader Protocol 1.1 (2010): 8 and 9 (connection,
// version), 10.1, 11.1, 13.1, 14.1, 15.1, 16.1: the client's side, message by message, against answers
// written by hand.
#include "devices/uhf/session.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/devices/uhf/llrp_bytes.hpp"

namespace sitegate::devices::uhf {
namespace {

using namespace std::chrono_literals;

const std::string ok = tlv(287, "00000000");
const std::string other_reason = tlv(287, "00640000");
const Bytes greeting = frame(63, tlv(246, tlv(128, "00060def772aa370") + tlv(256, "0000")));
const Bytes one_tag = frame(61, tlv(240,
                                    "8d300833b2ddd9014000000001"
                                    "810002"));

/// A session and the time; says what it sends by the messages' names.
struct Talk {
  MonotonicTime now{1min};
  Session session;
  std::string error;

  explicit Talk(SessionSettings settings = {}) : session(std::move(settings), now) {}

  /// "GET_READER_CAPABILITIES": what the session sends upon these bytes.
  std::string hears(const Bytes& bytes) {
    note(session.receive(bytes, now));
    return sent();
  }
  std::string waits(std::chrono::milliseconds how_long) {
    now += how_long;
    note(session.pass_time(now));
    return sent();
  }
  std::string sent() {
    MessageBuffer buffer;
    buffer.add(session.take_output());
    std::string names;
    for (auto next = buffer.next(); next && next.value(); next = buffer.next()) {
      last = decode(*next.value()).value();
      names += (names.empty() ? "" : " ") + last.body.name();
    }
    return names;
  }
  void note(const Result<void>& result) { error = result ? std::string() : result.error().text(); }
  Talk& until_reading() {
    for (const auto& bytes :
         {greeting, frame(11, ok), frame(13, ok), frame(31, ok), frame(30, ok), frame(34, ok)})
      hears(bytes);
    BOOST_REQUIRE(hears(frame(32, ok)) == "ENABLE_EVENTS_AND_REPORTS");
    return *this;
  }
  Message last;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(llrp_session)

BOOST_AUTO_TEST_CASE(from_the_greeting_to_the_first_tag) {
  Talk talk;
  BOOST_TEST(talk.sent() == "");  // the reader speaks first
  BOOST_TEST(talk.hears(greeting) == "GET_READER_CAPABILITIES");
  BOOST_TEST(talk.hears(frame(11, ok)) == "SET_READER_CONFIG");
  BOOST_TEST(talk.last.body.find(220)->number("PeriodicTriggerValue") == 10'000u);
  BOOST_TEST(talk.hears(frame(13, ok)) == "DELETE_ROSPEC");
  BOOST_TEST(talk.hears(frame(31, ok)) == "ADD_ROSPEC");
  BOOST_TEST(talk.hears(frame(30, ok)) == "ENABLE_ROSPEC");
  BOOST_TEST(talk.hears(frame(34, ok)) == "START_ROSPEC");
  BOOST_TEST((talk.session.phase() == Session::Phase::preparing));
  BOOST_TEST(talk.hears(frame(32, ok)) == "ENABLE_EVENTS_AND_REPORTS");
  BOOST_TEST((talk.session.phase() == Session::Phase::reading));
  BOOST_TEST(talk.hears(one_tag) == "");
  const auto tags = talk.session.take_reports();
  BOOST_REQUIRE(tags.size() == 1u);
  BOOST_TEST(to_hex(tags[0].epc) == "300833b2ddd9014000000001");
  BOOST_TEST(talk.session.take_reports().empty());
  BOOST_TEST(talk.error == "");
}

BOOST_AUTO_TEST_CASE(everything_in_one_segment_and_byte_by_byte) {
  const auto stream = joined({greeting, frame(11, ok), frame(13, ok), frame(31, ok), frame(30, ok),
                              frame(34, ok), frame(32, ok), one_tag, frame(61, ""), one_tag});
  Talk at_once;
  at_once.hears(stream);
  BOOST_TEST(at_once.session.take_reports().size() == 2u);
  Talk in_bytes;
  for (const auto byte : stream) in_bytes.hears({byte});
  BOOST_TEST(in_bytes.session.take_reports().size() == 2u);
  BOOST_TEST(in_bytes.error == "");
}

// 9.1: the two messages that settle the version are of 1.1 by themselves; then all others are.
BOOST_AUTO_TEST_CASE(version_1_1_is_negotiated) {
  Talk talk({.version = Version::v1_1});
  BOOST_TEST(talk.hears(greeting) == "GET_SUPPORTED_VERSION");
  BOOST_TEST((talk.last.version == Version::v1_1));
  BOOST_TEST(talk.hears(frame(56, "0102" + ok)) == "SET_PROTOCOL_VERSION");
  BOOST_TEST(talk.last.body.number("ProtocolVersion") == 2u);
  BOOST_TEST(talk.hears(frame(57, ok)) == "GET_READER_CAPABILITIES");
  BOOST_TEST((talk.last.version == Version::v1_1));
  BOOST_TEST((talk.session.version() == Version::v1_1));
}

// 9.1: a reader of 1.0.1 answers with ERROR_MESSAGE, M_UnsupportedVersion (110); one of 1.1 may know no more
// than 1.0.1.
BOOST_AUTO_TEST_CASE(a_reader_of_1_0_1_is_spoken_to_in_1_0_1) {
  for (const auto& answer : {frame(100, tlv(287, "006e0000")), frame(56, "0101" + ok)}) {
    Talk talk({.version = Version::v1_1});
    talk.hears(greeting);
    BOOST_TEST(talk.hears(answer) == "GET_READER_CAPABILITIES");
    BOOST_TEST((talk.last.version == Version::v1_0_1));
  }
  Talk silent({.version = Version::v1_1});
  silent.hears(greeting);
  BOOST_TEST(silent.waits(5s) == "GET_READER_CAPABILITIES");
}

// 16.2.8.3.9: 1 and 2 say that another client is served.
BOOST_AUTO_TEST_CASE(one_client_at_a_time) {
  for (const auto* status : {"0001", "0002"}) {
    Talk talk;
    BOOST_TEST(talk.hears(frame(63, tlv(246, tlv(129, "0000000000000005") + tlv(256, status)))) == "");
    BOOST_TEST(talk.error.find("serves another client already") != std::string::npos, talk.error);
  }
  Talk other;
  other.hears(frame(63, tlv(246, tlv(129, "0000000000000005") + tlv(256, "0003"))));
  BOOST_TEST(other.error.ends_with("connection attempt refused, status 3"));
}

BOOST_AUTO_TEST_CASE(another_client_that_tries_changes_nothing) {
  Talk talk;
  talk.until_reading();
  talk.hears(frame(63, tlv(246, tlv(129, "0000000000000005") + tlv(256, "0004"))));
  BOOST_TEST(talk.error == "");
  BOOST_TEST((talk.session.phase() == Session::Phase::reading));
}

// 15.2.1: what the reader refuses is said in its words.
BOOST_AUTO_TEST_CASE(a_refused_rospec) {
  Talk talk;
  for (const auto& bytes : {greeting, frame(11, ok), frame(13, ok), frame(31, ok)}) talk.hears(bytes);
  talk.hears(frame(30, tlv(287,
                           "0065"
                           "0003"
                           "626164")));
  BOOST_TEST(talk.error ==
             "uhf: the reader refuses what it was asked: ADD_ROSPEC_RESPONSE: 101 M_FieldError: bad");
}

BOOST_AUTO_TEST_CASE(an_error_message_instead_of_an_answer) {
  Talk talk;
  for (const auto& bytes : {greeting, frame(11, ok), frame(13, ok)}) talk.hears(bytes);
  talk.hears(frame(100, tlv(287, "006d0000")));
  BOOST_TEST(talk.error.ends_with("DELETE_ROSPEC: 109 M_UnsupportedMessage: "), talk.error);
}

// Some readers know no capabilities: that is no reason not to read.
BOOST_AUTO_TEST_CASE(capabilities_may_be_missing) {
  Talk silent;
  silent.hears(greeting);
  BOOST_TEST(silent.waits(4900ms) == "");
  BOOST_TEST(silent.waits(100ms) == "SET_READER_CONFIG");
  Talk refused;
  refused.hears(greeting);
  BOOST_TEST(refused.hears(frame(11, other_reason)) == "SET_READER_CONFIG");
  Talk error;
  error.hears(greeting);
  BOOST_TEST(error.hears(frame(100, other_reason)) == "SET_READER_CONFIG");
  BOOST_TEST(error.error == "");
}

// 13.2.6.4: only a reader that can hold reports back is told not to.
BOOST_AUTO_TEST_CASE(holding_is_turned_off_where_it_exists) {
  const auto general = tlv(137,
                           "0002"
                           "4000"
                           "0000651a"
                           "001e886a"
                           "0000");
  Talk talk;
  talk.hears(greeting);
  talk.hears(frame(11, ok + general +
                           tlv(142,
                               "0801"
                               "0000"
                               "00000001"
                               "00000020"
                               "00000001"
                               "00000000"
                               "00000000")));
  BOOST_REQUIRE(talk.last.body.find(226) != nullptr);
  BOOST_TEST(talk.last.body.find(226)->number("HoldEventsAndReportsUponReconnect") == 0u);
  BOOST_TEST(talk.session.capabilities()->antenna_count == 2u);
}

BOOST_AUTO_TEST_CASE(an_antenna_that_the_reader_does_not_have) {
  Talk talk({.inventory = {{1, 3}, 0}});
  talk.hears(greeting);
  talk.hears(frame(11, ok + tlv(137,
                                "0002"
                                "4000"
                                "0000651a"
                                "001e886a"
                                "0003"
                                "352e31")));
  BOOST_TEST(
      talk.error ==
      "uhf: the reader refuses what it was asked: antenna 3 is asked for, the reader has 2 (Impinj model "
      "2001002, firmware 5.1)");
}

BOOST_AUTO_TEST_CASE(no_greeting_and_no_answer) {
  Talk nothing;
  nothing.waits(9900ms);
  BOOST_TEST(nothing.error == "");
  nothing.waits(100ms);
  BOOST_TEST(nothing.error.find("does not answer") != std::string::npos);
  Talk stuck;
  for (const auto& bytes : {greeting, frame(11, ok), frame(13, ok), frame(31, ok)}) stuck.hears(bytes);
  stuck.waits(5s);
  BOOST_TEST(stuck.error == "uhf: the reader does not answer: to ADD_ROSPEC");
}

// 16.1.1: every keepalive is acknowledged, in every phase.
BOOST_AUTO_TEST_CASE(keepalives_are_acknowledged) {
  Talk talk;
  BOOST_TEST(talk.hears(frame(62, "")) == "KEEPALIVE_ACK");
  talk.until_reading();
  BOOST_TEST(talk.hears(joined({frame(62, ""), frame(62, "")})) == "KEEPALIVE_ACK KEEPALIVE_ACK");
}

BOOST_AUTO_TEST_CASE(silence_is_noticed) {
  Talk talk;
  talk.until_reading();
  for (int i = 0; i < 10; ++i) {
    talk.waits(29s);
    BOOST_TEST(talk.error == "");
    talk.hears(frame(i % 2 == 0 ? 62 : 61, ""));
  }
  talk.waits(30s);
  BOOST_TEST(talk.error ==
             "uhf: the reader has fallen silent: nothing heard for 30 s, keepalives were agreed every 10 s");
}

// A reader that refuses the configuration sends no keepalives: silence then means nothing.
BOOST_AUTO_TEST_CASE(without_keepalives_there_is_no_watchdog) {
  Talk refused;
  refused.hears(greeting);
  refused.hears(frame(11, ok));
  BOOST_TEST(refused.hears(frame(13, other_reason)) == "DELETE_ROSPEC");
  for (const auto& bytes : {frame(31, ok), frame(30, ok), frame(34, ok), frame(32, ok)}) refused.hears(bytes);
  refused.waits(24h);
  BOOST_TEST(refused.error == "");
  Talk none({.keepalive = 0s});
  none.until_reading().waits(24h);
  BOOST_TEST(none.error == "");
}

// 14.1.3: a report without tags is no error: Zebra's readers send it.
BOOST_AUTO_TEST_CASE(an_empty_report) {
  Talk talk;
  talk.until_reading();
  talk.hears(hex("043d0000000a00000000"));
  BOOST_TEST(talk.error == "");
  BOOST_TEST(talk.session.take_reports().empty());
  BOOST_TEST(talk.session.counts().damaged == 0u);
}

BOOST_AUTO_TEST_CASE(reports_of_an_earlier_client_are_not_ours) {
  Talk talk;
  talk.hears(joined({greeting, one_tag}));
  BOOST_TEST(talk.session.take_reports().empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_message_is_passed_over) {
  Talk talk;
  talk.until_reading();
  talk.hears(joined({frame(61, tlv(240, "8100")), frame(1023, "00"), frame(999, "abcd"), one_tag}));
  BOOST_TEST(talk.error == "");
  BOOST_TEST(talk.session.counts().damaged == 2u);
  BOOST_TEST(talk.session.take_reports().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_message_of_more_than_a_mebibyte_is_passed_over) {
  Talk talk;
  talk.until_reading();
  talk.hears(joined({frame(61, std::string(2 * MessageBuffer::message_size_max, '0')), one_tag}));
  BOOST_TEST(talk.error == "");
  BOOST_TEST(talk.session.counts().damaged == 1u);
  BOOST_TEST(talk.session.take_reports().size() == 1u);
}

BOOST_AUTO_TEST_CASE(garbage_ends_the_session) {
  Talk talk;
  talk.until_reading();
  talk.hears(hex("48545450002f312e3120343030"));
  BOOST_TEST(talk.error.find("this is not LLRP") != std::string::npos, talk.error);
}

// 16.2.8.3: events in the reading phase.
BOOST_AUTO_TEST_CASE(events_that_end_the_session) {
  const auto event = [](const std::string& parameter) {
    return frame(63, tlv(246, tlv(129, "0000000000000005") + parameter));
  };
  Talk closed;
  closed.until_reading().hears(event(tlv(257, "")));
  BOOST_TEST(closed.error == "uhf: the connection to the reader has ended: the reader closes it");
  Talk ended;
  ended.until_reading().hears(event(tlv(249,
                                        "01"
                                        "00000001"
                                        "00000000")));
  BOOST_TEST(ended.error == "uhf: the reader has stopped reading: ROSpec event 1");
  Talk others;
  others.until_reading().hears(joined({event(tlv(249,
                                                 "00"
                                                 "00000001"
                                                 "00000000")),
                                       event(tlv(249,
                                                 "01"
                                                 "00000009"
                                                 "00000000")),
                                       event(tlv(250, "50")), event(tlv(251, "")),
                                       event(tlv(252,
                                                 "0003"
                                                 "626164")),
                                       event(tlv(255,
                                                 "00"
                                                 "0002")),
                                       event(tlv(900, "00")), event("")}));
  BOOST_TEST(others.error == "");
  BOOST_TEST(others.session.counts().damaged == 0u);
}

// 11.1.2, 13.1.5: the reader is left free.
BOOST_AUTO_TEST_CASE(closing_in_order) {
  Talk talk;
  talk.until_reading();
  talk.session.close(talk.now);
  BOOST_TEST(talk.sent() == "DELETE_ROSPEC");
  BOOST_TEST(talk.hears(joined({one_tag, frame(31, ok)})) == "CLOSE_CONNECTION");
  BOOST_TEST((talk.session.phase() == Session::Phase::closing));
  talk.hears(frame(4, ok));
  BOOST_TEST((talk.session.phase() == Session::Phase::closed));
  Talk unanswered;
  unanswered.until_reading().session.close(unanswered.now);
  unanswered.waits(1s);
  BOOST_TEST((unanswered.session.phase() == Session::Phase::closed));
  Talk early;
  early.session.close(early.now);
  BOOST_TEST((early.session.phase() == Session::Phase::closed));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::uhf
