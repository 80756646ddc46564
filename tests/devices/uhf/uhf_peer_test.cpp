// Programs that nobody here wrote, on the other end of the wire or listening in: the dummy reader of llrpjs
// (npm), and Wireshark's dissector of LLRP (tshark). Each is skipped where it is not installed.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/devices/uhf/dummy_reader.hpp"
#include "tests/devices/uhf/uhf_gate.hpp"
#include "tests/support/raw_peer.hpp"

namespace sitegate::devices::uhf {
namespace {

using namespace std::chrono_literals;
using tests::ChildProcess;
using tests::TemporaryFolder;
using tests::wait_until;

const SystemClock system_clock;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

boost::test_tools::assertion_result tshark_is_there(boost::unit_test::test_unit_id) {
  const TemporaryFolder folder;
  ChildProcess look({"sh", "-c", "tshark --version && text2pcap --version"}, folder / "log");
  boost::test_tools::assertion_result there(look.wait() == 0);
  there.message() << "tshark is not installed";
  return there;
}

/// It does not answer GET_READER_CAPABILITIES and sends no keepalives; the gate's time is moved past the
/// first.
bool reads_more(UhfGate& gate, ManualClock& clock, std::size_t count) {
  const auto wanted = gate.count() + count;
  return wait_until(
      [&] {
        clock.advance(10ms);
        return gate.count() >= wanted;
      },
      60s);
}

/// What a gateway says in a whole session in this version: reading, keepalives, the end.
Bytes said_by_the_gateway(const std::string& query) {
  ManualClock readers_clock(UtcTime{1'700'000'000'000ms});
  const auto reader = simulator({}, readers_clock);
  UhfGate gate(url_of(reader->port(), query), system_clock);
  BOOST_REQUIRE(reads(*reader));
  readers_clock.advance(10s);
  BOOST_REQUIRE(wait_until([&] { return reader->counts().acknowledged == 1; }));
  gate.stop();
  BOOST_REQUIRE(wait_until([&] { return !reader->counts().reading; }));
  return reader->received();
}

/// What the simulated reader says to that: events, answers, reports of every kind.
Bytes said_by_the_simulator(const Bytes& gateway, SimulatorSettings settings) {
  const auto reader = simulator(settings, system_clock);
  reader->see({{Bytes(12, 0x30), 1}, {Bytes(6, 0x31), 2, -70, 9}, {Bytes(62, 0x32), 1}});
  reader->see({});
  tests::RawPeer peer(reader->port());
  BOOST_REQUIRE(peer.connected());
  MessageBuffer messages;
  messages.add(gateway);
  for (auto next = messages.next(); next && next.value(); next = messages.next()) {
    if (decode(*next.value()).value().body.type == message::delete_rospec && reader->counts().reading)
      BOOST_REQUIRE(wait_until([&] { return reader->counts().tags_sent == 3; }));
    peer.send(as_text(*next.value()));
    if (decode(*next.value()).value().body.type == message::start_rospec) BOOST_REQUIRE(reads(*reader));
  }
  const auto said = peer.receive_all();
  return to_bytes(as_bytes(said));
}

/// Each message as a packet on port 5084, as text2pcap wants it.
std::size_t write_packets(const Bytes& stream, std::ofstream& out) {
  MessageBuffer messages;
  messages.add(stream);
  std::size_t count = 0;
  for (auto next = messages.next(); next && next.value(); next = messages.next(), ++count) {
    const auto& bytes = *next.value();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (i % 16 == 0) out << (i == 0 ? "" : "\n") << fmt::format("{:06x} ", i);
      out << fmt::format(" {:02x}", bytes[i]);
    }
    out << "\n\n";
  }
  return count;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// tshark's full account of these messages.
std::string dissected(const Bytes& stream) {
  const TemporaryFolder folder;
  std::ofstream out(folder / "packets.txt");
  const auto count = write_packets(stream, out);
  out.close();
  BOOST_REQUIRE(count > 0);
  const auto pcap = (folder / "packets.pcap").string();
  BOOST_REQUIRE(ChildProcess({"text2pcap", "-q", "-T", "40000,5084", (folder / "packets.txt").string(), pcap},
                             folder / "text2pcap.log")
                    .wait() == 0);
  BOOST_REQUIRE(ChildProcess({"tshark", "-n", "-r", pcap, "-d", "tcp.port==5084,llrp", "-O", "llrp"},
                             folder / "tshark.log")
                    .wait() == 0);
  const auto text = text_of(folder / "tshark.log");
  BOOST_TEST(occurrences(text, "\nLow Level Reader Protocol\n") == count, text);
  return text;
}

// Wireshark 4.0 itself misreads one message: it looks for SET_PROTOCOL_VERSION's one byte (17.1.3) under the
// header's mask and does not count it.
const std::string misread = "Incorrect length of message: 10 bytes decoded, but 11 bytes available.";

void check_clean(const std::string& text) {
  for (std::size_t at = text.find("\nFrame "); at != std::string::npos;) {
    const auto next = text.find("\nFrame ", at + 1);
    const auto message = text.substr(at, next - at);
    at = next;
    if (message.find("Set Protocol Version (47)") != std::string::npos) {
      BOOST_TEST(occurrences(message, "Expert Info") ==
                 occurrences(message, "[Expert Info (Error/Malformed): " + misread));
      continue;
    }
    for (const auto* trouble : {"alformed", "Expert Info", "nvalid length", "nknown"})
      BOOST_TEST(message.find(trouble) == std::string::npos, trouble << " in " << message);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(uhf_peers)

BOOST_AUTO_TEST_CASE(the_dummy_reader_of_llrpjs, *boost::unit_test::precondition(llrpjs_is_there)) {
  DummyReader reader;
  ManualClock clock(UtcTime{1'700'000'000'000ms});
  UhfGate gate(url_of(reader.port(), "keepalive_s=0"), clock);
  BOOST_REQUIRE_MESSAGE(reads_more(gate, clock, 10), gate.health().last_error);
  for (const auto& read : gate.reads()) BOOST_TEST((read.method == Method::uhf));
  reader.kill();
  BOOST_REQUIRE(wait_until([&] { return gate.health().failures >= 1; }));
  reader.start();
  BOOST_TEST(reads_more(gate, clock, 10), gate.health().last_error);
  BOOST_TEST(gate.health().failed_reads == 0u);
}

BOOST_AUTO_TEST_CASE(tshark_reads_all_that_is_sent, *boost::unit_test::precondition(tshark_is_there)) {
  for (const auto* query : {"version=1.0.1", "version=1.1&antennas=outside:1,inside:2&session=1"}) {
    const auto gateway = said_by_the_gateway(query);
    const auto text = dissected(gateway);
    check_clean(text);
    for (const auto* name : {"Get Reader Capabilities (1)", "Set Reader Config (3)", "Delete ROSpec (21)",
                             "Add ROSpec (20)", "Enable ROSpec (24)", "Start ROSpec (22)",
                             "Enable Events And Reports (64)", "Keepalive Ack (72)", "Close Connection (14)"})
      BOOST_TEST(text.find(name) != std::string::npos, name << " in " << text);
  }
}

BOOST_AUTO_TEST_CASE(tshark_reads_the_simulated_reader, *boost::unit_test::precondition(tshark_is_there)) {
  const auto gateway = said_by_the_gateway("version=1.1");
  for (const bool utc_clock : {true, false}) {
    const auto text = dissected(said_by_the_simulator(gateway, {.utc_clock = utc_clock}));
    check_clean(text);
    BOOST_TEST(text.find("RO Access Report (61)") != std::string::npos, text);
    BOOST_TEST(text.find("Get Reader Capabilities Response (11)") != std::string::npos, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::uhf
