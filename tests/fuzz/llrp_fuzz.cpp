// LLRP: a stream from a reader, in two pieces; every message that is taken can be written, and the writing
// gives it back.
#include "devices/uhf/llrp_messages.hpp"

namespace {

using namespace sitegate;
using namespace sitegate::devices::uhf;

void read_message(ByteView bytes) {
  const auto message = decode(bytes);
  if (!message) {
    SITEGATE_ASSERT(is(message.error(), LlrpErrc::damaged_message) && !message.error().detail.empty());
    return;
  }
  const auto again = decode(encode(message.value()));
  SITEGATE_ASSERT(again && again.value() == message.value());
  SITEGATE_ASSERT(!to_text(message.value()).empty());
  const auto& body = message.value().body;
  if (body.type == message::ro_access_report)
    for (const auto& report : tag_reports(body)) SITEGATE_ASSERT(report.epc.size() <= bytes.size());
  static_cast<void>(status_of(body));
  static_cast<void>(capabilities_of(body));
  static_cast<void>(connection_attempt(body));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView stream(data, size);
  MessageBuffer buffer;
  for (const auto piece : {stream.first(size / 2), stream.subspan(size / 2)}) {
    buffer.add(piece);
    while (true) {
      const auto next = buffer.next();
      if (!next) return 0;
      if (!next.value()) break;
      read_message(*next.value());
    }
  }
  return 0;
}
