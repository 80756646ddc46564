// Bodies of Hikvision's ISAPI: the first byte chooses between a pushed notice of some content type and a page of the
// log. Whatever comes, what is taken keeps its limits.
#include "devices/terminal/hikvision_protocol.hpp"
#include "shared/base/bytes.hpp"

namespace {

using namespace sitegate;
using namespace sitegate::devices::terminal;

void check(const hikvision::LogEntry& entry) {
  const auto& event = entry.event;
  SITEGATE_ASSERT(event.pin.empty() || is_word(event.pin, pin_size_max));
  SITEGATE_ASSERT(event.card.empty() || is_word(event.card, card_text_size_max));
  SITEGATE_ASSERT(event.kind != Event::Kind::person || !event.pin.empty() || !event.card.empty());
  SITEGATE_ASSERT(!event.key.empty());
  SITEGATE_ASSERT(!event.body_temperature_c || *event.body_temperature_c <= 45.0f);
}

std::string_view content_type(char which) {
  switch (which) {
    case 'j':
      return "application/json; charset=\"UTF-8\"";
    case 'm':
      return "multipart/form-data; boundary=MIME_boundary";
    case 'b':
      return "multipart/form-data; boundary=\"";
    default:
      return "";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto text = as_text({data, size});
  const auto body = text.substr(1);
  if (text[0] == 'p') {
    const auto page = hikvision::parse_search_page(body);
    if (!page) return 0;
    SITEGATE_ASSERT(page.value().entries.size() + page.value().mistakes.size() == page.value().count);
    for (const auto& entry : page.value().entries) check(entry);
    return 0;
  }
  const auto notice = hikvision::parse_notice(content_type(text[0]), body);
  if (!notice) {
    SITEGATE_ASSERT(!notice.error().text().empty());
    return 0;
  }
  if (notice.value().kind == hikvision::Notice::Kind::log_entry) check(notice.value().entry);
  return 0;
}
