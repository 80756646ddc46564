// What goes wrong between the gateway and a UHF reader: the reader gone, busy, silent, talking nonsense. LLRP
// over TCP against the simulated reader.
#include <boost/test/unit_test.hpp>

#include "tests/devices/uhf/llrp_bytes.hpp"
#include "tests/devices/uhf/uhf_gate.hpp"

namespace sitegate::devices::uhf {
namespace {

using namespace std::chrono_literals;
using tests::wait_until;

const SystemClock system_clock;

Bytes epc(int number) {
  return {0x30, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number), 0};
}

/// A gate that has read tag 0 from its reader.
struct Running {
  std::unique_ptr<UhfSimulator> reader = simulator({}, system_clock);
  UhfGate gate{url_of(reader->port()), system_clock};
  int last = 0;

  Running() { BOOST_REQUIRE(reads_on()); }
  /// The next good report comes through.
  bool reads_on() {
    reader->see({{epc(last), 1}});
    ++last;
    return gate.has_reads(static_cast<std::size_t>(last));
  }
  [[nodiscard]] std::uint64_t connections() const { return reader->counts().connections; }
};

const std::string good_report = tlv(240, "8d300833b2ddd9014000000077810001");

}  // namespace

BOOST_AUTO_TEST_SUITE(uhf_faults)

BOOST_FIXTURE_TEST_CASE(a_connection_closed_or_broken_is_made_again, Running) {
  reader->drop();
  BOOST_REQUIRE(wait_until([&] { return connections() == 2; }));
  BOOST_TEST(reads_on());
  reader->reset();
  BOOST_REQUIRE(wait_until([&] { return connections() == 3; }));
  BOOST_TEST(reads_on());
  BOOST_TEST(gate.health().failures == 2u);
}

// Inside one well-framed message everything may be wrong: it is passed over, the connection stays.
BOOST_FIXTURE_TEST_CASE(damaged_messages_are_passed_over, Running) {
  for (const auto& bytes :
       {frame(61, tlv(240, "8100")), frame(61, "00f0ffff810001"), frame(61, "00f00000"), frame(63, "00"),
        frame(1023, ""), frame(999, "deadbeef"), frame(61, std::string(2 * 1'100'000, '5'))})
    reader->send_raw(bytes);
  reader->send_raw(frame(61, good_report));
  BOOST_REQUIRE(gate.has_reads(2));
  ++last;
  BOOST_TEST(reads_on());
  BOOST_TEST(connections() == 1u);
  BOOST_TEST(wait_until([&] { return gate.health().state.ends_with("6 damaged messages"); }),
             gate.health().state);
}

// A wrong length, garbage or a cut: where the next message begins is not known; the connection is made again.
BOOST_FIXTURE_TEST_CASE(a_stream_out_of_step_is_begun_again, Running) {
  std::uint64_t expected = 1;
  for (const auto& bytes :
       {hex("485454502f312e31203430302042616420526571756573740d0a"), Bytes(4'096, 0xFF),
        Bytes(1'000'000, 0x00), hex("043d00000009000000010000"), hex("043d7fffffff00000001"),
        hex("043d0000000c0000000100f0ffff0000000000000000")}) {
    reader->send_raw(bytes);
    BOOST_REQUIRE(wait_until([&] { return connections() == expected + 1; }));
    ++expected;
    BOOST_TEST(reads_on());
  }
}

BOOST_FIXTURE_TEST_CASE(a_message_cut_off_by_the_end, Running) {
  const auto report = frame(61, good_report);
  reader->send_raw(Bytes(report.begin(), report.end() - 5));
  reader->drop();
  BOOST_REQUIRE(wait_until([&] { return connections() == 2; }));
  BOOST_TEST(reads_on());
  BOOST_TEST(gate.epcs().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_slow_writer, Running) {
  reader->set_slow(true);
  BOOST_TEST(reads_on());
  BOOST_TEST(connections() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_reader_killed_and_restarted, Running) {
  const auto port = reader->port();
  for (int round = 0; round < 3; ++round) {
    reader.reset();
    BOOST_REQUIRE(wait_until([&] { return gate.health().state.starts_with("not connected"); }));
    BOOST_TEST(gate.health().failures >= 1u);
    reader = simulator({}, system_clock, port);
    BOOST_TEST(reads_on());
  }
}

// Killed in the middle of a stream: what it reads after its return comes through, all of it, once.
BOOST_FIXTURE_TEST_CASE(killed_in_the_middle_of_a_stream, Running) {
  const auto port = reader->port();
  reader->stream(1'000, 100'000);
  BOOST_REQUIRE(gate.has_reads(500));
  reader.reset();
  reader = simulator({}, system_clock, port);
  constexpr int after = 500;
  for (int i = 0; i < after; ++i)
    reader->see({{Bytes{0x40, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}, 1}});
  const auto arrived = [&] {
    const auto all = gate.reads();
    return std::ranges::count_if(all, [](const CredentialRead& read) {
      return std::get<UhfTagCredential>(read.credential).epc[0] == 0x40;
    });
  };
  BOOST_REQUIRE(wait_until([&] { return arrived() >= after; }));
  BOOST_TEST(arrived() == after);
  BOOST_TEST(gate.count() == gate.epcs().size());
}

// 16.2.8.3.9: a reader serves one client. The second one is told so, tries again, and takes over when the
// first is gone.
BOOST_FIXTURE_TEST_CASE(one_client_at_a_time, Running) {
  UhfGate second(url_of(reader->port()), system_clock);
  BOOST_REQUIRE(wait_until([&] { return second.health().failures >= 1; }));
  BOOST_TEST(second.health().last_error.find("the reader serves another client already") != std::string::npos,
             second.health().last_error);
  BOOST_TEST(wait_until([&] { return reader->counts().sent_away >= 1; }));
  BOOST_TEST(reads_on());
  gate.stop();
  reader->see({{epc(100), 1}});
  BOOST_TEST(second.has_reads(1));
}

// The reader's cable is out: nothing comes, the connection stands. The gate's time is moved.
BOOST_AUTO_TEST_CASE(silence_is_noticed) {
  ManualClock clock(UtcTime{1'700'000'000'000ms});
  const auto reader = simulator({}, system_clock);
  UhfGate gate(url_of(reader->port()), clock);
  BOOST_REQUIRE(reads(*reader));
  reader->set_silent(true);
  clock.advance(29s);
  reader->see({{epc(1), 1}});
  BOOST_TEST(gate.health().failures == 0u);
  // What was under way when it fell silent may have been heard a moment later.
  BOOST_REQUIRE(wait_until([&] {
    clock.advance(2s);
    return gate.health().failures >= 1;
  }));
  BOOST_TEST(gate.health().last_error.find("the reader has fallen silent") != std::string::npos);
  reader->set_silent(false);
  BOOST_REQUIRE(wait_until([&] {
    reader->see({{epc(2), 1}});
    return gate.count() > 0;
  }));
}

// Some readers answer no question about their capabilities: they are used all the same.
BOOST_AUTO_TEST_CASE(a_reader_that_does_not_introduce_itself) {
  ManualClock clock(UtcTime{1'700'000'000'000ms});
  const auto reader = simulator({.answers_capabilities = false}, system_clock);
  UhfGate gate(url_of(reader->port()), clock);
  BOOST_REQUIRE(wait_until([&] { return reader->counts().connections == 1; }));
  BOOST_REQUIRE(wait_until([&] {
    clock.advance(100ms);
    return reader->counts().reading;
  }));
  reader->see({{epc(1), 1}});
  BOOST_TEST(gate.has_reads(1));
  BOOST_TEST(gate.health().failures == 0u);
}

BOOST_AUTO_TEST_CASE(an_antenna_that_is_not_there) {
  const auto reader = simulator({}, system_clock);
  UhfGate gate(url_of(reader->port(), "antennas=outside:1,inside:3"), system_clock);
  BOOST_REQUIRE(wait_until([&] { return gate.health().failures >= 1; }));
  BOOST_TEST(gate.health().last_error.find("antenna 3 is asked for, the reader has 2") != std::string::npos,
             gate.health().last_error);
}

BOOST_AUTO_TEST_CASE(nobody_there) {
  const auto port = simulator({}, system_clock)->port();  // free again at once
  const auto reader = open_uhf_reader(parse_url(url_of(port)).value(), {system_clock, {}}).value();
  const auto ran = reader->run(std::stop_token{}, [](CredentialRead) {});
  BOOST_REQUIRE(!ran);
  BOOST_TEST(is(ran.error(), UhfErrc::cannot_connect));
  BOOST_TEST(ran.error().detail == "127.0.0.1:" + std::to_string(port) + ": Connection refused");
  BOOST_TEST(reader->state() ==
             "not connected to 127.0.0.1:" + std::to_string(port) + ": " + ran.error().text());
}

// A reader that accepts and says nothing: a stop ends the wait for its greeting at once.
BOOST_AUTO_TEST_CASE(stop_ends_every_wait) {
  const auto mute = listen_tcp(0).value();
  const auto reader = open_uhf_reader(parse_url(url_of(port_of(mute))).value(), {system_clock, {}}).value();
  std::stop_source stop;
  Result<void> ran = success();
  {
    std::jthread running([&] { ran = reader->run(stop.get_token(), [](CredentialRead) {}); });
    BOOST_REQUIRE(wait_until([&] { return accept_tcp(mute).open(); }));
    stop.request_stop();
  }
  BOOST_TEST(ran.has_value());
  BOOST_TEST(reader->run(stop.get_token(), [](CredentialRead) {}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::uhf
