// The tables of the LMDB engine, seen through two rules that hold for every record: its value ends with the
// CRC-32C of key and payload, and a key beyond the table's last is appended (full pages, no look-up).
#pragma once
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/store/store.hpp"
#include "shared/lmdb/environment.hpp"

namespace sitegate::cloud {

/// Dense, from 0, in the order of registration: what records name technicians, companies and sites by.
using Number = std::uint32_t;

enum class TableId : std::uint8_t {
  format,
  technician_numbers,
  technicians,
  company_numbers,
  companies,
  site_numbers,
  sites,
  contract_structures,
  rosters,
  roster_versions,
  technician_sites,
  credentials,
  credential_holders,
  gateways,
  technician_months,
  site_months,
  counts,
  positions,
  kept_batches,
  quarantine,
  unregistered,
  repeated_batches,
  repeated_numbers,
  typed_passages,
  typed_events,
  reaches
};
inline constexpr std::size_t table_count = 26;
/// In the order of TableId: the names in the file.
const std::vector<std::string>& table_names();

/// A key is built part by part; numbers sort as numbers.
class Key {
 public:
  Key() = default;
  explicit Key(ByteView bytes) { raw(bytes); }
  Key& u8(std::uint8_t value) { return number(value, 1); }
  Key& u16(std::uint16_t value) { return number(value, 2); }
  Key& u32(std::uint32_t value) { return number(value, 4); }
  Key& u64(std::uint64_t value) { return number(value, 8); }
  Key& raw(ByteView bytes);
  /// Followed by a zero byte; the text must not hold one.
  Key& text(std::string_view value) { return raw(as_bytes(value)).u8(0); }
  [[nodiscard]] ByteView view() const { return {bytes_.data(), size_}; }

 private:
  Key& number(std::uint64_t value, int size);
  std::array<std::uint8_t, 128> bytes_{};
  std::size_t size_ = 0;
};
/// Shorter first where one begins the other: LMDB's order.
bool key_less(ByteView a, ByteView b);
bool starts_with(ByteView key, ByteView prefix);

Error store_error(const Error& lmdb_error);
Error damaged(TableId table, ByteView key);

/// One LMDB transaction. Same thread rule; a ByteView lives until the next write.
class Records {
 public:
  Records(lmdb::Transaction transaction, const std::vector<lmdb::Table>* tables, bool writing)
      : transaction_(std::move(transaction)), tables_(tables), writing_(writing) {}

  /// The payload; StoreErrc::damaged if its checksum is wrong.
  Result<std::optional<ByteView>> get(TableId table, const Key& key) const;
  Result<void> put(TableId table, const Key& key, ByteView payload);
  Result<bool> erase(TableId table, const Key& key);
  [[nodiscard]] Result<std::uint64_t> count(TableId table) const;
  [[nodiscard]] Result<std::uint64_t> bytes_used(TableId table) const;
  Result<lmdb::Cursor> cursor(TableId table) const;
  /// The payload of what a cursor stands on.
  Result<ByteView> payload(TableId table, const lmdb::KeyValue& at) const;
  /// True if `key` is greater than every key of the table; may say false for a writer that has erased.
  Result<bool> beyond_last(TableId table, ByteView key) const;
  Result<std::optional<Key>> first_key(TableId table) const;
  Result<std::optional<Key>> last_key(TableId table) const;

  /// Calls use(key, payload) -> Result<bool> in order from `from`, for keys that begin with `prefix`, while
  /// it says true.
  template <typename Use>
  Result<void> scan(TableId table, const Key& from, ByteView prefix, Use&& use) const {
    SITEGATE_TRY(moving, cursor(table));
    auto at = moving.at_or_after(from.view());
    while (true) {
      if (!at) return store_error(at.error());
      if (!at.value() || !starts_with(at.value()->key, prefix)) return success();
      SITEGATE_TRY(bytes, payload(table, *at.value()));
      SITEGATE_TRY(go_on, use(at.value()->key, bytes));
      if (!go_on) return success();
      at = moving.next();
    }
  }
  template <typename Use>
  Result<void> scan(TableId table, const Key& prefix, Use&& use) const {
    return scan(table, prefix, prefix.view(), std::forward<Use>(use));
  }

  [[nodiscard]] Result<void> commit();

 private:
  [[nodiscard]] lmdb::Table handle(TableId table) const {
    return (*tables_)[static_cast<std::size_t>(table)];
  }

  struct LastKey {
    bool known = false;
    std::optional<Key> key;  // nullopt: the table is empty
  };
  Result<LastKey*> last_of(TableId table) const;

  lmdb::Transaction transaction_;
  const std::vector<lmdb::Table>* tables_;
  bool writing_;
  mutable std::array<LastKey, table_count> last_keys_;  // only while writing
  Bytes value_;                                         // scratch
};

}  // namespace sitegate::cloud
