// One record of table technician_months: what one technician did in one month. Pure: values in, bytes out.
// The bytes are laid out in README.md.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "cloud/store/lmdb/record.hpp"
#include "cloud/store/lmdb/records.hpp"

namespace sitegate::cloud {

struct StoredStructure {
  Number company_plus_one = 0;  ///< 0: no company
  std::uint8_t tier = 0;
  TradeCode trade = 0;
  Position position = Position::none;
  bool effective = false;
  auto operator<=>(const StoredStructure&) const = default;
};

/// A work history without its technician and month, which are the record's key.
struct StoredDay {
  Number site = 0;
  std::uint8_t day = 1;  ///< of the month, 1 to 31
  Method method = Method::card;
  StoredStructure structure;
  std::optional<std::int64_t> entry_s;  ///< UTC, seconds since 1970
  std::optional<std::int64_t> exit_s;
  bool operator==(const StoredDay&) const = default;
};
/// The order within a record.
inline std::uint64_t site_day(const StoredDay& day) {
  return std::uint64_t{day.site} << 8 | day.day;
}

inline constexpr std::uint8_t stored_method_max = 31;
inline constexpr std::uint8_t stored_position_max = 15;

/// `days` sorted by site_day, no two equal. Writes over what was in `record`.
void encode_month(Month month, std::span<const StoredDay> days, RecordWriter& record);
/// Sorted by site_day. False if the form is wrong.
bool decode_month(Month month, ByteView record, std::vector<StoredDay>& days);

/// Months are numbered since 0000-01; a date's key form needs years 0 to 5461.
inline std::uint16_t month_key(Date date) {
  return static_cast<std::uint16_t>(month_number(month_of(date)));
}
/// Dates that histories and registrations may have.
bool date_can_be_counted(Date date);

}  // namespace sitegate::cloud
