#include "devices/tag/tag_store.hpp"

#include <algorithm>

namespace sitegate::devices::tag {
namespace {

/// A tag is 60 bytes, a link 44: room for some hundred thousand of either.
constexpr std::size_t map_size = 64u << 20;

/// What is kept of a tag.
struct Last {
  std::uint32_t counter = 0;
  UtcTime at{};
  Digest holder{};
};
constexpr std::size_t last_size = 4 + 8 + 32;
constexpr std::size_t guard_size = 4;

void put_time(Bytes& bytes, UtcTime time) {
  lmdb::put_big_endian(bytes, static_cast<std::uint64_t>(time.time_since_epoch().count()));
}

UtcTime get_time(ByteView bytes) {
  return UtcTime{
      std::chrono::milliseconds{static_cast<std::int64_t>(lmdb::get_big_endian<std::uint64_t>(bytes))}};
}

/// The value and a CRC-32C over key and value: a record that stands under another's key is found, too.
Bytes guarded(ByteView key, Bytes value) {
  lmdb::put_big_endian(value, crc32c(key, value));
  return value;
}

Result<ByteView> unguarded(ByteView key, ByteView record, std::size_t size) {
  if (record.size() != size + guard_size ||
      lmdb::get_big_endian<std::uint32_t>(record.subspan(size)) != crc32c(key, record.first(size)))
    return fail(TagErrc::damaged_record, "of " + to_hex(key));
  return record.first(size);
}

Bytes encode(ByteView key, const Last& last) {
  Bytes value;
  lmdb::put_big_endian(value, last.counter);
  put_time(value, last.at);
  value.insert(value.end(), last.holder.begin(), last.holder.end());
  return guarded(key, std::move(value));
}

Result<std::optional<Last>> last_of(const lmdb::Transaction& transaction, lmdb::Table table,
                                    const TagUid& uid) {
  SITEGATE_TRY(record, transaction.get(table, uid));
  if (!record) return std::optional<Last>{};
  SITEGATE_TRY(value, unguarded(uid, *record, last_size));
  Last last{lmdb::get_big_endian<std::uint32_t>(value), get_time(value.subspan(4)), {}};
  std::copy_n(value.begin() + 12, last.holder.size(), last.holder.begin());
  return std::optional(last);
}

CounterBook::Taken judge(const std::optional<Last>& last, const PiccData& tap, const Digest& holder,
                         UtcTime now, std::chrono::milliseconds again_for) {
  using News = CounterBook::News;
  if (!last || tap.counter > last->counter) return {News::fresh, now};
  // A clock that was set back must not make an old page new: the distance counts, not the order.
  const bool soon = now - last->at <= again_for && last->at - now <= again_for;
  const bool same = tap.counter == last->counter && holder == last->holder;
  return {same && soon ? News::again : News::replayed, last->at};
}

}  // namespace

Result<std::unique_ptr<TagStore>> TagStore::open(const std::filesystem::path& folder) {
  SITEGATE_TRY(environment, lmdb::Environment::open(folder, {.map_size = map_size, .tables_max = 4}));
  std::unique_ptr<TagStore> store(new TagStore(std::move(environment)));
  SITEGATE_TRY(counters, store->environment_->table("counters"));
  SITEGATE_TRY(links, store->environment_->table("links"));
  store->counters_ = counters;
  store->links_ = links;
  return store;
}

Result<CounterBook::Taken> TagStore::take(const PiccData& tap, const Digest& holder, UtcTime now,
                                          std::chrono::milliseconds again_for) {
  SITEGATE_TRY(transaction, environment_->begin_write());
  SITEGATE_TRY(last, last_of(transaction, counters_, tap.uid));
  const auto taken = judge(last, tap, holder, now, again_for);
  if (taken.news != News::fresh) return taken;
  SITEGATE_TRYV(transaction.put(counters_, tap.uid, encode(tap.uid, {tap.counter, now, holder})));
  SITEGATE_TRYV(transaction.commit());
  return taken;
}

Result<CounterBook::Taken> TagStore::look(const PiccData& tap, const Digest& holder, UtcTime now,
                                          std::chrono::milliseconds again_for) {
  SITEGATE_TRY(transaction, environment_->begin_read());
  SITEGATE_TRY(last, last_of(transaction, counters_, tap.uid));
  return judge(last, tap, holder, now, again_for);
}

Result<bool> TagStore::use(const Digest& link, UtcTime until, UtcTime now) {
  SITEGATE_TRY(transaction, environment_->begin_write());
  SITEGATE_TRY(known, transaction.get(links_, link));
  if (known) return false;
  SITEGATE_TRYV(forget_ended(transaction, now));
  Bytes value;
  put_time(value, until);
  SITEGATE_TRYV(transaction.put(links_, link, guarded(link, std::move(value))));
  SITEGATE_TRYV(transaction.commit());
  return true;
}

/// A damaged record stays: better a link that is refused for ever than one that works twice.
Result<void> TagStore::forget_ended(lmdb::Transaction& transaction, UtcTime now) {
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, links_));
  auto at = cursor.first();
  for (; at && at.value(); at = cursor.next()) {
    const auto value = unguarded(at.value()->key, at.value()->value, sizeof(std::uint64_t));
    if (!value || get_time(value.value()) >= now) continue;
    SITEGATE_TRYV(cursor.erase());
  }
  if (!at) return at.error();
  return success();
}

}  // namespace sitegate::devices::tag
