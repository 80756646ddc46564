// The only home of LMDB. Thin: errors become Result, handles end with their scope.
//
// Contract (LMDB 0.9.24): one Environment per folder and process, never across fork, never on a network file
// system. A write transaction belongs to its thread; a second one waits. A ByteView from get() or a cursor
// lives until its transaction ends or the next write in it. After a failed sync the environment is `failed`:
// every later write is refused until it is opened again, because what is on the disk is no longer known.
#pragma once
#include <lmdb.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate::lmdb {

enum class Errc { open_failed = 1, full, damaged, io, other };
const char* errc_category(Errc);
std::string_view errc_text(Errc);

struct Options {
  std::size_t map_size = std::size_t{1}
                         << 30;  ///< upper bound of data.mdb, bytes; disk is used only as needed
  unsigned tables_max = 32;
  bool read_only = false;
  /// false: commits are not synchronised (only for what can be made again). True is LMDB's safe default: no
  /// NOSYNC, no MAPASYNC, no WRITEMAP.
  bool sync = true;
};

using Table = MDB_dbi;

class Environment;

class Transaction {
 public:
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();  // aborts unless committed

  [[nodiscard]] Result<std::optional<ByteView>> get(Table table, ByteView key) const;
  Result<void> put(Table table, ByteView key, ByteView value);
  /// The key must be greater than every key in the table: pages are filled without splitting.
  Result<void> append(Table table, ByteView key, ByteView value);
  /// False if it was not there.
  Result<bool> erase(Table table, ByteView key);
  /// Room for `size` bytes that the caller fills before the next operation.
  Result<std::span<std::uint8_t>> reserve(Table table, ByteView key, std::size_t size);
  [[nodiscard]] Result<std::uint64_t> count(Table table) const;
  /// Pages of a table: branch, leaf and overflow, in bytes.
  [[nodiscard]] Result<std::uint64_t> bytes_used(Table table) const;
  [[nodiscard]] Result<void> commit();
  [[nodiscard]] MDB_txn* handle() const { return handle_; }

 private:
  friend class Environment;
  Transaction(MDB_txn* handle, std::atomic<bool>* failed) : handle_(handle), failed_(failed) {}
  MDB_txn* handle_;
  std::atomic<bool>* failed_;  // of the environment
};

struct KeyValue {
  ByteView key;
  ByteView value;
};

class Cursor {
 public:
  static Result<Cursor> open(const Transaction& transaction, Table table);
  Cursor(Cursor&& other) noexcept;
  Cursor& operator=(Cursor&&) = delete;
  ~Cursor();

  // Each moves and gives what stands there, or nullopt at the end.
  Result<std::optional<KeyValue>> first();
  Result<std::optional<KeyValue>> last();
  Result<std::optional<KeyValue>> next();
  Result<std::optional<KeyValue>> previous();
  /// The first key not less than `key`.
  Result<std::optional<KeyValue>> at_or_after(ByteView key);
  /// Removes what the cursor stands on; next() then gives the one behind it.
  Result<void> erase();

 private:
  explicit Cursor(MDB_cursor* handle) : handle_(handle) {}
  Result<std::optional<KeyValue>> move(MDB_val key, MDB_cursor_op operation);
  MDB_cursor* handle_;
};

class Environment {
 public:
  /// Creates the folder unless read_only. Stale readers of dead processes are cleared.
  static Result<std::unique_ptr<Environment>> open(const std::filesystem::path& folder,
                                                   const Options& options);
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment();

  /// Opens (and creates, unless read_only) a table. Call before other threads use the environment.
  Result<Table> table(const std::string& name);
  /// The same for many, in `names`' order and in one transaction; waits for the writer only if one has to be
  /// created.
  Result<std::vector<Table>> tables(std::span<const std::string> names);
  /// What the file holds at its top level: the names of its tables (or the keys of a foreign file).
  [[nodiscard]] Result<std::vector<std::string>> table_names() const;
  [[nodiscard]] Result<Transaction> begin_read() const;
  [[nodiscard]] Result<Transaction> begin_write();
  /// Writes out what unsynchronised commits left behind.
  Result<void> sync();
  /// Room on the disk for `ahead` bytes beyond the pages in use, kept for this file from now on: commits that
  /// need no more cannot find the disk full. Cheap while there is enough. Errors: full, io. File systems that
  /// cannot keep room promise nothing and say nothing.
  Result<void> keep_room(std::size_t ahead);
  /// False once the file was removed or replaced beneath us: what is committed then is on no disk after the
  /// program's end.
  [[nodiscard]] bool in_place() const;

  struct Usage {
    std::uint64_t used_bytes;  ///< pages in use, as far as the file has ever grown
    std::uint64_t map_bytes;
  };
  [[nodiscard]] Usage usage() const;
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool read_only() const { return read_only_; }

 private:
  Environment(MDB_env* handle, std::filesystem::path file, bool read_only)
      : handle_(handle), file_(std::move(file)), read_only_(read_only) {}
  // constant after construction
  MDB_env* handle_;
  std::filesystem::path file_;
  bool read_only_;

  mutable std::atomic<bool> failed_{false};
  std::uint64_t kept_bytes_ = 0;  // of the file, on the disk; the writer's
};

/// Keys sort as their numbers do: big-endian.
template <typename Unsigned>
void put_big_endian(Bytes& key, Unsigned value) {
  for (int shift = static_cast<int>(sizeof(Unsigned)) * 8 - 8; shift >= 0; shift -= 8)
    key.push_back(static_cast<std::uint8_t>(value >> shift));
}
template <typename Unsigned>
Unsigned get_big_endian(ByteView bytes) {
  SITEGATE_ASSERT(bytes.size() >= sizeof(Unsigned));
  Unsigned value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) value = static_cast<Unsigned>((value << 8) | bytes[i]);
  return value;
}

}  // namespace sitegate::lmdb
