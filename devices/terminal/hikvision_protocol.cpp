#include "devices/terminal/hikvision_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "shared/http/message.hpp"

namespace sitegate::devices::terminal::hikvision {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t major_of_access = 5;
constexpr std::size_t boundary_size_max = 70;  // RFC 2046, 5.1.1
constexpr std::size_t parts_max = 20;
constexpr std::size_t id_size_max = 64;
constexpr std::size_t entries_max = 1000;

Error bad_body(const std::string& why) {
  return fail(TerminalErrc::bad_body, why);
}

// ---- JSON ----

constexpr int nesting_max =
    32;  // an event has 3 levels; a megabyte of "[" would keep the library busy for seconds

bool is_nested_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\')
      ++i;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '[' || c == '{') && ++depth > nesting_max)
      return true;
    else if (!in_string && (c == ']' || c == '}'))
      --depth;
  }
  return false;
}

/// Discarded if it is no JSON.
Json parsed(std::string_view text) {
  return is_nested_too_deep(text) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

// Members may be absent or of another type than they should be.

const Json& member(const Json& object, const char* name) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

/// Numbers as text, too: models differ in how they write employee and card numbers.
std::string text_of(const Json& object, const char* name) {
  const auto& value = member(object, name);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
  return {};
}

std::optional<std::uint64_t> number_of(const Json& object, const char* name) {
  const auto& value = member(object, name);
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  return std::nullopt;
}

std::string absent_as_empty(std::string text) {
  return text == "0" ? std::string() : text;
}

std::optional<float> temperature_of(const Json& access) {
  const auto& value = member(access, "currTemperature");
  if (!value.is_number()) return std::nullopt;
  auto degrees = value.get<double>();
  if (text_of(access, "thermometryUnit") == "fahrenheit") degrees = (degrees - 32) * 5 / 9;
  return plausible_temperature(degrees);
}

std::optional<Method> method_of(Passed passed) {
  switch (passed) {
    case Passed::card:
      return Method::card;
    case Passed::face:
      return Method::face;
    case Passed::qr:
      return Method::qr;
    case Passed::other:
      return std::nullopt;
  }
  return std::nullopt;
}

Event::Kind kind_of(std::uint64_t code, const Event& event) {
  if (is_refusal(code)) return Event::Kind::refused;
  const bool somebody = !event.pin.empty() || !event.card.empty();
  return passed_by(code) && somebody ? Event::Kind::person : Event::Kind::device;
}

// Push and log call the same things by different names.
struct Names {
  const char* major;
  const char* minor;
};
constexpr Names push_names{"majorEventType", "subEventType"};
constexpr Names log_names{"major", "minor"};

Result<LogEntry> entry_of(const Json& access, const Names& names, const std::optional<StatedTime>& time) {
  LogEntry entry;
  if (!time) return fail(TerminalErrc::bad_event, "no time such as 2026-11-22T07:41:05+09:00");
  const auto major = number_of(access, names.major);
  const auto code = number_of(access, names.minor);
  if (!major || !code)
    return fail(TerminalErrc::bad_event, fmt::format("no numbers {} and {}", names.major, names.minor));
  Event& event = entry.event;
  event.time = time->time;
  event.utc_offset = time->utc_offset;
  event.pin = absent_as_empty(text_of(access, "employeeNoString"));
  if (event.pin.empty()) event.pin = absent_as_empty(text_of(access, "employeeNo"));
  event.card = absent_as_empty(text_of(access, "cardNo"));
  if (!event.pin.empty() && !is_word(event.pin, pin_size_max))
    return fail(TerminalErrc::bad_event, "employeeNoString is no number or word of 1 to 32 characters");
  if (!event.card.empty() && !is_word(event.card, card_text_size_max))
    return fail(TerminalErrc::bad_event, "cardNo is no number of 1 to 32 characters");
  event.kind = *major == major_of_access ? kind_of(*code, event) : Event::Kind::device;
  if (const auto passed = passed_by(*code)) event.method = method_of(*passed);
  event.state = text_of(access, "attendanceStatus").substr(0, pin_size_max);
  event.body_temperature_c = temperature_of(access);
  entry.serial_no = number_of(access, "serialNo").value_or(0);
  entry.previous_serial_no = number_of(access, "frontSerialNo").value_or(0);
  // The time with it: a terminal that was wiped counts from 1 again.
  event.key =
      entry.serial_no != 0
          ? fmt::format("{}/{}", entry.serial_no, to_text(event.time, {}).substr(0, 19))
          : fmt::format("{}-{}/{}/{}", event.pin, event.card, to_text(event.time, {}).substr(0, 19), *code);
  return entry;
}

Result<Notice> notice_of(std::string_view text) {
  const auto json = parsed(text);
  if (!json.is_object()) return bad_body("no JSON object");
  const auto& wrapped = member(json, "EventNotificationAlert");
  const Json& alert = wrapped.is_object() ? wrapped : json;
  Notice notice;
  const auto time = parse_stated_time(text_of(alert, "dateTime"));
  if (time) {
    notice.time = time->time;
    notice.utc_offset = time->utc_offset;
  }
  for (const auto* name : {"deviceID", "macAddress", "shortSerialNumber", "serialNumber"})
    if (auto id = text_of(alert, name); !id.empty() && id.size() <= id_size_max)
      notice.ids.push_back(std::move(id));
  const auto& access = member(alert, "AccessControllerEvent");
  if (access.is_object()) {
    notice.kind = Notice::Kind::log_entry;
    SITEGATE_TRY(entry, entry_of(access, push_names, time));
    notice.entry = std::move(entry);
  } else if (text_of(alert, "eventType") == "heartBeat") {
    notice.kind = Notice::Kind::heartbeat;
  }
  return notice;
}

// ---- multipart (RFC 2046, 5.1; RFC 7578) ----

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

std::string boundary_of(std::string_view content_type, std::string_view body) {
  constexpr std::string_view name = "boundary=";
  if (const auto at = content_type.find(name); at != std::string_view::npos) {
    auto value = content_type.substr(at + name.size());
    if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
    return std::string(value.substr(0, value.find_first_of("; \t")));
  }
  if (!body.starts_with("--")) return {};
  return std::string(body.substr(2, body.find_first_of("\r\n") - 2));
}

struct Part {
  std::string_view head;
  std::string_view content;
};

// The part at the front of `rest`, which begins behind a boundary's line; moves on behind the next boundary.
std::optional<Part> next_part(std::string_view& rest, std::string_view delimiter) {
  const auto end = rest.find(delimiter);
  if (end == std::string_view::npos || rest.starts_with("--")) return std::nullopt;
  auto whole = rest.substr(0, end);
  rest.remove_prefix(end + delimiter.size());
  auto blank = whole.find("\r\n\r\n");
  std::size_t gap = 4;
  if (blank == std::string_view::npos) {
    blank = whole.find("\n\n");
    gap = 2;
  }
  if (blank == std::string_view::npos) return Part{{}, whole};
  return Part{whole.substr(0, blank), whole.substr(blank + gap)};
}

bool is_event(const Part& part) {
  const auto first = part.content.find_first_not_of(" \t\r\n");
  return part.head.find("event_log") != std::string_view::npos ||
         part.head.find("application/json") != std::string_view::npos ||
         (first != std::string_view::npos && part.content[first] == '{');
}

Result<Notice> notice_of_multipart(std::string_view content_type, std::string_view body) {
  const auto boundary = boundary_of(content_type, body);
  if (boundary.empty() || boundary.size() > boundary_size_max)
    return bad_body("multipart without a boundary of 1 to 70 characters");
  const auto delimiter = "--" + boundary;
  const auto start = body.find(delimiter);
  if (start == std::string_view::npos) return bad_body("multipart whose boundary never comes");
  auto rest = body.substr(start + delimiter.size());
  for (std::size_t i = 0; i < parts_max; ++i) {
    const auto part = next_part(rest, delimiter);
    if (!part) break;
    if (is_event(*part)) return notice_of(part->content);
  }
  return bad_body("multipart without a whole part event_log");
}

std::optional<std::chrono::minutes> offset_of(std::string_view text) {
  if (text == "Z") return std::chrono::minutes(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto two = [&](std::size_t at) {
    int value = -1;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, value);
    return error == std::errc{} && end == text.data() + at + 2 ? value : -1;
  };
  const int hours = two(1);
  const int minutes = two(4);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
  return std::chrono::minutes((hours * 60 + minutes) * (text[0] == '-' ? -1 : 1));
}

}  // namespace

Result<Notice> parse_notice(std::string_view content_type, std::string_view body) {
  if (starts_with_ignoring_case(content_type, "multipart/") || body.starts_with("--"))
    return notice_of_multipart(content_type, body);
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return bad_body("nothing in it");
  if (body[body.find_first_not_of(" \t\r\n")] == '<')
    return bad_body("XML: set the terminal's listening host to JSON (parameterFormatType)");
  return notice_of(body);
}

std::string search_request(const SearchQuery& query) {
  const Json request{{"AcsEventCond",
                      {{"searchID", query.id},
                       {"searchResultPosition", query.position},
                       {"maxResults", page_size},
                       {"major", major_of_access},
                       {"minor", 0},
                       {"startTime", to_text(query.from, query.utc_offset)},
                       {"endTime", to_text(query.to, query.utc_offset)}}}};
  return request.dump();
}

Result<SearchPage> parse_search_page(std::string_view body) {
  const auto json = parsed(body);
  const auto& answer = member(json, "AcsEvent");
  if (!answer.is_object()) return fail(TerminalErrc::bad_answer, "no JSON object AcsEvent");
  SearchPage page;
  page.more = text_of(answer, "responseStatusStrg") == "MORE";
  const auto& list = member(answer, "InfoList");
  page.count = list.is_array() ? list.size() : 0;
  if (page.count > entries_max) return fail(TerminalErrc::bad_answer, "more than 1000 entries in one page");
  for (std::size_t i = 0; i < page.count; ++i) {
    auto entry = entry_of(list[i], log_names, parse_stated_time(text_of(list[i], "time")));
    if (entry)
      page.entries.push_back(std::move(entry).value());
    else
      page.mistakes.push_back({i + 1, entry.error().detail});
  }
  return page;
}

std::optional<StatedTime> parse_stated_time(std::string_view text) {
  constexpr std::size_t local_size = 19;
  if (text.size() < local_size) return std::nullopt;
  const auto time = parse_local_time(text.substr(0, local_size));
  if (!time) return std::nullopt;
  if (text.size() == local_size) return StatedTime{*time, std::nullopt};
  const auto offset = offset_of(text.substr(local_size));
  if (!offset) return std::nullopt;
  return StatedTime{*time, offset};
}

std::string to_text(LocalTime time, std::chrono::minutes utc_offset) {
  const auto minutes = std::abs(utc_offset.count());
  return sitegate::to_text(UtcTime(time.time_since_epoch())).substr(0, 19) +
         fmt::format("{}{:02}:{:02}", utc_offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::optional<Passed> passed_by(std::uint64_t code) {
  switch (code) {
    case 1:  // card
    case 2:  // card and password
      return Passed::card;
    case 54:  // face and fingerprint
    case 57:  // face and password
    case 60:  // face and card
    case 63:  // face, password and fingerprint
    case 66:  // face, card and fingerprint
    case 75:  // face
    case 77:  // employee number and face
      return Passed::face;
    case 156:  // QR code
      return Passed::qr;
    case 38:   // fingerprint
    case 40:   // card and fingerprint
    case 43:   // card, fingerprint and password
    case 46:   // fingerprint and password
    case 69:   // employee number and fingerprint
    case 72:   // employee number, fingerprint and password
    case 104:  // employee number and password
    case 181:  // password
      return Passed::other;
    default:
      return std::nullopt;
  }
}

bool is_refusal(std::uint64_t code) {
  constexpr std::uint64_t codes[] = {3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 39,  41,  42,
                                     44, 45, 47, 48, 49, 55, 56, 58, 59, 61, 62,  64,  65,
                                     67, 68, 70, 71, 73, 74, 76, 78, 79, 80, 150, 151, 157};
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

}  // namespace sitegate::devices::terminal::hikvision
