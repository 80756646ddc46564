// What a gateway has promised not to lose: passages from the moment the person is told "accepted" until the
// cloud's receipt, and for a retention time after it. Bytes are opaque here; the layout on disk is in
// README.md.
//
// A passage enters as an entry (append), leaves the entries when it is signed into a batch (seal: once, kept
// byte for byte, so that a resent batch never changes the chain of hashes), and a batch is forgotten only
// when the cloud has given a receipt for it and the retention has passed (receipt, expire).
//
// Concurrency: every member from any thread; writers wait for one another, readers wait for nobody but
// state(), which waits for a copy. One process at a time may open a folder for writing (in_use otherwise);
// never use across fork.
//
// After a write or fsync that failed the outbox is `failed`: what is on the disk is no longer known, a second
// fsync may claim success, so every later write is refused until recover() has opened it again.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "edge/outbox/folder_lock.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/civil_time.hpp"
#include "shared/base/error.hpp"
#include "shared/base/guarded.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/retry_delay.hpp"
#include "shared/lmdb/environment.hpp"

namespace sitegate::edge {

enum class OutboxErrc {
  full = 1,        ///< nothing was stored; send, receipt and expire, or give the outbox a larger map
  failed,          ///< an earlier write failed; open the outbox again
  damaged,         ///< the record named does not match its checksum; all others remain readable
  newer_format,    ///< written by a newer version; nothing was touched
  in_use,          ///< another process has it open for writing
  too_large,       ///< an entry or envelope above its limit, or empty
  out_of_order,    ///< not the next range to seal
  receipt_beyond,  ///< a receipt for what was never sealed
  read_only,
  bad_setting,
  removed,  ///< the file was removed beneath us: nothing more is taken, what it holds is still sent
  storage,  ///< any other refusal of the database
};
const char* errc_category(OutboxErrc);
std::string_view errc_text(OutboxErrc);

/// Limits that keep every record inside one LMDB page of 4 KiB: no record ever needs neighbouring free pages,
/// so a fragmented map is as good as a fresh one.
inline constexpr std::size_t outbox_entry_size_max = 2000;
/// One transaction's worth: with it, the reserve always suffices.
inline constexpr std::size_t outbox_envelope_size_max = std::size_t{528} * 1024;
inline constexpr std::size_t outbox_reserve_min = std::size_t{3} << 20;
inline constexpr std::size_t outbox_event_size_max = 96;
inline constexpr std::chrono::hours outbox_retention_default{35 * 24};

struct OutboxOptions {
  std::size_t map_size = std::size_t{1} << 30;  ///< bytes; at least 4 × reserve. May grow between openings.
  /// Kept free by append, bytes; seal may use half of it, receipt and expire all of it, so a full outbox can
  /// always be drained. At least outbox_reserve_min.
  std::size_t reserve = std::size_t{8} << 20;
  bool sync =
      true;  ///< false only where nothing is promised to anybody (simulations): commits do not reach the disk
};

struct OutboxEntry {
  Sequence sequence = 0;
  Bytes bytes;
  bool operator==(const OutboxEntry&) const = default;
};

struct SealedBatch {
  Sequence first = 0;
  Sequence through = 0;
  UtcTime sealed_at{};
  std::optional<UtcTime> receipted_at;  ///< unset: no receipt for all of it yet
  Digest hash{};                        ///< as given to seal
  Bytes envelope;
  bool operator==(const SealedBatch&) const = default;
};

/// An epoch that this outbox has ended: what it had recorded and no receipt for went over into the next one.
struct EndedEpoch {
  Epoch epoch = 0;
  Sequence base = 0;     ///< the sequence before its first
  Sequence through = 0;  ///< the last one recorded under it
  bool operator==(const EndedEpoch&) const = default;
};
/// The oldest are forgotten.
inline constexpr std::size_t ended_epochs_max = 16;

/// Sequences rise through the outbox's whole life, whatever the epoch. On the wire each epoch begins with 1:
/// there the sequence is less by epoch_base.
struct OutboxState {
  Epoch epoch = 0;
  Sequence epoch_base = 0;          ///< ≤ receipted_through
  std::vector<EndedEpoch> ended{};  ///< oldest first
  Sequence next_sequence = 1;
  Sequence sealed_through = 0;     ///< ≤ next_sequence - 1
  Sequence receipted_through = 0;  ///< ≤ sealed_through
  Digest chain_head{};             ///< hash of the epoch's last sealed batch; zero before the first
  std::uint64_t unsealed_count = 0;
  std::uint64_t pending_bytes = 0;  ///< entries not sealed and envelopes not receipted, bytes as given
  std::uint64_t used_bytes = 0;     ///< pages that hold something
  std::uint64_t map_bytes = 0;
  std::uint64_t room_bytes = 0;  ///< of the map, what append may fill
  std::string failure;           ///< why every write is refused; empty while all is well
  std::string refusal;           ///< why an append was refused (full, removed), until it could succeed
};

/// The database's tables, by what README.md calls them.
struct OutboxTables {
  lmdb::Table meta = 0;
  lmdb::Table entries = 0;
  lmdb::Table batches = 0;
  lmdb::Table envelopes = 0;
  lmdb::Table set_aside = 0;
  lmdb::Table events = 0;
  lmdb::Table event_keys = 0;
};

/// What ends at a sequence.
struct BatchEnd {
  Sequence through = 0;
  Digest hash{};
};

/// A batch signed anew.
struct ResealedBatch {
  Bytes envelope;
  Digest hash{};
};
/// Signs what is in `batch` for the epoch of `state`, whose chain_head names the batch before it. The
/// envelope is empty where the disk cannot give it back.
using Reseal = std::function<Result<ResealedBatch>(const SealedBatch& batch, const OutboxState& state)>;

class Outbox {
 public:
  /// Opens or creates. `chance` is asked only when the outbox is created, for its epoch: seed it from the
  /// system. Errors: newer_format (nothing touched), in_use, bad_setting, damaged (its own state; rename the
  /// folder and start another: a new epoch), storage.
  static Result<std::unique_ptr<Outbox>> open(const std::filesystem::path& folder,
                                              const OutboxOptions& options, Random& chance);
  /// For inspection, also beside a running gateway. state() is that of this moment; every write is refused.
  static Result<std::unique_ptr<Outbox>> open_read_only(const std::filesystem::path& folder);
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// Returns only when the entry is on the disk. `event` (at most outbox_event_size_max bytes, empty: none)
  /// names what the device kept itself; it is found again as long as the entry's batch is kept. Errors: full,
  /// removed, failed, too_large.
  Result<Sequence> append(ByteView bytes, std::string_view event = {});
  /// The same for an entry that several devices reported, each by its own name; empty names do not count.
  Result<Sequence> append(ByteView bytes, const std::vector<std::string>& events);
  /// The entry that was kept under this event's name, if it is still there.
  [[nodiscard]] Result<std::optional<Sequence>> find_event(std::string_view event) const;
  /// Other bytes for an entry that is not sealed yet, and one more name by which it is found (empty: none),
  /// on the disk when it returns. false: it is sealed already, nothing was changed. Errors as append.
  Result<bool> amend(Sequence sequence, ByteView bytes, std::string_view event = {});
  /// Entries not yet sealed from `from` (0: the oldest) on, in order; at least one if there is any, otherwise
  /// at most `count_max` and `bytes_max` in sum. Stops before a damaged entry; `damaged` if that is the first
  /// one: go on with `from` = the one behind it.
  [[nodiscard]] Result<std::vector<OutboxEntry>> unsealed(std::size_t count_max, std::size_t bytes_max,
                                                          Sequence from = 0) const;
  /// Stores the signed batch of exactly the next range, [sealed_through + 1, through], removes its entries
  /// and moves the chain's head, in one transaction. A damaged entry of the range is set aside, never
  /// dropped. Errors: out_of_order, too_large, full, failed.
  Result<void> seal(Sequence first, Sequence through, ByteView envelope, const Digest& hash, UtcTime now);
  /// Ends the epoch and begins `epoch` behind `base`, the end of a batch (or 0): every sealed batch behind it
  /// is signed anew and counts as not receipted, entries that are not sealed go over as they are. One
  /// transaction: all or nothing. Sequences stay. Needs room for what is signed anew. Errors: out_of_order,
  /// full, failed, and those of `reseal`.
  Result<void> begin_epoch(Epoch epoch, Sequence base, const Reseal& reseal);
  /// The batch that holds `sequence`; nullopt if it is not kept (any more) or damaged.
  [[nodiscard]] Result<std::optional<BatchEnd>> batch_holding(Sequence sequence) const;
  /// Sealed batches from the one that contains `from` on, receipted ones too; limits and damage as in
  /// unsealed().
  [[nodiscard]] Result<std::vector<SealedBatch>> batches(Sequence from, std::size_t count_max,
                                                         std::size_t bytes_max) const;
  /// Where the first batch that starts after `after` starts: the way round a damaged one.
  [[nodiscard]] Result<std::optional<Sequence>> next_batch(Sequence after) const;
  /// The cloud has everything up to `through`. Repeated or lower: nothing happens. Errors: receipt_beyond,
  /// failed.
  Result<void> receipt(Sequence through, UtcTime now);
  /// Forgets batches whose receipt is older than `retention`; returns how many. Call only while the wall
  /// clock is known to be right. With a retention of zero it makes room in an emergency.
  Result<std::uint64_t> expire(UtcTime now, std::chrono::hours retention = outbox_retention_default);

  [[nodiscard]] OutboxState state() const;

  /// After a failure: closes the database and its lock, so that the disk can even be unmounted, opens it
  /// again and commits once, which proves that the disk takes writes and that what is read is on it. state()
  /// is then the disk's: an entry may be there whose append had failed. After a refusal: asks again whether
  /// there is room. Otherwise nothing. Errors: what still stands in the way; nothing was accepted meanwhile,
  /// try again later.
  Result<void> recover();

 private:
  Outbox(std::filesystem::path folder, FolderLock lock, std::unique_ptr<lmdb::Environment> environment,
         const OutboxOptions& options);
  static Result<std::unique_ptr<Outbox>> prepare(FolderLock lock, const std::filesystem::path& folder,
                                                 const OutboxOptions& options, Random* chance);
  Result<void> open_tables(Random* chance);
  Result<void> create(Random& chance);
  Result<void> load();
  /// One write transaction: `work` changes it and the state, then both are committed, or neither.
  template <typename Work>
  std::invoke_result_t<Work, lmdb::Transaction&, OutboxState&> write(Work work);
  template <typename Work>
  std::invoke_result_t<Work, lmdb::Transaction&, OutboxState&> write_locked(Work work);
  template <typename Work>
  std::invoke_result_t<Work, const lmdb::Transaction&> read(Work work) const;
  Result<void> reopen();
  Result<void> open_again();
  Result<void> prove();
  Error failure_of(const Error& error);
  Result<Sequence> append_entry(lmdb::Transaction& transaction, OutboxState& next, ByteView bytes,
                                const std::vector<std::string>& events);
  Result<void> check_room(const OutboxState& state, std::size_t reserve, std::size_t wanted) const;
  Result<void> room_to_append(const OutboxState& state) const;
  Result<void> reseal_batches(lmdb::Transaction& transaction, OutboxState& next, const Reseal& reseal);
  Result<Sequence> receipt_some(lmdb::Transaction& transaction, OutboxState& next, Sequence through,
                                UtcTime now);
  Result<std::size_t> expire_some(lmdb::Transaction& transaction, UtcTime until);

  // Constant after opening.
  const std::filesystem::path folder_;
  const OutboxOptions options_;
  OutboxTables tables_;

  std::mutex writing_;  // held through each write transaction; taken before opening_ and state_
  mutable std::shared_mutex opening_;  // shared by readers; held alone while the two below change
  FolderLock lock_;                    // outlives the environment
  std::unique_ptr<lmdb::Environment> environment_;  // null: closed after a failure, not yet opened again
  Guarded<OutboxState> state_;                      // what the last commit left; changed only under writing_
};

}  // namespace sitegate::edge

template <>
struct std::is_error_code_enum<sitegate::edge::OutboxErrc> : std::true_type {};
