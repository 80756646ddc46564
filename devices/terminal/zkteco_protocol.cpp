#include "devices/terminal/zkteco_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

namespace sitegate::devices::terminal::zkteco {
namespace {

constexpr std::size_t line_size_max = 4096;
constexpr std::size_t code_size_max = 20;  // of status, verify, index: numbers, at most 16 binary digits
constexpr int remote_identification_passed = 222;

// Calls `take(line number, line)` for every line that is not empty; CR before LF belongs to the end.
void for_each_line(std::string_view body, const std::function<void(std::size_t, std::string_view)>& take) {
  for (std::size_t number = 1; !body.empty(); ++number) {
    auto line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(body.size(), line.size() + 1));
    while (line.ends_with('\r') || line.ends_with('\0')) line.remove_suffix(1);
    if (!line.empty()) take(number, line);
  }
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string lower(std::string_view text) {
  std::string small(text);
  for (auto& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return small;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<float> temperature_of(std::string_view text) {
  double celsius = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), celsius);
  if (error != std::errc{}) return std::nullopt;
  return plausible_temperature(celsius);
}

// "0" is how a terminal writes that there is no user, or no card.
std::string absent_as_empty(std::string_view text) {
  return text == "0" ? std::string() : std::string(text);
}

std::string compact(LocalTime time) {
  auto text = to_text(UtcTime(time.time_since_epoch()));  // 2026-11-22T07:41:05.000Z
  std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
  return text.substr(0, 14);
}

Error broken(const std::string& why) {
  return fail(TerminalErrc::bad_event, why);
}

// At most 40 characters of what a terminal sent, for a log line.
std::string shown(std::string_view text) {
  std::string plain(text.substr(0, 40));
  for (auto& c : plain)
    if (c < ' ' || c > '~') c = '.';
  return "\"" + plain + "\"";
}

// ---- key=value records ----

class Fields {
 public:
  explicit Fields(std::string_view line) {
    while (!line.empty()) {
      const auto field = line.substr(0, line.find('\t'));
      line.remove_prefix(std::min(line.size(), field.size() + 1));
      const auto equals = field.find('=');
      if (equals == std::string_view::npos) continue;
      fields_.emplace(lower(trimmed(field.substr(0, equals))), trimmed(field.substr(equals + 1)));
    }
  }
  /// Empty if absent.
  [[nodiscard]] std::string_view get(std::string_view name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::string_view{} : found->second;
  }

 private:
  std::map<std::string, std::string_view, std::less<>> fields_;
};

// rtlog and transaction call the same things by different names.
struct Names {
  std::string_view event, state, verify;
};
constexpr Names rtlog_names{"event", "inoutstatus", "verifytype"};
constexpr Names transaction_names{"eventtype", "inoutstate", "verified"};

// Appendix 2, and 19 for the codes from 4000.
Event::Kind kind_of_code(std::uint64_t code) {
  if (code <= 19 || (code >= 200 && code <= 253) || (code >= 4000 && code < 5000)) return Event::Kind::person;
  if ((code >= 20 && code <= 99) || (code >= 5000 && code < 6000)) return Event::Kind::refused;
  return Event::Kind::device;
}

bool is_about_the_device(std::uint64_t code) {
  // 6–13: linkage, alarms, opened or switched from afar; 28, 36, 37, 54–58: doors, buttons, batteries
  return (code >= 6 && code <= 13) || code == 28 || code == 36 || code == 37 || (code >= 54 && code <= 58);
}

Event::Kind kind_of(std::uint64_t code, const Event& event, bool online) {
  const bool somebody = !event.pin.empty() || !event.card.empty();
  if (is_about_the_device(code) || (online && code == remote_identification_passed))
    return Event::Kind::device;
  const auto kind = kind_of_code(code);
  return kind == Event::Kind::person && !somebody ? Event::Kind::device : kind;
}

Result<void> read_codes(Event& event, const Fields& fields, const Names& names, bool online) {
  const auto code = number_of(fields.get(names.event));
  if (!code) return broken("event code " + shown(fields.get(names.event)));
  event.pin = absent_as_empty(fields.get("pin"));
  event.card = absent_as_empty(fields.get("cardno"));
  if (!event.pin.empty() && !is_word(event.pin, pin_size_max)) return broken("PIN " + shown(event.pin));
  if (!event.card.empty() && !is_word(event.card, card_text_size_max))
    return broken("card number " + shown(event.card));
  event.kind = kind_of(*code, event, online);
  event.method = method_of(fields.get(names.verify));
  event.state = std::string(fields.get(names.state).substr(0, code_size_max));
  const auto converted = fields.get("convtemperature");  // in °C where the terminal shows another unit
  event.body_temperature_c = temperature_of(fields.get("temperature"));
  if (!event.body_temperature_c) event.body_temperature_c = temperature_of(converted);
  return success();
}

std::string key_of(const Event& event, const Fields& fields, const Names& names) {
  const auto index = number_of(fields.get("index"));
  // The time with it: a terminal that was wiped counts from 1 again.
  if (index && *index != 0) return fmt::format("{}/{}", *index, compact(event.time));
  return fmt::format("{}-{}/{}/{}/{}", event.pin, event.card, compact(event.time), event.state,
                     fields.get(names.verify).substr(0, code_size_max));
}

Result<Event> rtlog_event(std::string_view line, bool online) {
  const Fields fields(line);
  Event event;
  const auto time = parse_local_time(fields.get("time"));
  if (!time) return broken("time " + shown(fields.get("time")));
  event.time = *time;
  SITEGATE_TRYV(read_codes(event, fields, rtlog_names, online));
  event.key = key_of(event, fields, rtlog_names);
  return event;
}

Result<Event> transaction_event(std::string_view line, bool online) {
  constexpr std::string_view table = "transaction ";
  if (lower(line.substr(0, table.size())) == table) line.remove_prefix(table.size());
  const Fields fields(line);
  Event event;
  const auto seconds = number_of(fields.get("time_second"));
  const auto time = seconds ? decode_time(*seconds) : std::nullopt;
  if (!time) return broken("time_second " + shown(fields.get("time_second")));
  event.time = *time;
  SITEGATE_TRYV(read_codes(event, fields, transaction_names, online));
  event.key = key_of(event, fields, transaction_names);
  return event;
}

// ---- positional records ----

std::vector<std::string_view> columns_of(std::string_view line) {
  std::vector<std::string_view> columns;
  for (;;) {
    const auto column = line.substr(0, line.find('\t'));
    columns.push_back(trimmed(column));
    if (column.size() == line.size()) return columns;
    line.remove_prefix(column.size() + 1);
  }
}

Result<Event> attlog_event(std::string_view line) {
  constexpr std::size_t temperature_column = 8;
  const auto columns = columns_of(line);
  if (columns.size() < 4) return broken(fmt::format("{} columns, at least 4 are expected", columns.size()));
  Event event;
  if (!is_word(columns[0], pin_size_max)) return broken("PIN " + shown(columns[0]));
  event.pin = columns[0];
  const auto time = parse_local_time(columns[1]);
  if (!time) return broken("time " + shown(columns[1]));
  event.time = *time;
  if (columns[2].size() > code_size_max || columns[3].size() > code_size_max)
    return broken("status " + shown(columns[2]) + " or verify " + shown(columns[3]));
  event.state = columns[2];
  event.method = method_of(columns[3]);
  if (columns.size() > temperature_column)
    event.body_temperature_c = temperature_of(columns[temperature_column]);
  event.key = fmt::format("{}/{}/{}/{}", event.pin, compact(event.time), event.state, columns[3]);
  return event;
}

Events parse_lines(std::string_view body, const std::function<Result<Event>(std::string_view)>& parse) {
  Events events;
  for_each_line(body, [&](std::size_t number, std::string_view line) {
    if (++events.lines > lines_max) return;
    if (line.size() > line_size_max) {
      events.mistakes.push_back({number, fmt::format("{} characters in one line", line.size())});
      return;
    }
    auto event = parse(line);
    if (event)
      events.events.push_back(std::move(event).value());
    else
      events.mistakes.push_back({number, event.error().detail});
  });
  if (events.lines > lines_max)
    events.mistakes.push_back({lines_max + 1, fmt::format("more than {} lines", lines_max)});
  return events;
}

std::optional<Method> method_of_bits(std::string_view bits) {
  const auto set = [&](std::size_t bit) { return bits[bits.size() - 1 - bit] == '1'; };
  if (set(1)) return Method::face;
  if (set(5)) return Method::finger_vein;
  if (set(12)) return Method::qr;
  if (set(11)) return Method::card;
  return std::nullopt;
}

}  // namespace

Events parse_attlog(std::string_view body) {
  return parse_lines(body, attlog_event);
}

Events parse_rtlog(std::string_view body, bool online) {
  return parse_lines(body, [online](std::string_view line) { return rtlog_event(line, online); });
}

Events parse_transactions(std::string_view body, bool online) {
  return parse_lines(body, [online](std::string_view line) { return transaction_event(line, online); });
}

Result<Event> parse_question(std::string_view body) {
  const auto line = body.substr(0, body.find_first_of("\r\n"));
  if (line.size() > line_size_max) return broken("a line of more than 4096 characters");
  SITEGATE_TRY(event, rtlog_event(line, false));
  if (event.pin.empty() && event.card.empty()) return broken("neither a user nor a card");
  event.kind = Event::Kind::person;  // whatever the terminal thinks of him: we decide
  event.key = "ask/" + event.key;
  return event;
}

std::optional<LocalTime> parse_state_time(std::string_view body) {
  const auto line = body.substr(0, body.find_first_of("\r\n"));
  return parse_local_time(Fields(line.substr(0, line_size_max)).get("time"));
}

std::optional<Method> method_of(std::string_view verify) {
  const bool binary = verify.size() == 16 && verify.find_first_not_of("01") == std::string_view::npos;
  if (binary) return method_of_bits(verify);
  const auto code = number_of(verify);
  if (!code) return std::nullopt;
  if (*code == 4 || *code == 11) return Method::card;
  if (*code >= 15 && *code <= 20) return Method::face;
  if (*code >= 21 && *code <= 24) return Method::finger_vein;
  return std::nullopt;
}

std::uint32_t encode_time(LocalTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto in_day = std::chrono::duration_cast<std::chrono::seconds>(time - day).count();
  const auto days = (static_cast<int>(date.year()) - 2000) * 12 * 31 +
                    (static_cast<int>(static_cast<unsigned>(date.month())) - 1) * 31 +
                    static_cast<int>(static_cast<unsigned>(date.day())) - 1;
  return static_cast<std::uint32_t>(days * 86'400LL + in_day);
}

std::optional<LocalTime> decode_time(std::uint64_t seconds) {
  if (seconds > 0xFFFF'FFFFu) return std::nullopt;
  const auto days = static_cast<unsigned>(seconds / 86'400);
  const std::chrono::year_month_day date(std::chrono::year(2000 + static_cast<int>(days / (12 * 31))),
                                         std::chrono::month(days / 31 % 12 + 1),
                                         std::chrono::day(days % 31 + 1));
  if (!date.ok()) return std::nullopt;  // 31 February
  return LocalTime(std::chrono::local_days(date)) + std::chrono::seconds(seconds % 86'400);
}

std::size_t count_lines(std::string_view body) {
  std::size_t count = 0;
  for_each_line(body, [&](std::size_t, std::string_view) { ++count; });
  return count;
}

std::string attendance_options(std::string_view serial, std::string_view stamp,
                               std::chrono::minutes utc_offset) {
  // Whole hours, else minutes: so the attendance dialect has it.
  const auto minutes = utc_offset.count();
  return fmt::format(
      "GET OPTION FROM: {}\nATTLOGStamp={}\nOPERLOGStamp=9999\nATTPHOTOStamp=None\nErrorDelay=30\nDelay=5\n"
      "TransTimes=00:00;12:00\nTransInterval=1\nTransFlag=TransData "
      "AttLog\nTimeZone={}\nRealtime=1\nEncrypt=None\n",
      serial, stamp.empty() ? "None" : stamp, minutes % 60 == 0 ? minutes / 60 : minutes);
}

std::string security_options(std::string_view code) {
  // 3.0.1 is the plain protocol: from 3.1.1 a terminal may want to encrypt (appendix 13).
  return fmt::format(
      "registry=ok\nRegistryCode={0}\nServerVersion=3.0.1\nServerName=SiteGate\nPushProtVer=3.0."
      "1\nErrorDelay=30\n"
      "RequestDelay=2\nTransTimes=00:00;12:00\nTransInterval=1\nTransTables=User Transaction\nRealtime=1\n"
      "SessionID={0}\nTimeoutSec=10\n",
      code);
}

std::string open_door_command(int door, int open_s) {
  return fmt::format("CONTROL DEVICE 01{:02X}01{:02X}", std::clamp(door, 1, 16), std::clamp(open_s, 1, 254));
}

std::string decision_answer(std::string_view record, const Decision& decision) {
  const auto line = record.substr(0, record.find_first_of("\r\n"));
  std::string answer = decision.accepted ? "AUTH=SUCCEED\r\n" : "AUTH=FAILED\r\n";
  answer += std::string(line) + "\r\n";
  if (!decision.command.empty()) answer += decision.command + "\r\n";
  return answer + "TIPS=" + decision.tips;
}

}  // namespace sitegate::devices::terminal::zkteco
