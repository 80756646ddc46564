// A list of entries sorted by technician number, cut into chunks of bounded size: a site with 5,000 people
// costs a write of one chunk when one of them comes, not a rewrite of the list. A chunk's key is the list's
// key followed by the lowest technician number it may hold; the first chunk's is 0.
#pragma once
#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include "cloud/store/lmdb/record.hpp"
#include "cloud/store/lmdb/records.hpp"

namespace sitegate::cloud {

/// Form gives: type Entry with member `technician`; constant entries_max;
/// static void encode(std::span<const Entry>, RecordWriter&); static bool decode(ByteView,
/// std::vector<Entry>&).
template <typename Form>
class Chunks {
 public:
  using Entry = typename Form::Entry;
  Chunks(const Records& records, TableId table) : records_(&records), table_(table) {}

  Result<std::optional<Entry>> find(const Key& list, Number technician) const {
    SITEGATE_TRY(chunk, locate(list, technician));
    const auto at = lower_bound(chunk.entries, technician);
    if (at == chunk.entries.end() || at->technician != technician) return std::optional<Entry>{};
    return std::optional<Entry>(*at);
  }

  /// In order of technician number.
  Result<std::vector<Entry>> all(const Key& list) const {
    std::vector<Entry> entries;
    std::vector<Entry> chunk;
    SITEGATE_TRYV(records_->scan(table_, list, [&](ByteView key, ByteView payload) -> Result<bool> {
      if (!Form::decode(payload, chunk)) return damaged(table_, key);
      entries.insert(entries.end(), chunk.begin(), chunk.end());
      return true;
    }));
    return entries;
  }

  /// `incoming` sorted by technician, no two equal. join(const Entry* existing, const Entry& incoming) ->
  /// Entry.
  template <typename Join>
  Result<void> upsert(Records& writer, const Key& list, std::span<const Entry> incoming, Join&& join) const {
    while (!incoming.empty()) {
      SITEGATE_TRY(chunk, locate(list, incoming.front().technician));
      const auto end = std::find_if(incoming.begin(), incoming.end(),
                                    [&](const Entry& entry) { return entry.technician >= chunk.next_first; });
      const auto count = static_cast<std::size_t>(end - incoming.begin());
      const auto joined = join_sorted(chunk.entries, incoming.first(count), join);
      if (joined != chunk.entries) {
        SITEGATE_TRYV(write(writer, list, chunk.first, joined));
      }
      incoming = incoming.subspan(count);
    }
    return success();
  }

 private:
  struct Chunk {
    Number first = 0;
    std::uint64_t next_first = std::uint64_t{1} << 32;
    std::vector<Entry> entries;
  };

  static auto lower_bound(const std::vector<Entry>& entries, Number technician) {
    return std::lower_bound(entries.begin(), entries.end(), technician,
                            [](const Entry& entry, Number wanted) { return entry.technician < wanted; });
  }

  static Number first_of(ByteView key) { return lmdb::get_big_endian<Number>(key.last(sizeof(Number))); }

  /// The chunk that holds, or would hold, the technician; empty if the list is.
  Result<Chunk> locate(const Key& list, Number technician) const {
    Chunk chunk;
    SITEGATE_TRY(beyond, records_->beyond_last(table_, Key(list).u32(0).view()));
    if (beyond) return chunk;
    SITEGATE_TRY(cursor, records_->cursor(table_));
    auto at = cursor.at_or_after(Key(list).u32(technician).view());
    if (!at) return store_error(at.error());
    const bool in_list = at.value() && starts_with(at.value()->key, list.view());
    if (!in_list || first_of(at.value()->key) != technician) {
      if (in_list) chunk.next_first = first_of(at.value()->key);
      at = at.value() ? cursor.previous() : cursor.last();
      if (!at) return store_error(at.error());
      if (!at.value() || !starts_with(at.value()->key, list.view())) return chunk;
    } else {
      auto next = cursor.next();
      if (!next) return store_error(next.error());
      if (next.value() && starts_with(next.value()->key, list.view()))
        chunk.next_first = first_of(next.value()->key);
    }
    return read(*at.value(), std::move(chunk));
  }

  Result<Chunk> read(const lmdb::KeyValue& at, Chunk chunk) const {
    SITEGATE_TRY(payload, records_->payload(table_, at));
    if (!Form::decode(payload, chunk.entries)) return damaged(table_, at.key);
    chunk.first = first_of(at.key);
    return chunk;
  }

  template <typename Join>
  static std::vector<Entry> join_sorted(const std::vector<Entry>& existing, std::span<const Entry> incoming,
                                        Join& join) {
    std::vector<Entry> joined;
    joined.reserve(existing.size() + incoming.size());
    auto at = existing.begin();
    for (const Entry& entry : incoming) {
      while (at != existing.end() && at->technician < entry.technician) joined.push_back(*at++);
      const bool exists = at != existing.end() && at->technician == entry.technician;
      joined.push_back(join(exists ? &*at : nullptr, entry));
      if (exists) ++at;
    }
    joined.insert(joined.end(), at, existing.end());
    return joined;
  }

  /// In pieces of even size; the first keeps the chunk's key.
  Result<void> write(Records& writer, const Key& list, Number first,
                     const std::vector<Entry>& entries) const {
    const std::size_t pieces = (entries.size() + Form::entries_max - 1) / Form::entries_max;
    RecordWriter record;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      const std::size_t begin = entries.size() * piece / pieces;
      const std::size_t end = entries.size() * (piece + 1) / pieces;
      Form::encode(std::span(entries).subspan(begin, end - begin), record);
      const Number key_first = piece == 0 ? first : entries[begin].technician;
      SITEGATE_TRYV(writer.put(table_, Key(list).u32(key_first), record.view()));
    }
    return success();
  }

  const Records* records_;
  TableId table_;
};

/// Table site_months: who was on a site in a month, and on which days.
struct SiteMonthForm {
  struct Entry {
    Number technician = 0;
    std::uint32_t days = 0;  ///< bit 0 = the first of the month
    bool operator==(const Entry&) const = default;
  };
  static constexpr std::size_t entries_max = 64;
  static void encode(std::span<const Entry> entries, RecordWriter& record);
  static bool decode(ByteView bytes, std::vector<Entry>& entries);
};

/// Table rosters: a site's roster entries with the roster version that last changed each; removed ones stay
/// as marks, so that a gateway can be told.
struct RosterForm {
  struct Entry {
    Number technician = 0;
    bool removed = false;
    Number company = 0;
    TradeCode trade = 0;
    Position position = Position::none;
    std::int32_t from = 0;   ///< days since 1970
    std::int32_t until = 0;  ///< days since 1970
    std::uint64_t version = 0;
    bool operator==(const Entry&) const = default;
    [[nodiscard]] bool says_the_same(const Entry& other) const {
      Entry same_version = other;
      same_version.version = version;
      return *this == same_version;
    }
  };
  static constexpr std::size_t entries_max = 32;
  static void encode(std::span<const Entry> entries, RecordWriter& record);
  static bool decode(ByteView bytes, std::vector<Entry>& entries);
};

using SiteMonths = Chunks<SiteMonthForm>;
using Rosters = Chunks<RosterForm>;

/// Table technician_sites: the sites on whose rosters a technician stands or stood, rising.
void encode_sites(std::span<const Number> sites, RecordWriter& record);
bool decode_sites(ByteView bytes, std::vector<Number>& sites);

}  // namespace sitegate::cloud
