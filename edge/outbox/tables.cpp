#include "edge/outbox/tables.hpp"

#include <algorithm>

namespace sitegate::edge::tables {
namespace {

using records::BatchHeader;

/// Pages of LMDB's own: its two tables of tables and of free pages, and what a transaction copies of them.
constexpr std::uint64_t own_pages_bytes = std::uint64_t{16} * 4096;
/// Expiring frees at most this many pieces of envelopes at a time (128 pages), well inside the reserve.
constexpr std::size_t expire_pieces_max = 256;
constexpr std::size_t expire_batches_max = 64;

Error damaged(const std::string& what, Sequence sequence) {
  return fail(OutboxErrc::damaged, what + " " + std::to_string(sequence));
}

std::size_t piece_count(std::size_t envelope_size) {
  return (envelope_size + records::piece_size - 1) / records::piece_size;
}

Result<Bytes> read_envelope(const lmdb::Transaction& transaction, const OutboxTables& tables,
                            const BatchHeader& header) {
  Bytes envelope;
  envelope.reserve(header.envelope_size);
  for (std::uint32_t piece = 0; piece < piece_count(header.envelope_size); ++piece) {
    const Bytes key = records::piece_key(header.first, piece);
    SITEGATE_TRY(record, transaction.get(tables.envelopes, key));
    const auto payload = record ? records::unguard(key, *record) : std::nullopt;
    if (!payload) return damaged("piece " + std::to_string(piece) + " of the batch at", header.first);
    envelope.insert(envelope.end(), payload->begin(), payload->end());
  }
  if (envelope.size() != header.envelope_size) return damaged("size of the batch at", header.first);
  return envelope;
}

Result<std::uint64_t> entry_bytes(const lmdb::Transaction& transaction, const OutboxTables& tables) {
  std::uint64_t bytes = 0;
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.entries));
  auto item = cursor.first();
  for (; item && item.value(); item = cursor.next())
    bytes += item.value()->value.size() - records::checksum_size;
  SITEGATE_TRYV(item);
  return bytes;
}

/// Receipts cover the oldest batches, so the newest come first here and the first receipted one ends the
/// search.
Result<std::uint64_t> unreceipted_bytes(const lmdb::Transaction& transaction, const OutboxTables& tables) {
  std::uint64_t bytes = 0;
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.batches));
  auto item = cursor.last();
  for (; item && item.value(); item = cursor.previous()) {
    const auto header = records::decode_batch_header(item.value()->key, item.value()->value);
    if (header && header->receipted_at) break;
    if (header) bytes += header->envelope_size;
  }
  SITEGATE_TRYV(item);
  return bytes;
}

Result<SealedBatch> read_batch(const lmdb::Transaction& transaction, const OutboxTables& tables,
                               const lmdb::KeyValue& item) {
  const auto header = records::decode_batch_header(item.key, item.value);
  if (!header) return damaged("header of the batch at", lmdb::get_big_endian<std::uint64_t>(item.key));
  SITEGATE_TRY(envelope, read_envelope(transaction, tables, *header));
  return SealedBatch{header->first,        header->through, header->sealed_at,
                     header->receipted_at, header->hash,    std::move(envelope)};
}

}  // namespace

Result<OutboxState> kept_state(const lmdb::Transaction& transaction, const OutboxTables& tables) {
  SITEGATE_TRY(record, transaction.get(tables.meta, records::state_key));
  const auto state = record ? records::decode_state(*record) : std::nullopt;
  if (!state) return fail(OutboxErrc::damaged, "the outbox's own state; rename its folder and start another");
  return *state;
}

Result<void> put_state(lmdb::Transaction& transaction, const OutboxTables& tables, const OutboxState& state) {
  return transaction.put(tables.meta, records::state_key, records::encode(state));
}

Result<std::optional<std::uint32_t>> format_of(const lmdb::Transaction& transaction,
                                               const OutboxTables& tables) {
  SITEGATE_TRY(record, transaction.get(tables.meta, records::format_key));
  if (!record) return std::optional<std::uint32_t>{};
  if (record->size() < sizeof(std::uint32_t)) return fail(OutboxErrc::damaged, "the format's version");
  const auto version = lmdb::get_big_endian<std::uint32_t>(*record);
  if (version == records::format_version || version == records::format_version_epochs)
    return std::optional<std::uint32_t>{version};
  return fail(OutboxErrc::newer_format, "version " + std::to_string(version) + ", this program knows " +
                                            std::to_string(records::format_version_epochs));
}

Result<void> load_epochs(const lmdb::Transaction& transaction, const OutboxTables& tables,
                         OutboxState& state) {
  SITEGATE_TRY(record, transaction.get(tables.meta, records::epochs_key));
  if (!record || records::decode_epochs(*record, state)) return success();
  return fail(OutboxErrc::damaged, "the outbox's epochs; rename its folder and start another");
}

Result<void> put_epochs(lmdb::Transaction& transaction, const OutboxTables& tables,
                        const OutboxState& state) {
  SITEGATE_TRYV(transaction.put(tables.meta, records::epochs_key, records::encode_epochs(state)));
  Bytes version;
  lmdb::put_big_endian(version, records::format_version_epochs);
  return transaction.put(tables.meta, records::format_key, version);
}

Result<std::uint64_t> used_bytes(const lmdb::Transaction& transaction, const OutboxTables& tables) {
  std::uint64_t bytes = own_pages_bytes;
  for (const lmdb::Table table : {tables.meta, tables.entries, tables.batches, tables.envelopes,
                                  tables.set_aside, tables.events, tables.event_keys}) {
    SITEGATE_TRY(used, transaction.bytes_used(table));
    bytes += used;
  }
  return bytes;
}

Result<void> measure(const lmdb::Transaction& transaction, const OutboxTables& tables, OutboxState& state) {
  SITEGATE_TRY(count, transaction.count(tables.entries));
  state.next_sequence = state.sealed_through + count + 1;
  state.unsealed_count = count;
  if (count > 0) {
    SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.entries));
    SITEGATE_TRY(first, cursor.first());
    if (lmdb::get_big_endian<std::uint64_t>(first->key) != state.sealed_through + 1)
      return damaged("the entries do not begin with", state.sealed_through + 1);
    SITEGATE_TRY(last, cursor.last());
    if (lmdb::get_big_endian<std::uint64_t>(last->key) != state.sealed_through + count)
      return damaged("the entries do not end with", state.sealed_through + count);
  }
  SITEGATE_TRY(unsealed_bytes, entry_bytes(transaction, tables));
  SITEGATE_TRY(sealed_bytes, unreceipted_bytes(transaction, tables));
  state.pending_bytes = unsealed_bytes + sealed_bytes;
  return success();
}

Result<std::vector<OutboxEntry>> read_entries(const lmdb::Transaction& transaction,
                                              const OutboxTables& tables, Sequence from,
                                              std::size_t count_max, std::size_t bytes_max) {
  std::vector<OutboxEntry> entries;
  SITEGATE_TRY(state, kept_state(transaction, tables));
  Sequence expected = std::max(from, state.sealed_through + 1);
  std::size_t bytes = 0;
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.entries));
  auto item = cursor.at_or_after(records::sequence_key(expected));
  for (; item && item.value() && entries.size() < count_max; item = cursor.next(), ++expected) {
    const auto payload = records::unguard(records::sequence_key(expected), item.value()->value);
    if (!payload && entries.empty()) return damaged("entry", expected);
    if (!payload || (!entries.empty() && bytes + payload->size() > bytes_max)) return entries;
    bytes += payload->size();
    entries.push_back({expected, to_bytes(*payload)});
  }
  SITEGATE_TRYV(item);
  return entries;
}

Result<std::uint64_t> remove_entries(lmdb::Transaction& transaction, const OutboxTables& tables,
                                     Sequence first, Sequence through) {
  std::uint64_t bytes = 0;
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.entries));
  auto item = cursor.at_or_after(records::sequence_key(first));
  for (Sequence sequence = first; sequence <= through; ++sequence, item = cursor.next()) {
    SITEGATE_TRY(found, item);
    if (!found) return damaged("missing entry", sequence);
    const Bytes key = records::sequence_key(sequence);
    bytes += found->value.size() - records::checksum_size;
    if (!records::unguard(key, found->value)) {
      SITEGATE_TRYV(transaction.put(tables.set_aside, key, to_bytes(found->value)));
    }
    SITEGATE_TRYV(cursor.erase());
  }
  return bytes;
}

Result<void> put_batch(lmdb::Transaction& transaction, const OutboxTables& tables, const SealedBatch& batch,
                       ByteView envelope) {
  const BatchHeader header{batch.first,  batch.through, batch.sealed_at,
                           std::nullopt, batch.hash,    static_cast<std::uint32_t>(envelope.size())};
  SITEGATE_TRYV(
      transaction.append(tables.batches, records::sequence_key(batch.first), records::encode(header)));
  for (std::uint32_t piece = 0; piece < piece_count(envelope.size()); ++piece) {
    const std::size_t offset = piece * records::piece_size;
    const ByteView part = envelope.subspan(offset, std::min(records::piece_size, envelope.size() - offset));
    const Bytes key = records::piece_key(batch.first, piece);
    SITEGATE_TRYV(transaction.append(tables.envelopes, key, records::guard(key, part)));
  }
  return success();
}

Result<std::optional<lmdb::KeyValue>> seek_batch(lmdb::Cursor& cursor, Sequence sequence) {
  const Bytes key = records::sequence_key(sequence);
  SITEGATE_TRY(at_or_after, cursor.at_or_after(key));
  if (at_or_after && lmdb::get_big_endian<std::uint64_t>(at_or_after->key) == sequence) return at_or_after;
  SITEGATE_TRY(before, at_or_after ? cursor.previous() : cursor.last());
  if (!before) return cursor.first();
  const auto header = records::decode_batch_header(before->key, before->value);
  if (header && header->through < sequence) return cursor.next();
  return before;
}

Result<std::vector<SealedBatch>> read_batches(const lmdb::Transaction& transaction,
                                              const OutboxTables& tables, Sequence from,
                                              std::size_t count_max, std::size_t bytes_max) {
  std::vector<SealedBatch> batches;
  SITEGATE_TRY(state, kept_state(transaction, tables));
  if (from > state.sealed_through) return batches;
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.batches));
  std::size_t bytes = 0;
  auto item = seek_batch(cursor, std::max<Sequence>(from, 1));
  for (; item && item.value() && batches.size() < count_max; item = cursor.next()) {
    auto batch = read_batch(transaction, tables, *item.value());
    if (!batch && batches.empty()) return batch.error();
    if (!batch || (!batches.empty() && bytes + batch.value().envelope.size() > bytes_max)) return batches;
    bytes += batch.value().envelope.size();
    batches.push_back(std::move(batch).value());
  }
  SITEGATE_TRYV(item);
  return batches;
}

Result<std::vector<BatchHeader>> headers_within(const lmdb::Transaction& transaction,
                                                const OutboxTables& tables, Sequence from, Sequence through,
                                                std::size_t count_max) {
  std::vector<BatchHeader> headers;
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.batches));
  auto item = seek_batch(cursor, from);
  for (; item && item.value() && headers.size() < count_max; item = cursor.next()) {
    const auto header = records::decode_batch_header(item.value()->key, item.value()->value);
    if (header && header->through > through) break;
    if (header) headers.push_back(*header);
  }
  SITEGATE_TRYV(item);
  return headers;
}

Result<std::vector<BatchHeader>> headers_behind(const lmdb::Transaction& transaction,
                                                const OutboxTables& tables, Sequence sequence) {
  std::vector<BatchHeader> headers;
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.batches));
  auto item = cursor.at_or_after(records::sequence_key(sequence + 1));
  for (; item && item.value(); item = cursor.next()) {
    const auto header = records::decode_batch_header(item.value()->key, item.value()->value);
    if (!header)
      return damaged("header of the batch at", lmdb::get_big_endian<std::uint64_t>(item.value()->key));
    headers.push_back(*header);
  }
  SITEGATE_TRYV(item);
  return headers;
}

Result<SealedBatch> batch_or_its_range(const lmdb::Transaction& transaction, const OutboxTables& tables,
                                       const BatchHeader& header) {
  auto envelope = read_envelope(transaction, tables, header);
  if (!envelope && !is(envelope.error(), OutboxErrc::damaged)) return envelope.error();
  return SealedBatch{header.first, header.through, header.sealed_at,
                     std::nullopt, header.hash,    envelope ? std::move(envelope).value() : Bytes{}};
}

Result<void> erase_pieces(lmdb::Transaction& transaction, const OutboxTables& tables, Sequence first) {
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.envelopes));
  auto item = cursor.at_or_after(records::piece_key(first, 0));
  for (; item && item.value(); item = cursor.next()) {
    if (lmdb::get_big_endian<std::uint64_t>(item.value()->key) != first) break;
    SITEGATE_TRYV(cursor.erase());
  }
  SITEGATE_TRYV(item);
  return success();
}

Result<void> replace_batch(lmdb::Transaction& transaction, const OutboxTables& tables,
                           const SealedBatch& batch, ByteView envelope) {
  SITEGATE_TRYV(erase_pieces(transaction, tables, batch.first));
  const BatchHeader header{batch.first,  batch.through, batch.sealed_at,
                           std::nullopt, batch.hash,    static_cast<std::uint32_t>(envelope.size())};
  SITEGATE_TRYV(transaction.put(tables.batches, records::sequence_key(batch.first), records::encode(header)));
  for (std::uint32_t piece = 0; piece < piece_count(envelope.size()); ++piece) {
    const std::size_t offset = piece * records::piece_size;
    const ByteView part = envelope.subspan(offset, std::min(records::piece_size, envelope.size() - offset));
    const Bytes key = records::piece_key(batch.first, piece);
    SITEGATE_TRYV(transaction.put(tables.envelopes, key, records::guard(key, part)));
  }
  return success();
}

Result<std::vector<Sequence>> expirable(const lmdb::Transaction& transaction, const OutboxTables& tables,
                                        UtcTime until) {
  std::vector<Sequence> chosen;
  std::vector<Sequence> unreadable;
  std::size_t pieces = 0;
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.batches));
  auto item = cursor.first();
  for (; item && item.value() && pieces < expire_pieces_max && chosen.size() < expire_batches_max;
       item = cursor.next()) {
    const auto header = records::decode_batch_header(item.value()->key, item.value()->value);
    if (!header) {
      unreadable.push_back(lmdb::get_big_endian<std::uint64_t>(item.value()->key));
      continue;
    }
    if (!header->receipted_at || std::max(header->sealed_at, *header->receipted_at) > until) break;
    chosen.insert(chosen.end(), unreadable.begin(), unreadable.end());
    unreadable.clear();
    chosen.push_back(header->first);
    pieces += piece_count(header->envelope_size);
  }
  SITEGATE_TRYV(item);
  return chosen;
}

/// Events up to `through` go with the batch: batches are erased oldest first.
Result<void> erase_events(lmdb::Transaction& transaction, const OutboxTables& tables, Sequence through) {
  SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables.event_keys));
  auto item = cursor.first();
  for (; item && item.value(); item = cursor.next()) {
    if (lmdb::get_big_endian<std::uint64_t>(item.value()->key) > through) break;
    SITEGATE_TRYV(transaction.erase(tables.events, to_bytes(item.value()->value)));
    SITEGATE_TRYV(cursor.erase());
  }
  SITEGATE_TRYV(item);
  return success();
}

Result<void> erase_batch(lmdb::Transaction& transaction, const OutboxTables& tables, Sequence first) {
  SITEGATE_TRY(record, transaction.get(tables.batches, records::sequence_key(first)));
  const auto header =
      record ? records::decode_batch_header(records::sequence_key(first), *record) : std::nullopt;
  SITEGATE_TRYV(erase_events(transaction, tables, header ? header->through : first));
  SITEGATE_TRYV(transaction.erase(tables.batches, records::sequence_key(first)));
  return erase_pieces(transaction, tables, first);
}

Result<void> put_event(lmdb::Transaction& transaction, const OutboxTables& tables, std::string_view event,
                       Sequence sequence) {
  if (event.empty()) return success();
  SITEGATE_TRY(taken, transaction.get(tables.events, as_bytes(event)));
  if (taken) return success();
  const Bytes value = records::sequence_key(sequence);
  SITEGATE_TRYV(transaction.put(tables.events, as_bytes(event), records::guard(as_bytes(event), value)));
  for (std::uint8_t place = 0;; ++place) {
    const Bytes key = records::event_key(sequence, place);
    SITEGATE_TRY(used, transaction.get(tables.event_keys, key));
    if (!used) return transaction.put(tables.event_keys, key, as_bytes(event));
    if (place == records::event_place_max) return fail(OutboxErrc::too_large, "too many names of one entry");
  }
}

Result<std::optional<Sequence>> find_event(const lmdb::Transaction& transaction, const OutboxTables& tables,
                                           std::string_view event) {
  SITEGATE_TRY(record, transaction.get(tables.events, as_bytes(event)));
  if (!record) return std::optional<Sequence>{};
  const auto sequence = records::unguard(as_bytes(event), *record);
  if (!sequence || sequence->size() != sizeof(Sequence))
    return fail(OutboxErrc::damaged, "event " + std::string(event));
  return std::optional<Sequence>{lmdb::get_big_endian<std::uint64_t>(*sequence)};
}

}  // namespace sitegate::edge::tables
