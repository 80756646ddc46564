// The bodies of Hikvision's ISAPI that concern access events: pushed notices (JSON, alone or in multipart
// with a picture) and the search of a terminal's log. No I/O, no clock.
//
// Source: Hikvision, "Intelligent Security API (Access Control on Person)": EventNotificationAlert with
// AccessControllerEvent, POST /ISAPI/AccessControl/AcsEvent?format=json.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "devices/terminal/event.hpp"

namespace sitegate::devices::terminal::hikvision {

/// One entry of a terminal's log.
struct LogEntry {
  Event event;  ///< its key is "<serialNo>/<UTC time>"
  std::uint64_t serial_no = 0;
  std::uint64_t previous_serial_no = 0;  ///< of the entry before, where the terminal says it; else 0
};

/// What a terminal pushes.
struct Notice {
  enum class Kind : std::uint8_t { log_entry, heartbeat, other };
  Kind kind = Kind::other;
  LogEntry entry;                 ///< of Kind::log_entry
  std::vector<std::string> ids;   ///< by which it names itself: device id, MAC address, serial number
  std::optional<LocalTime> time;  ///< its dateTime, with its offset
  std::optional<std::chrono::minutes> utc_offset;
};

/// `content_type` as in the request's header; empty: found from the body. bad_body says what is wrong.
Result<Notice> parse_notice(std::string_view content_type, std::string_view body);

struct SearchQuery {
  std::string id;            ///< the same for all pages of one search
  std::size_t position = 0;  ///< of the page's first entry
  LocalTime from{};
  LocalTime to{};
  std::chrono::minutes utc_offset{540};  ///< of both times
};
/// Pages hold at most this many: more is refused by many models.
inline constexpr std::size_t page_size = 30;
std::string search_request(const SearchQuery& query);

struct SearchPage {
  std::vector<LogEntry> entries;
  std::vector<Mistake> mistakes;  ///< counted from 1 in the page's list
  std::size_t count = 0;          ///< in the list, good or not
  bool more = false;
};
Result<SearchPage> parse_search_page(std::string_view body);

/// "2026-11-22T07:41:05+09:00", with or without offset or Z.
struct StatedTime {
  LocalTime time;
  std::optional<std::chrono::minutes> utc_offset;
};
std::optional<StatedTime> parse_stated_time(std::string_view text);
std::string to_text(LocalTime time, std::chrono::minutes utc_offset);

/// subEventType (push) and minor (log) of major 5: what recognised the person. It is this code that counts,
/// not currentVerifyMode, which on many models says what is configured.
enum class Passed : std::uint8_t { card, face, qr, other };
std::optional<Passed> passed_by(std::uint64_t code);
/// The codes of attempts that failed: wrong card, face, finger, time.
bool is_refusal(std::uint64_t code);

}  // namespace sitegate::devices::terminal::hikvision
