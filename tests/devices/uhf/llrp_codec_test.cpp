// EPCglobal Low Level Reader Protocol 1.1 (2010), section 17.1 (messages, TLV and TV parameters); 1.0.1
// (2007), 16.1.
#include "devices/uhf/llrp_codec.hpp"

#include <boost/test/unit_test.hpp>

#include "shared/base/retry_delay.hpp"
#include "tests/devices/uhf/llrp_bytes.hpp"

namespace sitegate::devices::uhf {
namespace {

Message decoded(ByteView bytes) {
  const auto message = decode(bytes);
  BOOST_REQUIRE_MESSAGE(message, (message ? std::string() : message.error().text()));
  return message.value();
}

std::string refusal_of(const Bytes& bytes) {
  const auto message = decode(bytes);
  BOOST_REQUIRE_MESSAGE(!message, to_hex(bytes) << " was taken");
  BOOST_TEST(is(message.error(), LlrpErrc::damaged_message));
  return message.error().detail;
}

Bytes random_bytes(Random& random, std::size_t size) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

Value random_value(Random& random, const Field& field) {
  const auto count = static_cast<std::uint16_t>(random() % 20);
  switch (field.kind) {
    case FieldKind::block:
      return List{field.bits, random_bytes(random, field.bits / 8u)};
    case FieldKind::bits:
      return List{count, random_bytes(random, (count + 7u) / 8)};
    case FieldKind::bytes:
      return List{count, random_bytes(random, count)};
    case FieldKind::words:
      return List{count, random_bytes(random, 2u * count)};
    case FieldKind::longs:
      return List{count, random_bytes(random, 4u * count)};
    case FieldKind::rest:
      return List{0, random_bytes(random, count)};
    default:
      return field.bits == 64 ? random() : random() % (std::uint64_t{1} << field.bits);
  }
}

void fill(Random& random, Element& element, int depth) {
  std::size_t index = 0;
  for (const auto& field : element.layout->fields)
    if (field.kind != FieldKind::reserved) element.values[index++] = random_value(random, field);
  if (!element.layout->has_parameters || depth > 4) return;
  const auto layouts = parameter_layouts();
  for (auto count = random() % 4; count > 0; --count) {
    auto parameter = Element::parameter(layouts[random() % layouts.size()].type);
    fill(random, parameter, depth + 1);
    element.add(std::move(parameter));
  }
}

Message random_message(Random& random) {
  const auto layouts = message_layouts();
  Message message;
  message.version = random() % 2 == 0 ? Version::v1_0_1 : Version::v1_1;
  message.id = static_cast<std::uint32_t>(random());
  message.body = Element::message(layouts[random() % layouts.size()].type);
  fill(random, message.body, 0);
  return message;
}

std::vector<Bytes> all_messages(MessageBuffer& buffer) {
  std::vector<Bytes> messages;
  while (true) {
    const auto next = buffer.next();
    BOOST_REQUIRE_MESSAGE(next, (next ? std::string() : next.error().text()));
    if (!next.value()) return messages;
    messages.push_back(to_bytes(*next.value()));
  }
}

const Bytes keepalive = frame(62, "");

}  // namespace

BOOST_AUTO_TEST_SUITE(llrp_codec)

// 17.1: reserved 3 bits, version 3, type 10; u32 length; u32 identifier.
BOOST_AUTO_TEST_CASE(header) {
  const auto message = decoded(hex("043e0000000a000003f3"));
  BOOST_TEST((message.version == Version::v1_0_1));
  BOOST_TEST(message.body.name() == "KEEPALIVE");
  BOOST_TEST(message.id == 0x3F3u);
  BOOST_TEST((decoded(hex("083e0000000a00000001")).version == Version::v1_1));
  BOOST_TEST(to_hex(encode({Version::v1_1, 7, Element::message(72)})) == "08480000000a00000007");
}

// 17.2.1: a TV parameter begins with bit 1 and 7 bits of type and has no length; a TLV parameter has one.
BOOST_AUTO_TEST_CASE(tv_and_tlv) {
  const auto bytes = frame(61, tlv(240, tlv(241, "0010abcd") + "810002" + "86ce" + "880003"));
  const auto report = decoded(bytes);
  BOOST_TEST(to_text(report) ==
             "id=1 RO_ACCESS_REPORT { TagReportData { EPCData EPC=abcd AntennaID AntennaID=2 PeakRSSI "
             "PeakRSSI=-50 TagSeenCount TagCount=3 } }");
  BOOST_TEST(to_hex(encode(report)) == to_hex(bytes));
}

// 17.2.1: bits stand most significant first: session 2 in two bits, then six reserved.
BOOST_AUTO_TEST_CASE(fields_smaller_than_a_byte) {
  auto control = Element::parameter(336);
  control.set("Session", 2).set("TagPopulation", 32);
  auto message = Element::message(3);
  message.set("ResetToFactoryDefault", 1).add(control);
  const auto bytes = encode({Version::v1_0_1, 1, message});
  BOOST_TEST(to_hex(bytes) == to_hex(frame(3, "80" + tlv(336, "80002000000000"))));
  BOOST_TEST(decoded(bytes).body.find(336)->number("Session") == 2u);
}

// 17.2.1: 6 reserved bits before a parameter's type, 7 behind a flag: whatever they hold, it means nothing.
BOOST_AUTO_TEST_CASE(reserved_bits_are_ignored) {
  const auto clean = decoded(frame(3, "80" + tlv(220, "0100002710")));
  BOOST_TEST((decoded(frame(3, "ff" + tlv(0x0400 | 220, "0100002710"))) == clean));
}

BOOST_AUTO_TEST_CASE(signed_numbers) {
  const auto entry =
      decoded(frame(11, tlv(143, "018800ff" + tlv(144, tlv(145, "0001fff6") + tlv(145, "00027fff")))));
  const auto& band = entry.body.parameters[0].parameters[0];
  BOOST_TEST(band.parameters[0].integer("TransmitPowerValue") == -10);
  BOOST_TEST(band.parameters[1].integer("TransmitPowerValue") == 32'767);
}

// 17.1 and 17.2.1: an unknown message or parameter is passed over by its length; 17.2.2.10: so is a vendor's.
BOOST_AUTO_TEST_CASE(unknown_and_custom_parameters_are_skipped) {
  const auto bytes = frame(61, tlv(240, tlv(900, "0102030405") + "810002" +
                                            tlv(1023,
                                                "0000651a"
                                                "00000022"
                                                "beef") +
                                            "86ce"));
  const auto report = decoded(bytes);
  const auto& tag = report.body.parameters[0];
  BOOST_TEST(tag.find(1)->number("AntennaID") == 2u);
  BOOST_TEST(tag.find(6)->integer("PeakRSSI") == -50);
  BOOST_TEST(tag.find(900)->name() == "type 900");
  BOOST_TEST(tag.find(1023)->number("VendorIdentifier") == 25'882u);
  BOOST_TEST(to_hex(encode(report)) == to_hex(bytes));
  const auto foreign = frame(777, "0102");
  BOOST_TEST(to_hex(encode(decoded(foreign))) == to_hex(foreign));
}

// A TV parameter of an unknown type cannot be passed over: it ends with its parent.
BOOST_AUTO_TEST_CASE(unknown_tv_ends_with_its_parent) {
  const auto bytes = frame(61, tlv(240,
                                   "810002"
                                   "e4010203") +
                                   tlv(240, "810003"));
  const auto report = decoded(bytes);
  BOOST_REQUIRE(report.body.parameters.size() == 2u);
  BOOST_TEST(report.body.parameters[0].find(1)->number("AntennaID") == 2u);
  BOOST_TEST(report.body.parameters[1].find(1)->number("AntennaID") == 3u);
  BOOST_TEST(to_hex(encode(report)) == to_hex(bytes));
}

// A later version of the standard may add fields behind the known ones.
BOOST_AUTO_TEST_CASE(more_fields_than_known_are_kept) {
  const auto bytes = frame(63, tlv(246, tlv(256,
                                            "0000"
                                            "0badcafe")));
  BOOST_TEST(decoded(bytes).body.parameters[0].find(256)->number("Status") == 0u);
  BOOST_TEST(to_hex(encode(decoded(bytes))) == to_hex(bytes));
}

BOOST_AUTO_TEST_CASE(damaged_messages_say_where) {
  BOOST_TEST(refusal_of(frame(21, "0000")) == "DELETE_ROSPEC: it ends within a field");
  BOOST_TEST(refusal_of(frame(61, tlv(240, "8100"))) ==
             "RO_ACCESS_REPORT: TagReportData: AntennaID is cut off");
  BOOST_TEST(refusal_of(frame(61,
                              "00f00020"
                              "810002")) ==
             "RO_ACCESS_REPORT: TagReportData says it has 32 bytes, 7 are there");
  BOOST_TEST(refusal_of(frame(61, "00f00003")) ==
             "RO_ACCESS_REPORT: TagReportData says it has 3 bytes, 4 are there");
  BOOST_TEST(refusal_of(frame(61, tlv(240, tlv(241, "0060abcd")))) ==
             "RO_ACCESS_REPORT: TagReportData: EPCData: EPC: 12 bytes are announced, 2 are there");
  BOOST_TEST(refusal_of(frame(61, "00f0")) == "RO_ACCESS_REPORT: 2 bytes are no parameter");
  BOOST_TEST(refusal_of(frame(61, tlv(5, "00"))) ==
             "RO_ACCESS_REPORT: type 5 with a length, which types from 128 on have");
  BOOST_TEST(refusal_of(hex("043e0000000b00000001")) == "its length is not that of its header");
}

BOOST_AUTO_TEST_CASE(depth_is_limited) {
  std::string nested;
  for (int i = 0; i < 1'000; ++i) nested = tlv(240, nested);
  BOOST_TEST(refusal_of(frame(61, nested)).ends_with("deeper than the standard knows"));
}

BOOST_AUTO_TEST_CASE(every_message_comes_out_as_it_went_in) {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    Random random(seed);
    const auto message = random_message(random);
    const auto bytes = encode(message);
    const auto again = decode(bytes);
    BOOST_REQUIRE_MESSAGE(again, "seed " << seed << ": " << (again ? "" : again.error().text()));
    BOOST_REQUIRE_MESSAGE(again.value() == message, "seed " << seed << ": " << to_text(message));
    BOOST_REQUIRE_MESSAGE(encode(again.value()) == bytes, "seed " << seed);
  }
}

// Every cut and every flipped bit of a message is refused or read, and what is read can be sent.
BOOST_AUTO_TEST_CASE(damage_never_breaks_the_decoder) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    auto bytes = encode(random_message(random));
    for (int i = 0; i < 20; ++i) {
      auto damaged = bytes;
      damaged[random() % damaged.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
      if (const auto message = decode(damaged))
        BOOST_TEST((decoded(encode(message.value())) == message.value()), "seed " << seed);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(message_buffer)

BOOST_AUTO_TEST_CASE(several_messages_in_one_segment) {
  MessageBuffer buffer;
  const auto report = frame(61, "");
  buffer.add(joined({keepalive, report, keepalive}));
  BOOST_TEST((all_messages(buffer) == std::vector<Bytes>{keepalive, report, keepalive}));
}

BOOST_AUTO_TEST_CASE(a_message_in_many_pieces) {
  const auto report = frame(61, tlv(240, "810002"));
  const auto stream = joined({report, keepalive, report});
  for (std::size_t piece = 1; piece < stream.size(); ++piece) {
    MessageBuffer buffer;
    std::vector<Bytes> messages;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      buffer.add(ByteView(stream).subspan(at, std::min(piece, stream.size() - at)));
      for (auto& message : all_messages(buffer)) messages.push_back(std::move(message));
    }
    BOOST_TEST((messages == std::vector<Bytes>{report, keepalive, report}), "pieces of " << piece);
  }
}

BOOST_AUTO_TEST_CASE(a_message_of_the_largest_size_is_taken) {
  MessageBuffer buffer;
  const auto large = frame(777, std::string(2 * (MessageBuffer::message_size_max - header_size), '0'));
  buffer.add(joined({large, keepalive}));
  BOOST_TEST((all_messages(buffer) == std::vector<Bytes>{large, keepalive}));
  BOOST_TEST(buffer.skipped() == 0u);
}

BOOST_AUTO_TEST_CASE(a_larger_one_is_skipped_and_the_next_is_read) {
  MessageBuffer buffer;
  const auto huge = frame(61, std::string(2 * MessageBuffer::message_size_max, '0'));
  std::vector<Bytes> messages;
  const auto stream = joined({keepalive, huge, keepalive});
  for (std::size_t at = 0; at < stream.size(); at += 1000) {
    buffer.add(ByteView(stream).subspan(at, std::min<std::size_t>(1000, stream.size() - at)));
    for (auto& message : all_messages(buffer)) messages.push_back(std::move(message));
  }
  BOOST_TEST((messages == std::vector<Bytes>{keepalive, keepalive}));
  BOOST_TEST(buffer.skipped() == 1u);
}

BOOST_AUTO_TEST_CASE(garbage_is_told_from_messages) {
  for (const auto* text : {"474554202f20485454502f312e310d0a",              // "GET / HTTP/1.1"
                           "00000000000000000000", "043e00000009000003f3",  // shorter than its header
                           "0c3e0000000a000003f3",                          // version 3
                           "243e0000000a000003f3"}) {                       // a reserved bit
    MessageBuffer buffer;
    buffer.add(hex(text));
    const auto next = buffer.next();
    BOOST_REQUIRE(!next);
    BOOST_TEST(is(next.error(), LlrpErrc::not_llrp));
    BOOST_TEST(next.error().detail == "it begins with " + std::string(text).substr(0, 20));
  }
  MessageBuffer buffer;
  buffer.add(hex("043d7fffffff00000001"));
  BOOST_TEST(is(buffer.next().error(), LlrpErrc::too_large));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::uhf
