// Bodies of ZKTeco's PUSH: the first byte chooses the table. Whatever comes, what is taken keeps its limits, and
// reading it twice gives the same.
#include "devices/terminal/zkteco_protocol.hpp"
#include "shared/base/bytes.hpp"

namespace {

using namespace sitegate;
using namespace sitegate::devices::terminal;

void check(const Event& event) {
  SITEGATE_ASSERT(event.pin.empty() || is_word(event.pin, pin_size_max));
  SITEGATE_ASSERT(event.card.empty() || is_word(event.card, card_text_size_max));
  SITEGATE_ASSERT(event.kind != Event::Kind::person || !event.pin.empty() || !event.card.empty());
  SITEGATE_ASSERT(!event.key.empty());
  static const Terminal terminal{.name = "north",
                                 .serial = "CJDE1",
                                 .address = "192.0.2.1",
                                 .gate = {},
                                 .realm = "site",
                                 .entry_states = {},
                                 .exit_states = {},
                                 .aliases = {},
                                 .door = {},
                                 .url = {},
                                 .digest = {},
                                 .ca_file = {}};
  const auto read = read_of(terminal, "zkteco", event, {});
  if (read) SITEGATE_ASSERT(read.value().device_event->key.size() <= device_event_key_size_max);
}

Events parse(char table, std::string_view body) {
  switch (table) {
    case 'a':
      return zkteco::parse_attlog(body);
    case 'r':
      return zkteco::parse_rtlog(body, false);
    case 'o':
      return zkteco::parse_rtlog(body, true);
    default:
      return zkteco::parse_transactions(body, false);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto text = as_text({data, size});
  const auto body = text.substr(1);
  if (text[0] == 'q') {
    if (const auto question = zkteco::parse_question(body)) check(question.value());
    static_cast<void>(zkteco::decision_answer(body, {}));
    static_cast<void>(zkteco::parse_state_time(body));
    return 0;
  }
  const auto events = parse(text[0], body);
  SITEGATE_ASSERT(events.events.size() + events.mistakes.size() <= events.lines);
  SITEGATE_ASSERT(events.lines == zkteco::count_lines(body));
  for (const auto& event : events.events) check(event);
  SITEGATE_ASSERT(parse(text[0], body).events == events.events);
  return 0;
}
