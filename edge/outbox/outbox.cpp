#include "edge/outbox/outbox.hpp"

#include <algorithm>

#include "edge/outbox/tables.hpp"

namespace sitegate::edge {

const char* errc_category(OutboxErrc) {
  return "outbox";
}

std::string_view errc_text(OutboxErrc what) {
  switch (what) {
    case OutboxErrc::full:
      return "the outbox is full; send what it holds, or give it a larger map or disk";
    case OutboxErrc::failed:
      return "writing to the disk failed, nothing more is accepted; check the disk, open again";
    case OutboxErrc::damaged:
      return "a record is damaged";
    case OutboxErrc::newer_format:
      return "written by a newer version; install that version again";
    case OutboxErrc::in_use:
      return "another process has this outbox open";
    case OutboxErrc::too_large:
      return "the bytes are empty or above the limit";
    case OutboxErrc::out_of_order:
      return "not the next range to seal";
    case OutboxErrc::receipt_beyond:
      return "receipt for what was never sent";
    case OutboxErrc::read_only:
      return "opened for reading only";
    case OutboxErrc::bad_setting:
      return "a setting is out of its range";
    case OutboxErrc::removed:
      return "the outbox's file was removed; let the gateway send what it holds, then start it again";
    case OutboxErrc::storage:
      return "the database refused";
  }
  return "unknown";
}

namespace {

/// More than an entry can take: its page, and the pages a split copies.
constexpr std::size_t append_room = std::size_t{16} * 1024;
/// Headers a receipt marks in one transaction; 64 bytes each.
constexpr std::size_t receipt_headers_max = 256;

Result<void> check(const OutboxOptions& options) {
  if (options.reserve < outbox_reserve_min)
    return fail(OutboxErrc::bad_setting, "reserve is below " + std::to_string(outbox_reserve_min));
  if (options.map_size / 4 < options.reserve)
    return fail(OutboxErrc::bad_setting, "map_size is below 4 × reserve");
  return success();
}

Result<void> check_size(std::string_view what, std::size_t size, std::size_t size_max) {
  if (size > 0 && size <= size_max) return success();
  return fail(OutboxErrc::too_large, std::string(what) + " of " + std::to_string(size) + " bytes, 1 to " +
                                         std::to_string(size_max) + " allowed");
}

Result<void> check_event(std::string_view event) {
  if (event.size() <= outbox_event_size_max) return success();
  return fail(OutboxErrc::too_large, "an event's name of " + std::to_string(event.size()) + " bytes");
}

Result<void> check_next_range(const OutboxState& state, Sequence first, Sequence through) {
  if (first == state.sealed_through + 1 && through >= first && through < state.next_sequence)
    return success();
  return fail(OutboxErrc::out_of_order, std::to_string(first) + " to " + std::to_string(through) + ", held " +
                                            std::to_string(state.sealed_through + 1) + " to " +
                                            std::to_string(state.next_sequence - 1));
}

lmdb::Options database_options(const OutboxOptions& options, bool read_only) {
  lmdb::Options database;
  database.map_size = options.map_size;
  database.read_only = read_only;
  database.sync = options.sync;
  return database;
}

bool from_database(const Error& error) {
  return error.code.category() == EnumCategory<lmdb::Errc>::instance();
}

}  // namespace

// ---- opening ----

Outbox::Outbox(std::filesystem::path folder, FolderLock lock, std::unique_ptr<lmdb::Environment> environment,
               const OutboxOptions& options)
    : folder_(std::move(folder)),
      options_(options),
      lock_(std::move(lock)),
      environment_(std::move(environment)) {}

Result<std::unique_ptr<Outbox>> Outbox::open(const std::filesystem::path& folder,
                                             const OutboxOptions& options, Random& chance) {
  SITEGATE_TRYV(check(options));
  SITEGATE_TRY(lock, FolderLock::take(folder));
  if (!lock.held()) return fail(OutboxErrc::in_use, folder.string());
  return prepare(std::move(lock), folder, options, &chance);
}

Result<std::unique_ptr<Outbox>> Outbox::open_read_only(const std::filesystem::path& folder) {
  return prepare(FolderLock(), folder, OutboxOptions{}, nullptr);
}

Result<std::unique_ptr<Outbox>> Outbox::prepare(FolderLock lock, const std::filesystem::path& folder,
                                                const OutboxOptions& options, Random* chance) {
  SITEGATE_TRY(environment, lmdb::Environment::open(folder, database_options(options, chance == nullptr)));
  std::unique_ptr<Outbox> outbox(new Outbox(folder, std::move(lock), std::move(environment), options));
  if (auto opened = outbox->open_tables(chance); !opened) {
    Error error = opened.error();
    error.detail = folder.string() + ": " + error.detail;
    return error;
  }
  return outbox;
}

/// Nothing but `meta` is opened, and so created, before the format is known.
Result<void> Outbox::open_tables(Random* chance) {
  SITEGATE_TRY(meta, environment_->table("meta"));
  tables_.meta = meta;
  bool fresh = false;
  {
    SITEGATE_TRY(transaction, environment_->begin_read());
    SITEGATE_TRY(format, tables::format_of(transaction, tables_));
    fresh = !format;
  }
  for (const auto& [name, table] : {std::pair{"entries", &tables_.entries},
                                    {"batches", &tables_.batches},
                                    {"envelopes", &tables_.envelopes},
                                    {"set_aside", &tables_.set_aside},
                                    {"events", &tables_.events},
                                    {"event_keys", &tables_.event_keys}}) {
    SITEGATE_TRY(opened, environment_->table(name));
    *table = opened;
  }
  if (fresh && chance != nullptr) {
    SITEGATE_TRYV(create(*chance));
  }
  return load();
}

Result<void> Outbox::create(Random& chance) {
  OutboxState state;
  while (state.epoch == 0) state.epoch = chance();
  SITEGATE_TRY(transaction, environment_->begin_write());
  SITEGATE_TRY(count, transaction.count(tables_.entries));
  if (count > 0) return fail(OutboxErrc::damaged, "entries without a format version");
  Bytes version;
  lmdb::put_big_endian(version, records::format_version);
  SITEGATE_TRYV(transaction.put(tables_.meta, records::format_key, version));
  SITEGATE_TRYV(tables::put_state(transaction, tables_, state));
  return transaction.commit();
}

Result<void> Outbox::load() {
  SITEGATE_TRY(transaction, environment_->begin_read());
  SITEGATE_TRY(state, tables::kept_state(transaction, tables_));
  SITEGATE_TRYV(tables::load_epochs(transaction, tables_, state));
  SITEGATE_TRYV(tables::measure(transaction, tables_, state));
  SITEGATE_TRY(used, tables::used_bytes(transaction, tables_));
  state.used_bytes = used;
  state.map_bytes = environment_->usage().map_bytes;
  const std::uint64_t kept_free = options_.reserve + append_room;
  state.room_bytes = state.map_bytes > kept_free ? state.map_bytes - kept_free : 1;
  return state_.with([&](OutboxState& held) -> Result<void> {
    const bool went_over =
        std::ranges::any_of(state.ended, [&](const EndedEpoch& ended) { return ended.epoch == held.epoch; });
    if (held.epoch != 0 && held.epoch != state.epoch && !went_over)
      return fail(OutboxErrc::damaged,
                  "another outbox lies in the place of epoch " + std::to_string(held.epoch));
    state.failure = held.failure;
    held = std::move(state);
    return success();
  });
}

// ---- writing ----

template <typename Work>
std::invoke_result_t<Work, lmdb::Transaction&, OutboxState&> Outbox::write(Work work) {
  const std::lock_guard lock(writing_);
  auto done = write_locked(std::move(work));
  if (!done) return failure_of(done.error());
  return done;
}

template <typename Work>
std::invoke_result_t<Work, lmdb::Transaction&, OutboxState&> Outbox::write_locked(Work work) {
  OutboxState next = state();
  if (!next.failure.empty()) return fail(OutboxErrc::failed, next.failure);
  if (environment_->read_only()) return fail(OutboxErrc::read_only);
  SITEGATE_TRY(transaction, environment_->begin_write());
  auto done = work(transaction, next);
  if (!done) return done;
  SITEGATE_TRY(used, tables::used_bytes(transaction, tables_));
  next.used_bytes = used;
  SITEGATE_TRYV(transaction.commit());
  state_.with([&](OutboxState& held) { held = std::move(next); });
  return done;
}

template <typename Work>
std::invoke_result_t<Work, const lmdb::Transaction&> Outbox::read(Work work) const {
  const std::shared_lock lock(opening_);
  if (!environment_) return fail(OutboxErrc::failed, state().failure);
  SITEGATE_TRY(transaction, environment_->begin_read());
  return work(transaction);
}

/// The database's errors in the outbox's words; a failed commit is remembered until recover().
Error Outbox::failure_of(const Error& error) {
  if (from_database(error) && environment_->failed()) {
    state_.with([&](OutboxState& held) { held.failure = error.text(); });
    return fail(OutboxErrc::failed, error.text());
  }
  if (is(error, lmdb::Errc::full) || is(error, OutboxErrc::full) || is(error, OutboxErrc::removed)) {
    state_.with([&](OutboxState& held) { held.refusal = error.text(); });
    return from_database(error) ? fail(OutboxErrc::full, error.text()) : error;
  }
  return from_database(error) ? fail(OutboxErrc::storage, error.text()) : error;
}

Result<void> Outbox::check_room(const OutboxState& state, std::size_t reserve, std::size_t wanted) const {
  if (state.used_bytes + wanted + reserve <= state.map_bytes) return success();
  return fail(OutboxErrc::full, std::to_string(state.used_bytes) + " of " + std::to_string(state.map_bytes) +
                                    " bytes in use, " + std::to_string(reserve) + " kept for sending");
}

/// In the map, and on the disk: what others fill cannot keep this outbox from sending and forgetting.
Result<void> Outbox::room_to_append(const OutboxState& state) const {
  SITEGATE_TRYV(check_room(state, options_.reserve, append_room));
  if (options_.sync && !environment_->in_place()) return fail(OutboxErrc::removed, folder_.string());
  return options_.sync ? environment_->keep_room(options_.reserve + append_room) : success();
}

Result<Sequence> Outbox::append(ByteView bytes, std::string_view event) {
  return append(bytes, std::vector<std::string>{std::string(event)});
}

Result<Sequence> Outbox::append(ByteView bytes, const std::vector<std::string>& events) {
  SITEGATE_TRYV(check_size("an entry", bytes.size(), outbox_entry_size_max));
  for (const auto& event : events) {
    SITEGATE_TRYV(check_event(event));
  }
  return write([&](lmdb::Transaction& transaction, OutboxState& next) {
    return append_entry(transaction, next, bytes, events);
  });
}

Result<Sequence> Outbox::append_entry(lmdb::Transaction& transaction, OutboxState& next, ByteView bytes,
                                      const std::vector<std::string>& events) {
  SITEGATE_TRYV(room_to_append(next));
  next.refusal.clear();
  const Bytes key = records::sequence_key(next.next_sequence);
  SITEGATE_TRYV(transaction.append(tables_.entries, key, records::guard(key, bytes)));
  for (const auto& event : events) {
    SITEGATE_TRYV(tables::put_event(transaction, tables_, event, next.next_sequence));
  }
  ++next.unsealed_count;
  next.pending_bytes += bytes.size();
  return next.next_sequence++;
}

Result<bool> Outbox::amend(Sequence sequence, ByteView bytes, std::string_view event) {
  SITEGATE_TRYV(check_size("an entry", bytes.size(), outbox_entry_size_max));
  SITEGATE_TRYV(check_event(event));
  return write([&](lmdb::Transaction& transaction, OutboxState& next) -> Result<bool> {
    if (sequence <= next.sealed_through || sequence >= next.next_sequence) return false;
    SITEGATE_TRYV(check_room(next, options_.reserve / 2, append_room));
    const Bytes key = records::sequence_key(sequence);
    SITEGATE_TRY(before, transaction.get(tables_.entries, key));
    if (!before) return fail(OutboxErrc::damaged, "missing entry " + std::to_string(sequence));
    next.pending_bytes += bytes.size() + records::checksum_size - before->size();
    SITEGATE_TRYV(transaction.put(tables_.entries, key, records::guard(key, bytes)));
    SITEGATE_TRYV(tables::put_event(transaction, tables_, event, sequence));
    return true;
  });
}

Result<void> Outbox::seal(Sequence first, Sequence through, ByteView envelope, const Digest& hash,
                          UtcTime now) {
  SITEGATE_TRYV(check_size("an envelope", envelope.size(), outbox_envelope_size_max));
  return write([&](lmdb::Transaction& transaction, OutboxState& next) -> Result<void> {
    SITEGATE_TRYV(check_next_range(next, first, through));
    SITEGATE_TRYV(check_room(next, options_.reserve / 2, envelope.size()));
    SITEGATE_TRY(removed_bytes, tables::remove_entries(transaction, tables_, first, through));
    SITEGATE_TRYV(tables::put_batch(transaction, tables_, {first, through, now, {}, hash, {}}, envelope));
    next.sealed_through = through;
    next.chain_head = hash;
    next.unsealed_count -= through - first + 1;
    next.pending_bytes = next.pending_bytes - removed_bytes + envelope.size();
    return tables::put_state(transaction, tables_, next);
  });
}

Result<void> Outbox::begin_epoch(Epoch epoch, Sequence base, const Reseal& reseal) {
  return write([&](lmdb::Transaction& transaction, OutboxState& next) -> Result<void> {
    if (epoch == 0 || base < next.epoch_base || base > next.sealed_through)
      return fail(OutboxErrc::out_of_order, "an epoch behind " + std::to_string(base));
    next.ended.push_back({next.epoch, next.epoch_base, next.next_sequence - 1});
    if (next.ended.size() > ended_epochs_max) next.ended.erase(next.ended.begin());
    next.epoch = epoch;
    next.epoch_base = base;
    next.receipted_through = base;
    next.chain_head = {};
    SITEGATE_TRYV(reseal_batches(transaction, next, reseal));
    SITEGATE_TRYV(tables::put_epochs(transaction, tables_, next));
    SITEGATE_TRYV(tables::put_state(transaction, tables_, next));
    return tables::measure(transaction, tables_, next);
  });
}

Result<void> Outbox::reseal_batches(lmdb::Transaction& transaction, OutboxState& next, const Reseal& reseal) {
  SITEGATE_TRY(batches, tables::headers_behind(transaction, tables_, next.epoch_base));
  Sequence through = next.epoch_base;
  for (const auto& header : batches) {
    if (header.first != through + 1)
      return fail(OutboxErrc::out_of_order, "an epoch behind " + std::to_string(next.epoch_base) +
                                                ": no batch begins at " + std::to_string(through + 1));
    through = header.through;
    SITEGATE_TRY(batch, tables::batch_or_its_range(transaction, tables_, header));
    SITEGATE_TRY(resealed, reseal(batch, next));
    SITEGATE_TRYV(check_size("an envelope", resealed.envelope.size(), outbox_envelope_size_max));
    batch.hash = resealed.hash;
    SITEGATE_TRYV(tables::replace_batch(transaction, tables_, batch, resealed.envelope));
    next.chain_head = resealed.hash;
  }
  if (through == next.sealed_through) return success();
  return fail(OutboxErrc::damaged, "no batch ends with " + std::to_string(next.sealed_through));
}

Result<void> Outbox::receipt(Sequence through, UtcTime now) {
  for (;;) {
    auto reached = write([&](lmdb::Transaction& transaction, OutboxState& next) {
      return receipt_some(transaction, next, through, now);
    });
    SITEGATE_TRYV(reached);
    if (reached.value() >= through) return success();
  }
}

Result<Sequence> Outbox::receipt_some(lmdb::Transaction& transaction, OutboxState& next, Sequence through,
                                      UtcTime now) {
  if (through > next.sealed_through)
    return fail(OutboxErrc::receipt_beyond,
                std::to_string(through) + ", sealed " + std::to_string(next.sealed_through));
  if (through <= next.receipted_through) return through;
  SITEGATE_TRY(headers, tables::headers_within(transaction, tables_, next.receipted_through + 1, through,
                                               receipt_headers_max));
  for (records::BatchHeader& header : headers) {
    header.receipted_at = now;
    SITEGATE_TRYV(
        transaction.put(tables_.batches, records::sequence_key(header.first), records::encode(header)));
    next.pending_bytes -= std::min<std::uint64_t>(next.pending_bytes, header.envelope_size);
  }
  next.receipted_through = headers.size() < receipt_headers_max ? through : headers.back().through;
  SITEGATE_TRYV(tables::put_state(transaction, tables_, next));
  return next.receipted_through;
}

Result<std::uint64_t> Outbox::expire(UtcTime now, std::chrono::hours retention) {
  std::uint64_t forgotten = 0;
  for (;;) {
    auto count = write([&](lmdb::Transaction& transaction, OutboxState&) {
      return expire_some(transaction, now - retention);
    });
    SITEGATE_TRYV(count);
    if (count.value() == 0) return forgotten;
    forgotten += count.value();
  }
}

Result<std::size_t> Outbox::expire_some(lmdb::Transaction& transaction, UtcTime until) {
  SITEGATE_TRY(chosen, tables::expirable(transaction, tables_, until));
  for (const Sequence first : chosen) {
    SITEGATE_TRYV(tables::erase_batch(transaction, tables_, first));
  }
  return chosen.size();
}

// ---- reading ----

Result<std::vector<OutboxEntry>> Outbox::unsealed(std::size_t count_max, std::size_t bytes_max,
                                                  Sequence from) const {
  return read([&](const lmdb::Transaction& transaction) {
    return tables::read_entries(transaction, tables_, from, count_max, bytes_max);
  });
}

Result<std::vector<SealedBatch>> Outbox::batches(Sequence from, std::size_t count_max,
                                                 std::size_t bytes_max) const {
  return read([&](const lmdb::Transaction& transaction) {
    return tables::read_batches(transaction, tables_, from, count_max, bytes_max);
  });
}

Result<std::optional<BatchEnd>> Outbox::batch_holding(Sequence sequence) const {
  return read([&](const lmdb::Transaction& transaction) -> Result<std::optional<BatchEnd>> {
    SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables_.batches));
    SITEGATE_TRY(item, tables::seek_batch(cursor, sequence));
    const auto header = item ? records::decode_batch_header(item->key, item->value) : std::nullopt;
    if (!header || header->first > sequence || header->through < sequence) return std::optional<BatchEnd>{};
    return std::optional(BatchEnd{header->through, header->hash});
  });
}

Result<std::optional<Sequence>> Outbox::next_batch(Sequence after) const {
  return read([&](const lmdb::Transaction& transaction) -> Result<std::optional<Sequence>> {
    SITEGATE_TRY(cursor, lmdb::Cursor::open(transaction, tables_.batches));
    SITEGATE_TRY(item, cursor.at_or_after(records::sequence_key(after + 1)));
    if (!item) return std::optional<Sequence>{};
    return std::optional<Sequence>{lmdb::get_big_endian<std::uint64_t>(item->key)};
  });
}

Result<std::optional<Sequence>> Outbox::find_event(std::string_view event) const {
  if (event.empty() || event.size() > outbox_event_size_max) return std::optional<Sequence>{};
  return read(
      [&](const lmdb::Transaction& transaction) { return tables::find_event(transaction, tables_, event); });
}

// ---- after a failure ----

Result<void> Outbox::recover() {
  const std::lock_guard lock(writing_);
  const OutboxState before = state();
  if (!before.failure.empty()) return reopen();
  if (before.refusal.empty()) return success();
  if (auto room = room_to_append(before); !room) return failure_of(room.error());
  state_.with([](OutboxState& held) { held.refusal.clear(); });
  return success();
}

Result<void> Outbox::reopen() {
  const std::lock_guard lock(opening_);
  // Closing would be the end of what it holds.
  if (environment_ && !environment_->in_place()) return fail(OutboxErrc::removed, folder_.string());
  environment_.reset();
  lock_ = FolderLock();
  auto opened = open_again();
  if (opened) return success();
  environment_.reset();
  lock_ = FolderLock();
  state_.with([&](OutboxState& held) { held.failure = opened.error().text(); });
  return fail(OutboxErrc::failed, opened.error().text());
}

Result<void> Outbox::open_again() {
  if (!std::filesystem::exists(folder_ / "data.mdb"))  // a new one would begin at 1 with what was told before
    return fail(OutboxErrc::storage, folder_.string() + ": the outbox is not there");
  SITEGATE_TRY(lock, FolderLock::take(folder_));
  if (!lock.held()) return fail(OutboxErrc::in_use, folder_.string());
  lock_ = std::move(lock);
  SITEGATE_TRY(environment, lmdb::Environment::open(folder_, database_options(options_, false)));
  environment_ = std::move(environment);
  SITEGATE_TRYV(open_tables(nullptr));
  return prove();
}

/// What is read after a failed fsync may be in memory only; a commit of its own brings it to the disk.
Result<void> Outbox::prove() {
  SITEGATE_TRY(transaction, environment_->begin_write());
  SITEGATE_TRYV(tables::put_state(transaction, tables_, state()));
  SITEGATE_TRYV(transaction.commit());
  state_.with([](OutboxState& held) { held.failure.clear(); });
  return success();
}

OutboxState Outbox::state() const {
  return state_.with([](const OutboxState& held) { return held; });
}

}  // namespace sitegate::edge
