#include "cloud/store/lmdb/counters.hpp"

#include <algorithm>

#include "cloud/store/lmdb/record.hpp"

namespace sitegate::cloud {
namespace {

enum class Kind : std::uint8_t { history = 1, technician = 2, company = 3, site = 4 };

// kind 8 bits, month 16, prefecture 8, then two bytes of the kind's own
CellKey pack(Kind kind, Month month, Prefecture prefecture, std::uint8_t first, std::uint8_t second) {
  return std::uint64_t{static_cast<std::uint8_t>(kind)} << 40 |
         std::uint64_t{static_cast<std::uint16_t>(month_number(month))} << 24 |
         std::uint64_t{prefecture.code()} << 16 | std::uint64_t{first} << 8 | second;
}

Month month_in(CellKey cell) {
  return month_from_number(static_cast<std::uint16_t>(cell >> 24));
}
Prefecture prefecture_in(CellKey cell) {
  return Prefecture::from_code(static_cast<std::uint8_t>(cell >> 16)).value_or(Prefecture{});
}

void add_to(Rollups& rollups, CellKey cell, std::uint64_t count) {
  const auto first = static_cast<std::uint8_t>(cell >> 8);
  const auto second = static_cast<std::uint8_t>(cell);
  switch (static_cast<Kind>(cell >> 40)) {
    case Kind::history:
      rollups.histories.push_back(
          {month_in(cell), prefecture_in(cell), static_cast<Method>(first), second != 0, count});
      break;
    case Kind::technician:
      rollups.technicians.push_back({month_in(cell), prefecture_in(cell), count});
      break;
    case Kind::company:
      rollups.companies.push_back({month_in(cell), prefecture_in(cell), static_cast<CompanyClass>(first),
                                   static_cast<CompanyClass>(second), count});
      break;
    case Kind::site:
      rollups.sites.push_back({month_in(cell), prefecture_in(cell), count});
      break;
  }
}

}  // namespace

CellKey cell_of(Month month, Prefecture site_prefecture, Method method, bool effective) {
  return pack(Kind::history, month, site_prefecture, static_cast<std::uint8_t>(method), effective ? 1 : 0);
}
CellKey cell_of(const Technician& technician) {
  return pack(Kind::technician, month_of(technician.registered_on), technician.prefecture, 0, 0);
}
CellKey cell_of(const Company& company) {
  return pack(Kind::company, month_of(company.approved_on), company.prefecture,
              static_cast<std::uint8_t>(company.company_class),
              static_cast<std::uint8_t>(company.company_class_at_approval));
}
CellKey cell_of(const Site& site) {
  return pack(Kind::site, month_of(site.registered_on), site.prefecture, 0, 0);
}

Result<void> Counts::load(const Records& records) {
  return records.scan(TableId::counts, Key(), [&](ByteView key, ByteView payload) -> Result<bool> {
    RecordReader record(payload);
    const std::uint64_t count = record.varint();
    if (key.size() != sizeof(CellKey) || !record.complete()) return damaged(TableId::counts, key);
    add(lmdb::get_big_endian<CellKey>(key), static_cast<std::int64_t>(count));
    return true;
  });
}

Result<void> Counts::store(Records& records) {
  std::vector<std::pair<CellKey, std::int64_t>> sorted(cells_.begin(), cells_.end());
  std::sort(sorted.begin(), sorted.end());
  RecordWriter record;
  for (const auto& [cell, difference] : sorted) {
    if (difference == 0) continue;
    const Key key = Key().u64(cell);
    SITEGATE_TRY(stored, records.get(TableId::counts, key));
    const std::uint64_t before = stored ? RecordReader(*stored).varint() : 0;
    const std::uint64_t after = before + static_cast<std::uint64_t>(difference);
    if (after == 0) {
      SITEGATE_TRYV(records.erase(TableId::counts, key));
      continue;
    }
    record.clear();
    record.varint(after);
    SITEGATE_TRYV(records.put(TableId::counts, key, record.view()));
  }
  cells_.clear();
  return success();
}

Rollups Counts::rollups() const {
  Rollups rollups;
  for (const auto& [cell, count] : cells_)
    if (count > 0) add_to(rollups, cell, static_cast<std::uint64_t>(count));
  std::sort(rollups.histories.begin(), rollups.histories.end());
  std::sort(rollups.technicians.begin(), rollups.technicians.end());
  std::sort(rollups.companies.begin(), rollups.companies.end());
  std::sort(rollups.sites.begin(), rollups.sites.end());
  return rollups;
}

}  // namespace sitegate::cloud
