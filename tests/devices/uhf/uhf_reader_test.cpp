// The whole reader against the simulated one, over TCP. EPCglobal Low Level Reader Protocol 1.0.1 (2007)
// and 1.1 (2010).
#include "devices/uhf/uhf_reader.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/devices/uhf/llrp_bytes.hpp"
#include "tests/devices/uhf/uhf_gate.hpp"

namespace sitegate::devices::uhf {
namespace {

using namespace std::chrono_literals;
using tests::wait_until;

const SystemClock system_clock;
const Bytes tag_a = hex("e28011606000020012345678");
const Bytes tag_b = hex("300833b2ddd9");

Bytes epc_of(const CredentialRead& read) {
  return std::get<UhfTagCredential>(read.credential).epc;
}

std::set<Bytes> streamed(std::uint64_t count) {
  std::set<Bytes> all;
  for (std::uint64_t i = 0; i < count; ++i) all.insert(streamed_epc(i));
  return all;
}

std::string refusal_of(const std::string& url) {
  const auto settings = parse_uhf_settings(parse_url(url).value());
  BOOST_REQUIRE_MESSAGE(!settings, url << " was taken");
  BOOST_TEST(is(settings.error(), ReaderErrc::bad_setting));
  return settings.error().detail;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(uhf_urls)

BOOST_AUTO_TEST_CASE(defaults) {
  const auto settings = parse_uhf_settings(parse_url("uhf+llrp://10.0.0.9").value()).value();
  BOOST_TEST(settings.host == "10.0.0.9");
  BOOST_TEST(settings.port == 5084);
  BOOST_TEST(settings.session.inventory.antennas.empty());
  BOOST_TEST(settings.presence.sides.empty());
  BOOST_TEST((settings.session.version == Version::v1_0_1));
  BOOST_TEST((settings.session.keepalive == 10s));
  BOOST_TEST((settings.presence == PresenceSettings{}));
  BOOST_TEST(!settings.rssi_min_dbm.has_value());
}

BOOST_AUTO_TEST_CASE(every_key) {
  const auto settings =
      parse_uhf_settings(
          parse_url(
              "uhf+llrp://[fe80::1]:5085/"
              "?id=north&gate=2&direction=toggle&antennas=outside:1,inside:2,inside:4"
              "&rearm_s=60&settle_ms=800&gone_s=3&linger_s=20&reads_min=3&rssi_min_dbm=-65&epc_prefix=3008"
              "&keepalive_s=5&version=1.1&session=1")
              .value())
          .value();
  BOOST_TEST(settings.host == "fe80::1");
  BOOST_TEST(settings.port == 5085);
  BOOST_TEST((settings.session.inventory == InventorySettings{{1, 2, 4}, 1}));
  const std::map<std::uint16_t, Side> sides{{1, Side::outside}, {2, Side::inside}, {4, Side::inside}};
  BOOST_TEST((settings.presence == PresenceSettings{sides, 60s, 800ms, 3s, 20s, 3}));
  BOOST_TEST(settings.rssi_min_dbm.value() == -65);
  BOOST_TEST((settings.epc_prefix == Bytes{0x30, 0x08}));
  BOOST_TEST((settings.session.keepalive == 5s));
  BOOST_TEST((settings.session.version == Version::v1_1));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used_is_refused_with_the_reason) {
  BOOST_TEST(refusal_of("uhf+llrp://?id=a") == "a UHF reader is named uhf+llrp://address:5084");
  BOOST_TEST(refusal_of("uhf+llrp://a/path") == "a UHF reader is named uhf+llrp://address:5084");
  BOOST_TEST(refusal_of("uhf+llrp://a:0") == "a:0: the port is a number from 1 to 65535");
  BOOST_TEST(refusal_of("uhf+llrp://a:5084x").starts_with("a:5084x: the port"));
  BOOST_TEST(refusal_of("uhf+llrp://a?antennas=outside:1") ==
             "antennas=outside:1: either all antennas have a side, and both sides an antenna, or none has");
  BOOST_TEST(refusal_of("uhf+llrp://a?antennas=outside:1,inside:2,3").find("all antennas have a side") !=
             std::string::npos);
  BOOST_TEST(refusal_of("uhf+llrp://a?antennas=left:1,right:2").ends_with("looks outside or inside"));
  BOOST_TEST(refusal_of("uhf+llrp://a?antennas=1,1").ends_with("antenna 1 stands twice"));
  BOOST_TEST(refusal_of("uhf+llrp://a?antennas=0").find("numbers from 1 to 255") != std::string::npos);
  BOOST_TEST(
      refusal_of("uhf+llrp://a?antennas=1,,2").starts_with("antennas=1,,2: antennas as outside:1,inside:2"));
  BOOST_TEST(refusal_of("uhf+llrp://a?rearm_s=-1") == "rearm_s=-1: a number from 0 to 86400");
  BOOST_TEST(refusal_of("uhf+llrp://a?rearm_s=") == "rearm_s=: a number from 0 to 86400");
  BOOST_TEST(
      refusal_of("uhf+llrp://a?gone_s=1&settle_ms=2000").starts_with("gone_s=1: not shorter than settle_ms"));
  BOOST_TEST(refusal_of("uhf+llrp://a?reads_min=0") == "reads_min=0: a number from 1 to 1000");
  BOOST_TEST(refusal_of("uhf+llrp://a?rssi_min_dbm=5") == "rssi_min_dbm=5: a number from -128 to 0");
  BOOST_TEST(refusal_of("uhf+llrp://a?epc_prefix=30f").starts_with("epc_prefix=30f: whole bytes"));
  BOOST_TEST(refusal_of("uhf+llrp://a?version=2.0") == "version=2.0: 1.0.1 or 1.1");
  BOOST_TEST(refusal_of("uhf+llrp://a?session=4") == "session=4: a number from 0 to 3");
  BOOST_TEST(refusal_of("uhf+llrp://a?antenna=1").starts_with("\"antenna\" is no setting of uhf+llrp"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(uhf_reader)

BOOST_AUTO_TEST_CASE(a_tag_that_stays_is_one_read) {
  const auto reader = simulator({}, system_clock);
  UhfGate gate(url_of(reader->port()), system_clock);
  BOOST_REQUIRE(reads(*reader));
  const auto before = system_clock.now();
  for (int i = 0; i < 20; ++i) reader->see({{tag_a, 1}, {tag_b, 2}});
  BOOST_REQUIRE(wait_until([&] { return gate.tag_reads() == 40u && gate.count() >= 2; }));
  BOOST_REQUIRE_EQUAL(gate.count(), 2u);
  const auto read = gate.reads()[0];
  BOOST_TEST(read.reader_id == "gate");
  BOOST_TEST((read.method == Method::uhf));
  BOOST_TEST((epc_of(read) == tag_a));
  BOOST_TEST(!read.direction.has_value());
  BOOST_TEST((read.event_time >= before && read.event_time <= system_clock.now()));
  BOOST_TEST((read.monotonic <= system_clock.monotonic()));
  BOOST_TEST(wait_until([&] {
               return gate.health().state ==
                      "connected to 127.0.0.1:" + std::to_string(reader->port()) +
                          " (maker 0 model 1, firmware simulated), 2 antennas, 2 tags in view, 40 tag reads";
             }),
             gate.health().state);
}

BOOST_AUTO_TEST_CASE(epcs_of_every_length_and_of_none) {
  const auto reader = simulator({}, system_clock);
  UhfGate gate(url_of(reader->port()), system_clock);
  std::set<Bytes> expected;
  for (std::size_t words = 1; words <= 31; ++words) {
    reader->see({{Bytes(2 * words, static_cast<std::uint8_t>(words)), 1}});
    expected.insert(Bytes(2 * words, static_cast<std::uint8_t>(words)));
  }
  reader->see({{Bytes{}, 1}, {Bytes(64, 1), 1}});
  BOOST_REQUIRE(wait_until([&] { return gate.health().failed_reads == 2u; }));
  BOOST_REQUIRE(gate.has_reads(31));
  BOOST_TEST((gate.epcs() == expected));
  BOOST_TEST(gate.count() == 31u);
}

BOOST_AUTO_TEST_CASE(a_thousand_reads_a_second_none_lost) {
  constexpr std::uint64_t total = 3'000;
  const auto reader = simulator({}, system_clock);
  UhfGate gate(url_of(reader->port()), system_clock);
  BOOST_REQUIRE(reads(*reader));
  const auto started = std::chrono::steady_clock::now();
  reader->stream(1'000, total);
  BOOST_REQUIRE(gate.has_reads(total));
  BOOST_TEST(
      (std::chrono::steady_clock::now() - started >= 2900ms));  // it was a thousand a second, not a heap
  BOOST_TEST(gate.count() == total);
  BOOST_TEST((gate.epcs() == streamed(total)));
  BOOST_TEST(gate.tag_reads() == total);
  BOOST_TEST(gate.health().failures == 0u);
}

// A walk takes seconds; the gate's time is moved. The reader's reports tell the order of what came together.
BOOST_AUTO_TEST_CASE(direction_from_the_order_of_antennas) {
  ManualClock clock(UtcTime{1'700'000'000'000ms});
  clock.advance(1h);
  const auto reader = simulator({}, clock);
  UhfGate gate(url_of(reader->port(), "antennas=outside:1,inside:2"), clock);
  std::uint64_t seen = 0;
  const auto see = [&](const Bytes& epc, std::uint16_t antenna) {
    reader->see({{epc, antenna}});
    ++seen;
    BOOST_REQUIRE(wait_until([&] { return gate.tag_reads() == seen; }));
    clock.advance(300ms);
  };
  BOOST_REQUIRE(reads(*reader));
  for (const std::uint16_t antenna : {1, 1, 2, 1, 2, 2, 2}) see(tag_a, antenna);
  for (const std::uint16_t antenna : {2, 2, 1, 1}) see(tag_b, antenna);
  const auto walked = clock.now();
  clock.advance(3s);
  BOOST_REQUIRE(gate.has_reads(2));
  clock.advance(30s);
  for (int i = 0; i < 10; ++i) see(Bytes{0x99, 0x99}, 1);  // stands outside
  clock.advance(30s);
  BOOST_REQUIRE(wait_until([&] { return gate.health().state.find(" 0 tags in view") != std::string::npos; }));
  const auto all = gate.reads();
  BOOST_REQUIRE(all.size() == 2u);
  BOOST_TEST((epc_of(all[0]) == tag_a && all[0].direction == Direction::entry));
  BOOST_TEST((epc_of(all[1]) == tag_b && all[1].direction == Direction::exit));
  // When it was first seen on the other side: the fifth of eleven sightings, 0.3 s apart.
  BOOST_TEST((all[0].event_time == walked - 7 * 300ms));
  BOOST_TEST((all[1].event_time == walked - 2 * 300ms));
}

BOOST_AUTO_TEST_CASE(weak_reads_and_other_tags_do_not_count) {
  const auto reader = simulator({}, system_clock);
  UhfGate gate(url_of(reader->port(), "rssi_min_dbm=-60&epc_prefix=e280"), system_clock);
  reader->see({{tag_a, 1, -61}, {tag_b, 1, -40}, {hex("e2"), 1, -40}, {hex("e280"), 1, -60}});
  BOOST_REQUIRE(wait_until([&] { return gate.tag_reads() == 4u; }));
  BOOST_REQUIRE(gate.has_reads(1));
  BOOST_TEST((gate.epcs() == std::set<Bytes>{hex("e280")}));
}

BOOST_AUTO_TEST_CASE(readers_of_both_versions_with_and_without_a_clock) {
  for (const auto newest : {Version::v1_0_1, Version::v1_1})
    for (const auto* wanted : {"version=1.0.1", "version=1.1"})
      for (const bool utc_clock : {true, false}) {
        const auto reader =
            simulator({.newest = newest, .antenna_count = 4, .utc_clock = utc_clock}, system_clock);
        UhfGate gate(url_of(reader->port(), wanted), system_clock);
        reader->see({{tag_a, 4}});
        BOOST_REQUIRE(gate.has_reads(1));
        BOOST_TEST(gate.health().failures == 0u, gate.health().last_error);
      }
}

// Reports that came in one piece, told apart by the reader's own time, whatever that is; at most 10 s back.
BOOST_AUTO_TEST_CASE(times_within_one_piece) {
  const auto at = [](std::uint64_t microseconds) {
    TagReport report;
    report.last_seen_us = microseconds;
    return report;
  };
  const MonotonicTime now = 1h;
  const std::vector<MonotonicTime> expected{now - 2s, now, now - 1s, now, now - 10s};
  BOOST_TEST(
      (times_of({at(98'000'000), at(100'000'000), at(99'000'000), TagReport{}, at(3)}, now) == expected));
  BOOST_TEST(times_of({}, now).empty());
}

// 16.1.1: the simulated reader counts acknowledgements; its time is moved.
BOOST_AUTO_TEST_CASE(keepalives_are_acknowledged) {
  ManualClock readers_clock(UtcTime{1'700'000'000'000ms});
  const auto reader = simulator({}, readers_clock);
  UhfGate gate(url_of(reader->port(), "keepalive_s=7"), system_clock);
  BOOST_REQUIRE(reads(*reader));
  for (std::uint64_t i = 1; i <= 3; ++i) {
    readers_clock.advance(7s);
    BOOST_REQUIRE(wait_until([&] { return reader->counts().acknowledged == i; }));
  }
  BOOST_TEST(reader->counts().keepalives == 3u);
}

BOOST_AUTO_TEST_CASE(stopped_it_leaves_the_reader_free) {
  const auto reader = simulator({}, system_clock);
  {
    UhfGate gate(url_of(reader->port()), system_clock);
    BOOST_REQUIRE(reads(*reader));
  }
  BOOST_TEST(wait_until([&] { return !reader->counts().reading; }));
  MessageBuffer sent;
  sent.add(reader->received());
  std::vector<std::string> names;
  for (auto next = sent.next(); next && next.value(); next = sent.next())
    names.push_back(decode(*next.value()).value().body.name());
  BOOST_REQUIRE(names.size() >= 2u);
  BOOST_TEST(names[names.size() - 2] == "DELETE_ROSPEC");
  BOOST_TEST(names.back() == "CLOSE_CONNECTION");
  UhfGate next(url_of(reader->port()), system_clock);
  BOOST_TEST(reads(*reader));
  BOOST_TEST(reader->counts().refused == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::uhf
