// What the outbox does to its tables inside one transaction.
#pragma once
#include "edge/outbox/records.hpp"

namespace sitegate::edge::tables {

/// The state as kept; counts and bytes are not filled in.
Result<OutboxState> kept_state(const lmdb::Transaction& transaction, const OutboxTables& tables);
Result<void> put_state(lmdb::Transaction& transaction, const OutboxTables& tables, const OutboxState& state);
/// The base of the epoch, and the epochs before it; nothing where there was one only.
Result<void> load_epochs(const lmdb::Transaction& transaction, const OutboxTables& tables,
                         OutboxState& state);
/// Raises the format's version, too.
Result<void> put_epochs(lmdb::Transaction& transaction, const OutboxTables& tables, const OutboxState& state);
/// nullopt in a database that was never finished being created; newer_format if it is not ours to read.
Result<std::optional<std::uint32_t>> format_of(const lmdb::Transaction& transaction,
                                               const OutboxTables& tables);

/// Pages that hold something, in bytes; free pages do not count.
Result<std::uint64_t> used_bytes(const lmdb::Transaction& transaction, const OutboxTables& tables);
/// Fills next_sequence, unsealed_count and pending_bytes in; `damaged` if the entries are not exactly those
/// behind sealed_through.
Result<void> measure(const lmdb::Transaction& transaction, const OutboxTables& tables, OutboxState& state);

Result<std::vector<OutboxEntry>> read_entries(const lmdb::Transaction& transaction,
                                              const OutboxTables& tables, Sequence from,
                                              std::size_t count_max, std::size_t bytes_max);
/// Erases the entries and returns how many bytes they held; damaged ones move to set_aside as they are.
Result<std::uint64_t> remove_entries(lmdb::Transaction& transaction, const OutboxTables& tables,
                                     Sequence first, Sequence through);

Result<void> put_batch(lmdb::Transaction& transaction, const OutboxTables& tables, const SealedBatch& batch,
                       ByteView envelope);
/// The batch that contains `sequence`, else the first behind it.
Result<std::optional<lmdb::KeyValue>> seek_batch(lmdb::Cursor& cursor, Sequence sequence);
Result<std::vector<SealedBatch>> read_batches(const lmdb::Transaction& transaction,
                                              const OutboxTables& tables, Sequence from,
                                              std::size_t count_max, std::size_t bytes_max);
/// Headers, at most `count_max`, of the batches that `through` covers wholly, from the one containing `from`
/// on; damaged ones are passed over.
Result<std::vector<records::BatchHeader>> headers_within(const lmdb::Transaction& transaction,
                                                         const OutboxTables& tables, Sequence from,
                                                         Sequence through, std::size_t count_max);
/// All batches behind `sequence`, in order. `damaged` if a header is.
Result<std::vector<records::BatchHeader>> headers_behind(const lmdb::Transaction& transaction,
                                                         const OutboxTables& tables, Sequence sequence);
/// Without its envelope if that is damaged.
Result<SealedBatch> batch_or_its_range(const lmdb::Transaction& transaction, const OutboxTables& tables,
                                       const records::BatchHeader& header);
/// Another envelope and hash under the same range, not receipted.
Result<void> replace_batch(lmdb::Transaction& transaction, const OutboxTables& tables,
                           const SealedBatch& batch, ByteView envelope);
/// The oldest batches, as far as sealing and receipt are at `until` or before: at most one small
/// transaction's worth. A damaged header goes with the intact one behind it.
Result<std::vector<Sequence>> expirable(const lmdb::Transaction& transaction, const OutboxTables& tables,
                                        UtcTime until);
Result<void> erase_batch(lmdb::Transaction& transaction, const OutboxTables& tables, Sequence first);

/// What a device called the event, both ways: to find it, and to forget it with its batch. An entry may have
/// several names. An empty one, or one that is taken, changes nothing.
Result<void> put_event(lmdb::Transaction& transaction, const OutboxTables& tables, std::string_view event,
                       Sequence sequence);
Result<std::optional<Sequence>> find_event(const lmdb::Transaction& transaction, const OutboxTables& tables,
                                           std::string_view event);

}  // namespace sitegate::edge::tables
