// EPCglobal Low Level Reader Protocol 1.1 (2010): 11.2 (ROSpec), 12.1, 13.1 (configuration), 14.2.3
// (reports), 15.2.1 (LLRPStatus), 16.2.8 (events). The bytes are worked out by hand from section 17.
#include "devices/uhf/llrp_messages.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/devices/uhf/llrp_bytes.hpp"

namespace sitegate::devices::uhf {
namespace {

std::string bytes_of(const Element& body) {
  return to_hex(encode({Version::v1_0_1, 1, body}));
}

Element body_of(const Bytes& bytes) {
  const auto message = decode(bytes);
  BOOST_REQUIRE_MESSAGE(message, (message ? std::string() : message.error().text()));
  return message.value().body;
}

TagReport only_tag(std::string_view parameters) {
  const auto reports = tag_reports(body_of(frame(61, tlv(240, parameters))));
  BOOST_REQUIRE(reports.size() == 1u);
  return reports.front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(llrp_messages)

// 17.1.12 (ADD_ROSPEC), 17.2.4: the tree in hexadecimal, parameter by parameter.
BOOST_AUTO_TEST_CASE(the_rospec) {
  const auto boundary = tlv(178, tlv(179, "00") + tlv(182,
                                                      "00"
                                                      "00000000"));
  const auto singulation = tlv(336,
                               "40"
                               "0020"
                               "00000000");
  const auto inventory = tlv(186,
                             "0001"
                             "01" +
                                 tlv(222, "0000" + tlv(330, "00" + singulation)));
  const auto antennas = tlv(183,
                            "0002"
                            "0001"
                            "0003" +
                                tlv(184,
                                    "00"
                                    "00000000") +
                                inventory);
  const auto report = tlv(237,
                          "01"
                          "0001" +
                              tlv(238, "1780"));
  BOOST_TEST(bytes_of(add_rospec({{1, 3}, 1})) == to_hex(frame(20, tlv(177,
                                                                       "00000001"
                                                                       "00"
                                                                       "00" +
                                                                           boundary + antennas + report))));
}

// 11.2.2.1: antenna 0 means all antennas.
BOOST_AUTO_TEST_CASE(the_rospec_of_all_antennas) {
  const auto rospec = add_rospec({}).parameters.front();
  BOOST_TEST((words_of(rospec.find(183)->list("AntennaIDs")) == std::vector<std::uint16_t>{0}));
}

// 13.1.3, 13.2.4: event types 2, 3, 4, 8 on, all others off; keepalives every 10 s.
BOOST_AUTO_TEST_CASE(the_configuration) {
  std::string events;
  for (const auto* state :
       {"000000", "000100", "000280", "000380", "000480", "000500", "000600", "000700", "000880"})
    events += tlv(245, state);
  const auto head = "00" + tlv(244, events) +
                    tlv(220,
                        "01"
                        "00002710");
  BOOST_TEST(bytes_of(set_reader_config(std::chrono::seconds(10), false)) == to_hex(frame(3, head)));
  BOOST_TEST(bytes_of(set_reader_config(std::chrono::seconds(10), true)) ==
             to_hex(frame(3, head + tlv(226, "00"))));
  BOOST_TEST(set_reader_config(std::chrono::seconds(0), false).find(220)->number("KeepaliveTriggerType") ==
             0u);
}

BOOST_AUTO_TEST_CASE(the_short_ones) {
  BOOST_TEST(bytes_of(get_reader_capabilities()) == "04010000000b0000000100");
  BOOST_TEST(bytes_of(delete_all_rospecs()) == "04150000000e0000000100000000");
  BOOST_TEST(bytes_of(enable_rospec()) == "04180000000e0000000100000001");
  BOOST_TEST(bytes_of(start_rospec()) == "04160000000e0000000100000001");
  BOOST_TEST(bytes_of(set_protocol_version(Version::v1_1)) == "042f0000000b0000000102");
  BOOST_TEST(bytes_of(plain(message::close_connection)) == "040e0000000a00000001");
}

// 14.2.3.1, 14.2.3.2: EPC-96 for 96 bits, EPCData for every other length.
BOOST_AUTO_TEST_CASE(epcs_of_every_length) {
  BOOST_TEST(to_hex(only_tag("8d"
                             "300833b2ddd9014000000001")
                        .epc) == "300833b2ddd9014000000001");
  for (unsigned words = 0; words <= 31; ++words) {
    std::string epc;
    for (unsigned i = 0; i < words; ++i) epc += fmt::format("{:04x}", 0xA000 + i);
    BOOST_TEST(to_hex(only_tag(tlv(241, fmt::format("{:04x}{}", 16 * words, epc))).epc) == epc);
  }
  BOOST_TEST(to_hex(only_tag(tlv(241, "000cabc0")).epc) == "abc0");  // 12 bits, filled up
}

// 14.2.3.1: the reader reports the date's time if it has a clock, else the time since its start.
BOOST_AUTO_TEST_CASE(times_by_the_clock_and_since_the_start) {
  const auto utc = only_tag(
      "820005a9e4bef862e0"
      "840005a9e4bef876b4");
  BOOST_TEST(utc.last_seen_us.value() == 0x0005a9e4bef876b4u);
  BOOST_TEST(!utc.uptime);
  const auto uptime = only_tag(
      "830000000000000001"
      "850000000000000007");
  BOOST_TEST(uptime.last_seen_us.value() == 7u);
  BOOST_TEST(uptime.uptime);
  const auto first_only = only_tag("830000000000000009");
  BOOST_TEST(first_only.last_seen_us.value() == 9u);
  BOOST_TEST(first_only.uptime);
  BOOST_TEST(!only_tag("810001").last_seen_us.has_value());
}

// 14.2.3: several tags in one report; an empty report is none; results of access operations pass by.
BOOST_AUTO_TEST_CASE(reports_of_many_and_of_none) {
  std::string tags;
  for (int i = 1; i <= 3; ++i)
    tags += tlv(240, fmt::format("8d{:024x}81{:04x}86{:02x}88{:04x}", i, i, 0xC0 + i, 10 * i));
  const auto reports = tag_reports(body_of(frame(61, tags)));
  BOOST_REQUIRE(reports.size() == 3u);
  BOOST_TEST(reports[2].antenna == 3u);
  BOOST_TEST(reports[2].peak_rssi_dbm.value() == -61);
  BOOST_TEST(reports[2].seen_count == 30u);
  BOOST_TEST(tag_reports(body_of(hex("043d0000000a00000000"))).empty());
  BOOST_TEST(tag_reports(body_of(frame(61, tlv(242, "")))).empty());
}

// 15.2.1: errors within errors; the innermost names the field.
BOOST_AUTO_TEST_CASE(a_status_says_what_the_reader_says) {
  BOOST_TEST(status_of(body_of(frame(30, tlv(287,
                                             "0000"
                                             "0000"))))
                 .value()
                 .ok());
  const auto cause = tlv(289,
                         "00b7"
                         "00c8" +
                             tlv(288,
                                 "0001"
                                 "012d"));
  const auto refused = status_of(body_of(frame(30, tlv(287,
                                                       "0064"
                                                       "0003"
                                                       "626164" +
                                                           cause))))
                           .value();
  BOOST_TEST(!refused.ok());
  BOOST_TEST(refused.full_text() == "100 M_ParameterError: bad; parameter AISpec: 200; field 1: 301");
  BOOST_TEST(!status_of(body_of(frame(30, ""))).has_value());
}

// 16.2.8.3.9
BOOST_AUTO_TEST_CASE(connection_attempts) {
  for (unsigned status : {0u, 1u, 2u, 3u, 4u})
    BOOST_TEST(connection_attempt(body_of(frame(63, tlv(246, tlv(129, "0000000000000005") +
                                                                 tlv(256, fmt::format("{:04x}", status))))))
                   .value() == status);
  BOOST_TEST(!connection_attempt(body_of(frame(63, ""))).has_value());
  BOOST_TEST(!connection_attempt(body_of(frame(63, tlv(246, tlv(257, ""))))).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::uhf
