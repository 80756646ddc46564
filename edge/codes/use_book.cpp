#include "edge/codes/use_book.hpp"

#include <algorithm>

namespace sitegate::edge {
namespace {

constexpr std::size_t head_size = 9;
constexpr std::size_t map_size = std::size_t{64} << 20;
constexpr int count_max = 255;
constexpr std::size_t gate_bytes_max = 255;

Bytes key_of(std::uint64_t serial) {
  Bytes key;
  lmdb::put_big_endian(key, serial);
  return key;
}

Bytes record_of(const CodeUses& uses, UtcTime expires_at) {
  Bytes record;
  lmdb::put_big_endian(record, static_cast<std::uint64_t>(expires_at.time_since_epoch().count()));
  record.push_back(static_cast<std::uint8_t>(std::min(uses.count, count_max)));
  for (const auto& gate : uses.gates) {
    const auto name = as_bytes(gate).first(std::min(gate.size(), gate_bytes_max));
    record.push_back(static_cast<std::uint8_t>(name.size()));
    record.insert(record.end(), name.begin(), name.end());
  }
  return record;
}

Error damaged() {
  return fail(lmdb::Errc::damaged, "uses of technicians' codes");
}

Result<UtcTime> expiry_of(ByteView record) {
  if (record.size() < head_size) return damaged();
  const auto milliseconds = lmdb::get_big_endian<std::uint64_t>(record);
  return UtcTime(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
}

Result<CodeUses> uses_of(ByteView record) {
  if (record.size() < head_size) return damaged();
  CodeUses uses;
  uses.count = record[head_size - 1];
  for (record = record.subspan(head_size); !record.empty();) {
    const std::size_t size = record[0];
    if (record.size() < 1 + size) return damaged();
    uses.gates.emplace_back(as_text(record.subspan(1, size)));
    record = record.subspan(1 + size);
  }
  return uses;
}

}  // namespace

Result<std::unique_ptr<UseBook>> UseBook::open(const std::filesystem::path& folder, UtcTime now) {
  SITEGATE_TRY(environment, lmdb::Environment::open(folder, {.map_size = map_size, .tables_max = 1}));
  SITEGATE_TRY(table, environment->table("uses"));
  auto book = std::unique_ptr<UseBook>(new UseBook(std::move(environment), table));
  SITEGATE_TRYV(book->forget(now));
  return book;
}

Result<CodeUses> UseBook::uses(std::uint64_t serial) const {
  SITEGATE_TRY(reading, environment_->begin_read());
  SITEGATE_TRY(record, reading.get(table_, key_of(serial)));
  if (!record) return CodeUses{};
  return uses_of(*record);
}

Result<void> UseBook::put(std::uint64_t serial, const CodeUses& uses, UtcTime expires_at) {
  SITEGATE_TRY(writing, environment_->begin_write());
  SITEGATE_TRYV(writing.put(table_, key_of(serial), record_of(uses, expires_at)));
  return writing.commit();
}

Result<void> UseBook::forget(UtcTime now) {
  SITEGATE_TRY(writing, environment_->begin_write());
  {
    SITEGATE_TRY(cursor, lmdb::Cursor::open(writing, table_));
    SITEGATE_TRY(entry, cursor.first());
    while (entry) {
      SITEGATE_TRY(expires_at, expiry_of(entry->value));
      if (expires_at + remembered < now) {
        SITEGATE_TRYV(cursor.erase());
      }
      SITEGATE_TRY(next, cursor.next());
      entry = next;
    }
  }
  return writing.commit();
}

}  // namespace sitegate::edge
