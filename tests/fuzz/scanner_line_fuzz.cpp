// What scanners send: the first byte chooses ending, layout and rules, the rest comes as bytes of a serial
// line and, two bytes a key event, as keys. Whatever comes out as a credential keeps the limits of its kind.
#include "devices/scanner/key_decoder.hpp"
#include "devices/scanner/line_collector.hpp"
#include "devices/scanner/scan_rules.hpp"
#include "shared/base/url.hpp"

namespace sitegate::devices::scanner {
namespace {

constexpr const char* queries[] = {"",
                                   "aim=strip",
                                   "aim=QC&prefix=SG:&suffix=;",
                                   "check=luhn",
                                   "check=mod43",
                                   "check=mod11_2&check_character=remove",
                                   "accept=technician_id&check=mod10",
                                   "accept=technician_id&check=mod97&prefix=T"};
constexpr Ending endings[] = {Ending::any, Ending::enter, Ending::tab, Ending::etx, Ending::idle};

void check(const ScanRules& rules, const Line& line) {
  SITEGATE_ASSERT(!line.mistake.empty() || (!line.text.empty() && line.text.size() <= line_size_max));
  if (!line.mistake.empty()) return;
  const auto credential = scanned_credential(rules, line.text);
  if (!credential) return;
  const auto same = credential_of(form_of(credential.value()));
  SITEGATE_ASSERT(same && *same == credential.value());
}

/// In pieces of 7 bytes, 100 ms apart: some lines are cut by their time.
void collect(ByteView bytes, Ending ending, const ScanRules& rules) {
  LineCollector lines(ending, std::chrono::milliseconds{ending == Ending::idle ? 50 : 500},
                      [&](Line&& line) { check(rules, line); });
  MonotonicTime now{0};
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min<std::size_t>(7, bytes.size()));
    lines.feed(piece, now += std::chrono::milliseconds{100});
    if (piece[0] == 0xEE) lines.spoil("lost", now);
    bytes = bytes.subspan(piece.size());
  }
  lines.expire(now + std::chrono::seconds{1});
  SITEGATE_ASSERT(!lines.deadline());
}

Bytes typed(ByteView bytes, Layout layout) {
  KeyDecoder decoder(layout);
  Bytes made;
  for (; bytes.size() >= 2; bytes = bytes.subspan(2)) {
    const auto code = static_cast<std::uint16_t>(bytes[0] | (bytes[1] & 0x30) << 4);
    if (const auto byte = decoder.take({code, bytes[1] & 3})) made.push_back(*byte);
  }
  return made;
}

}  // namespace
}  // namespace sitegate::devices::scanner

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  using namespace sitegate::devices::scanner;
  if (size == 0) return 0;
  const auto rules =
      scan_rules(parse_url(std::string("scanner+serial:///dev/x?") + queries[data[0] % 8]).value()).value();
  const Ending ending = endings[data[0] / 8 % 5];
  const ByteView bytes(data + 1, size - 1);
  collect(bytes, ending, rules);
  collect(typed(bytes, data[0] % 2 == 0 ? Layout::us : Layout::jp), ending, rules);
  return 0;
}
