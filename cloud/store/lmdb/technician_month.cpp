#include "cloud/store/lmdb/technician_month.hpp"

#include <algorithm>

namespace sitegate::cloud {
namespace {

constexpr int day_bits = 5;
constexpr int time_bits = 18;  // 262,144 s = 72.8 h
// Times count from 24 h before the work date's midnight in UTC: no site on earth is further from UTC, and a
// site's offset may be corrected later without moving what is stored.
constexpr std::int64_t day_start_s = 24 * 3600;

enum HeadBits : std::uint8_t {
  method_bits = 0x1F,
  effective_bit = 0x20,
  structured_bit = 0x40,
  exact_bit = 0x80
};

std::int64_t base_s(Month month, std::uint8_t day) {
  const std::int64_t days = first_day(month).time_since_epoch().count() + day - 1;
  return days * 24 * 3600 - day_start_s;
}

bool fits(std::optional<std::int64_t> time_s, std::int64_t base) {
  return !time_s || (*time_s >= base && *time_s - base < std::int64_t{1} << time_bits);
}

/// Days that share everything but date and times stand together.
struct Group {
  const StoredDay* first;
  bool exact;
  std::vector<const StoredDay*> days;
  [[nodiscard]] bool takes(const StoredDay& day, bool day_is_exact) const {
    return exact == day_is_exact && first->site == day.site && first->method == day.method &&
           first->structure == day.structure;
  }
};

std::vector<Group> group(Month month, std::span<const StoredDay> days) {
  std::vector<Group> groups;
  for (const StoredDay& day : days) {
    const std::int64_t base = base_s(month, day.day);
    const bool exact = !fits(day.entry_s, base) || !fits(day.exit_s, base);
    auto home =
        std::find_if(groups.rbegin(), groups.rend(), [&](const Group& one) { return one.takes(day, exact); });
    if (home == groups.rend()) {
      groups.push_back({&day, exact, {}});
      groups.back().days.reserve(days.size());
      home = groups.rbegin();
    }
    home->days.push_back(&day);
  }
  return groups;
}

void encode_head(const Group& one, RecordWriter& record) {
  const StoredStructure& structure = one.first->structure;
  StoredStructure unstructured;
  unstructured.effective = structure.effective;
  const bool structured = structure != unstructured;
  record.byte(static_cast<std::uint8_t>(static_cast<std::uint8_t>(one.first->method) |
                                        (structure.effective ? effective_bit : 0) |
                                        (structured ? structured_bit : 0) | (one.exact ? exact_bit : 0)));
  record.varint(one.first->site);
  if (structured) {
    record.varint(structure.company_plus_one);
    record.varint(structure.trade);
    record.varint(std::uint32_t{structure.tier} << 4 | static_cast<std::uint8_t>(structure.position));
  }
  record.byte(static_cast<std::uint8_t>(one.days.size()));
}

void encode_packed(const StoredDay& day, std::int64_t base, RecordWriter& record) {
  record.bits(day.day, day_bits);
  record.bits((day.entry_s ? 2u : 0u) | (day.exit_s ? 1u : 0u), 2);
  if (day.entry_s) record.bits(static_cast<std::uint32_t>(*day.entry_s - base), time_bits);
  if (day.exit_s) record.bits(static_cast<std::uint32_t>(*day.exit_s - base), time_bits);
}

void encode_exact(const StoredDay& day, RecordWriter& record) {
  record.byte(day.day);
  record.byte((day.entry_s ? 2 : 0) | (day.exit_s ? 1 : 0));
  if (day.entry_s) record.signed_varint(*day.entry_s);
  if (day.exit_s) record.signed_varint(*day.exit_s);
}

StoredDay decode_head(std::uint8_t head, RecordReader& record) {
  StoredDay day;
  day.method = static_cast<Method>(head & method_bits);
  day.site = static_cast<Number>(record.varint());
  day.structure.effective = (head & effective_bit) != 0;
  if ((head & structured_bit) == 0) return day;
  day.structure.company_plus_one = static_cast<Number>(record.varint());
  day.structure.trade = static_cast<TradeCode>(record.varint());
  const std::uint64_t tier_position = record.varint();
  day.structure.tier = static_cast<std::uint8_t>(tier_position >> 4);
  day.structure.position = static_cast<Position>(tier_position & stored_position_max);
  return day;
}

void decode_packed(Month month, RecordReader& record, StoredDay& day) {
  day.day = static_cast<std::uint8_t>(record.bits(day_bits));
  const std::uint32_t has = record.bits(2);
  const std::int64_t base = base_s(month, day.day);
  day.entry_s = (has & 2) != 0 ? std::optional(base + record.bits(time_bits)) : std::nullopt;
  day.exit_s = (has & 1) != 0 ? std::optional(base + record.bits(time_bits)) : std::nullopt;
}

void decode_exact(RecordReader& record, StoredDay& day) {
  day.day = record.byte();
  const std::uint8_t has = record.byte();
  day.entry_s = (has & 2) != 0 ? std::optional(record.signed_varint()) : std::nullopt;
  day.exit_s = (has & 1) != 0 ? std::optional(record.signed_varint()) : std::nullopt;
}

}  // namespace

void encode_month(Month month, std::span<const StoredDay> days, RecordWriter& record) {
  record.clear();
  for (const Group& one : group(month, days)) {
    encode_head(one, record);
    for (const StoredDay* const day : one.days) {
      if (one.exact) {
        encode_exact(*day, record);
      } else {
        encode_packed(*day, base_s(month, day->day), record);
      }
    }
    record.end_bits();
  }
}

bool decode_month(Month month, ByteView bytes, std::vector<StoredDay>& days) {
  days.clear();
  RecordReader record(bytes);
  while (record.ok() && !record.at_end()) {
    const std::uint8_t head = record.byte();
    StoredDay day = decode_head(head, record);
    const std::uint8_t count = record.byte();
    for (int i = 0; i < count && record.ok(); ++i) {
      (head & exact_bit) != 0 ? decode_exact(record, day) : decode_packed(month, record, day);
      days.push_back(day);
    }
    record.end_bits();
  }
  const auto by_site_day = [](const StoredDay& a, const StoredDay& b) { return site_day(a) < site_day(b); };
  if (!std::is_sorted(days.begin(), days.end(), by_site_day))
    std::sort(days.begin(), days.end(), by_site_day);
  return record.complete();
}

bool date_can_be_counted(Date date) {
  using namespace std::chrono_literals;
  return date >= Date(std::chrono::local_days(1900y / 1 / 1)) &&
         date < Date(std::chrono::local_days(2200y / 1 / 1));
}

}  // namespace sitegate::cloud
