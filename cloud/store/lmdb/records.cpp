#include "cloud/store/lmdb/records.hpp"

#include <algorithm>
#include <cstring>

namespace sitegate::cloud {
namespace {

constexpr std::size_t checksum_size = 4;

}  // namespace

const std::vector<std::string>& table_names() {
  static const std::vector<std::string> names{"format",
                                              "technician_numbers",
                                              "technicians",
                                              "company_numbers",
                                              "companies",
                                              "site_numbers",
                                              "sites",
                                              "contract_structures",
                                              "rosters",
                                              "roster_versions",
                                              "technician_sites",
                                              "credentials",
                                              "credential_holders",
                                              "gateways",
                                              "technician_months",
                                              "site_months",
                                              "counts",
                                              "positions",
                                              "kept_batches",
                                              "quarantine",
                                              "unregistered",
                                              "repeated_batches",
                                              "repeated_numbers",
                                              "typed_passages",
                                              "typed_events",
                                              "reaches"};
  SITEGATE_ASSERT(names.size() == table_count);
  return names;
}

Key& Key::raw(ByteView bytes) {
  SITEGATE_ASSERT(size_ + bytes.size() <= bytes_.size());
  std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += bytes.size();
  return *this;
}

Key& Key::number(std::uint64_t value, int size) {
  SITEGATE_ASSERT(size_ + static_cast<std::size_t>(size) <= bytes_.size());
  for (int shift = size * 8 - 8; shift >= 0; shift -= 8)
    bytes_[size_++] = static_cast<std::uint8_t>(value >> shift);
  return *this;
}

bool key_less(ByteView a, ByteView b) {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  return order != 0 ? order < 0 : a.size() < b.size();
}

bool starts_with(ByteView key, ByteView prefix) {
  return key.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), key.begin());
}

Error store_error(const Error& lmdb_error) {
  const StoreErrc what = is(lmdb_error, lmdb::Errc::full)      ? StoreErrc::full
                         : is(lmdb_error, lmdb::Errc::damaged) ? StoreErrc::damaged
                                                               : StoreErrc::failed;
  return fail(what, lmdb_error.text());
}

Error damaged(TableId table, ByteView key) {
  return fail(StoreErrc::damaged,
              "table " + table_names()[static_cast<std::size_t>(table)] + ", record " + to_hex(key));
}

Result<std::optional<ByteView>> Records::get(TableId table, const Key& key) const {
  if (writing_) {
    SITEGATE_TRY(beyond, beyond_last(table, key.view()));
    if (beyond) return std::optional<ByteView>{};
  }
  const auto value = transaction_.get(handle(table), key.view());
  if (!value) return store_error(value.error());
  if (!value.value()) return std::optional<ByteView>{};
  SITEGATE_TRY(bytes, payload(table, {key.view(), *value.value()}));
  return std::optional(bytes);
}

Result<ByteView> Records::payload(TableId table, const lmdb::KeyValue& at) const {
  if (at.value.size() < checksum_size) return damaged(table, at.key);
  const ByteView bytes = at.value.first(at.value.size() - checksum_size);
  const ByteView end = at.value.last(checksum_size);
  const std::uint32_t stored = end[0] | end[1] << 8 | end[2] << 16 | std::uint32_t{end[3]} << 24;
  if (crc32c(at.key, bytes) != stored) return damaged(table, at.key);
  return bytes;
}

Result<void> Records::put(TableId table, const Key& key, ByteView payload) {
  value_.assign(payload.begin(), payload.end());
  const std::uint32_t checksum = crc32c(key.view(), payload);
  for (int shift = 0; shift < 32; shift += 8) value_.push_back(static_cast<std::uint8_t>(checksum >> shift));
  SITEGATE_TRY(last, last_of(table));
  const bool beyond = !last->key || key_less(last->key->view(), key.view());
  const auto done = beyond ? transaction_.append(handle(table), key.view(), value_)
                           : transaction_.put(handle(table), key.view(), value_);
  if (!done) return store_error(done.error());
  if (beyond) last->key = key;
  return success();
}

Result<bool> Records::erase(TableId table, const Key& key) {
  const auto erased = transaction_.erase(handle(table), key.view());
  if (!erased) return store_error(erased.error());
  return erased.value();
}

Result<std::uint64_t> Records::count(TableId table) const {
  const auto count = transaction_.count(handle(table));
  if (!count) return store_error(count.error());
  return count.value();
}

Result<std::uint64_t> Records::bytes_used(TableId table) const {
  const auto bytes = transaction_.bytes_used(handle(table));
  if (!bytes) return store_error(bytes.error());
  return bytes.value();
}

Result<lmdb::Cursor> Records::cursor(TableId table) const {
  auto opened = lmdb::Cursor::open(transaction_, handle(table));
  if (!opened) return store_error(opened.error());
  return std::move(opened).value();
}

Result<Records::LastKey*> Records::last_of(TableId table) const {
  LastKey& last = last_keys_[static_cast<std::size_t>(table)];
  if (!last.known) {
    SITEGATE_TRY(key, last_key(table));
    last.key = key;
    last.known = true;
  }
  return &last;
}

Result<bool> Records::beyond_last(TableId table, ByteView key) const {
  if (!writing_) return false;
  SITEGATE_TRY(last, last_of(table));
  return !last->key || key_less(last->key->view(), key);
}

Result<std::optional<Key>> Records::first_key(TableId table) const {
  SITEGATE_TRY(moving, cursor(table));
  const auto at = moving.first();
  if (!at) return store_error(at.error());
  return at.value() ? std::optional(Key(at.value()->key)) : std::nullopt;
}

Result<std::optional<Key>> Records::last_key(TableId table) const {
  SITEGATE_TRY(moving, cursor(table));
  const auto at = moving.last();
  if (!at) return store_error(at.error());
  return at.value() ? std::optional(Key(at.value()->key)) : std::nullopt;
}

Result<void> Records::commit() {
  const auto done = transaction_.commit();
  if (!done) return store_error(done.error());
  return success();
}

}  // namespace sitegate::cloud
