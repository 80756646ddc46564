#include "edge/typed_entry/typed_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "edge/identification/identification.hpp"
#include "shared/crypto/digest.hpp"

namespace sitegate::edge {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view reader_name = "typed";
constexpr std::string_view ideographic_blank = "\u3000";

/// For comparing names: people type blanks or not, and of either width.
std::string folded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with(ideographic_blank)) {
      i += ideographic_blank.size() - 1;
      continue;
    }
    const char c = text[i];
    if (c == ' ' || c == '\t') continue;
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return plain;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "08:05", "08:05:30"
std::optional<seconds> time_of_day(std::string_view text) {
  if ((text.size() != 5 && text.size() != 8) || text[2] != ':' || (text.size() == 8 && text[5] != ':'))
    return std::nullopt;
  const auto hour = number_of<unsigned>(text.substr(0, 2));
  const auto minute = number_of<unsigned>(text.substr(3, 2));
  const auto second = text.size() == 8 ? number_of<unsigned>(text.substr(6, 2)) : 0u;
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return hours(*hour) + minutes(*minute) + seconds(*second);
}

using Found = std::variant<const RosterTechnician*, TypedRefusal>;

Found find_technician(const RosterIndex& roster, std::string_view text) {
  if (!roster.known()) return TypedRefusal::no_roster;
  if (const auto id = TechnicianId::parse(text)) {
    const auto* technician = roster.find(*id);
    if (technician == nullptr) return TypedRefusal::unknown_technician;
    return technician;
  }
  const RosterTechnician* found = nullptr;
  const std::string name = folded(text);
  for (const auto& technician : roster.roster().technicians) {
    if (name.empty() || folded(technician.name) != name) continue;
    if (found != nullptr) return TypedRefusal::ambiguous_name;
    found = &technician;
  }
  if (found == nullptr) return TypedRefusal::unknown_technician;
  return found;
}

struct When {
  UtcTime event_time{};
  WorkDate work_date{};
};

std::variant<When, TypedRefusal> read_when(const TypedRequest& request, Direction direction,
                                           const TypedSurroundings& around) {
  const auto date = parse_date(request.date);
  const auto time = time_of_day(request.time);
  if (!date || !time) return TypedRefusal::bad_time;
  const SiteSettings& settings = around.roster.settings();
  const minutes offset(settings.utc_offset_minutes);
  When when;
  when.event_time = to_utc(*date + *time, offset);
  if (when.event_time > around.now + typed_future_max) return TypedRefusal::in_the_future;
  if (when.event_time < around.now - around.rules.age_max) return TypedRefusal::too_old;
  if (request.night_shift && direction != Direction::exit) return TypedRefusal::night_shift_entry;
  when.work_date = work_date_of(when.event_time, offset, minutes(settings.day_boundary_minutes));
  if (request.night_shift) when.work_date -= std::chrono::days(1);
  return when;
}

std::variant<TypedEntry, TypedRefusal> read_entry(const TypedRequest& request,
                                                  const TypedSurroundings& around) {
  TypedEntry entry;
  entry.by = request.by;
  entry.reason = trimmed(request.reason);
  entry.typed_at = around.now;
  if (!is_plain_text(entry.by, name_size_max)) return TypedRefusal::bad_author;
  if (!is_plain_text(entry.reason, typed_reason_size_max)) return TypedRefusal::bad_reason;
  if (request.corrects.empty()) return entry;
  const auto sequence = number_of<Sequence>(request.corrects);
  if (!sequence || *sequence == 0 || *sequence > around.last_sequence) return TypedRefusal::unknown_sequence;
  entry.corrects = *sequence;
  return entry;
}

/// At most 96 bytes; the clerk by hash, as names have any length.
std::string event_of(TechnicianId technician, Direction direction, const When& when, const std::string& by) {
  const auto minute = std::chrono::floor<minutes>(when.event_time).time_since_epoch().count();
  return fmt::format("typed/{}/{}/{}/{}", technician.text(), to_text(direction), minute,
                     to_hex(crypto::sha256(as_bytes(by))).substr(0, 16));
}

TypedRecord record_of(const RosterTechnician& technician, Direction direction, const When& when,
                      const std::string& gate, TypedEntry entry, const RosterIndex& roster) {
  CredentialRead named;
  named.credential = TechnicianCredential{technician.technician};
  named.method = Method::typed;
  const Identified who = identify(named, roster, when.work_date);
  TypedRecord record;
  record.event = event_of(technician.technician, direction, when, entry.by);
  record.name = technician.name;
  Passage& passage = record.passage;
  passage.person = technician.technician;
  passage.admission = std::get<Identification>(who).admission;
  passage.gate_opened = true;  // the clerk says that the person went through
  passage.gate = gate;
  passage.reader = reader_name;
  passage.direction = direction;
  passage.evidence = std::get<Identification>(who).evidence;
  passage.work_date = when.work_date;
  passage.event_time = when.event_time;
  passage.clock_state = ClockState::unknown;
  passage.typed = std::move(entry);
  return record;
}

/// The length of the character at the front (RFC 3629, section 4); 0 for what is none or a control character.
std::size_t character_size(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
  std::uint32_t code = first & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (at(i) & 0x3Fu);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return code < smallest[size] || code > 0x10FFFF || surrogate || code < 0xA0 ? 0 : size;
}

}  // namespace

bool is_plain_text(std::string_view text, std::size_t size_max) {
  if (text.empty() || text.size() > size_max) return false;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string_view to_text(TypedRefusal refusal) {
  constexpr std::string_view words[typed_refusal_count] = {
      "no_roster", "unknown_technician", "ambiguous_name", "bad_direction", "bad_time",   "in_the_future",
      "too_old",   "night_shift_entry",  "unknown_gate",   "bad_reason",    "bad_author", "unknown_sequence"};
  return words[static_cast<std::size_t>(refusal)];
}

std::variant<TypedRecord, TypedRefusal> typed_record(const TypedRequest& request,
                                                     const TypedSurroundings& around) {
  const Found found = find_technician(around.roster, request.technician);
  if (const auto* refusal = std::get_if<TypedRefusal>(&found)) return *refusal;
  const auto direction = parse_direction(request.direction);
  if (!direction) return TypedRefusal::bad_direction;
  const auto when = read_when(request, *direction, around);
  if (const auto* refusal = std::get_if<TypedRefusal>(&when)) return *refusal;
  if (std::ranges::find(around.rules.gates, request.gate) == around.rules.gates.end())
    return TypedRefusal::unknown_gate;
  auto entry = read_entry(request, around);
  if (const auto* refusal = std::get_if<TypedRefusal>(&entry)) return *refusal;
  return record_of(*std::get<const RosterTechnician*>(found), *direction, std::get<When>(when), request.gate,
                   std::get<TypedEntry>(std::move(entry)), around.roster);
}

std::vector<const RosterTechnician*> search_roster(const RosterIndex& roster, std::string_view text,
                                                   std::size_t count_max) {
  std::vector<const RosterTechnician*> found;
  const std::string wanted = folded(text);
  if (wanted.empty()) return found;
  for (const auto& technician : roster.roster().technicians) {
    if (found.size() >= count_max) break;
    const bool fits = technician.technician.text().starts_with(wanted) ||
                      folded(technician.name).find(wanted) != std::string::npos;
    if (fits) found.push_back(&technician);
  }
  return found;
}

}  // namespace sitegate::edge
