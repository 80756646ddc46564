#include "shared/lmdb/environment.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sitegate::lmdb {

const char* errc_category(Errc) {
  return "lmdb";
}

std::string_view errc_text(Errc what) {
  switch (what) {
    case Errc::open_failed:
      return "cannot open the database";
    case Errc::full:
      return "the disk or the map is full";
    case Errc::damaged:
      return "the database is damaged";
    case Errc::io:
      return "reading or writing the disk failed; open the database again";
    case Errc::other:
      return "the database refused";
  }
  return "unknown";
}

namespace {

Error error_of(int code, std::string where) {
  where += ": ";
  where += mdb_strerror(code);
  switch (code) {
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
      return fail(Errc::full, std::move(where));
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_PANIC:
      return fail(Errc::damaged, std::move(where));
    case EIO:
    case EROFS:
      return fail(Errc::io, std::move(where));
    default:
      return fail(Errc::other, std::move(where));
  }
}

/// What the disk refuses may succeed later; anything else is named as it is.
Error open_error(int code, const std::filesystem::path& folder) {
  Error error = error_of(code, folder.string());
  return is(error, Errc::io) || is(error, Errc::full)
             ? error
             : fail(Errc::open_failed, folder.string() + ": " + mdb_strerror(code));
}

/// Room is asked for in steps, not for every page.
constexpr std::uint64_t room_step = std::uint64_t{64} << 10;

MDB_val to_val(ByteView bytes) {
  return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};
}
ByteView to_view(const MDB_val& value) {
  return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size};
}

}  // namespace

// ---- transaction ----

Transaction::Transaction(Transaction&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), failed_(other.failed_) {}

Transaction::~Transaction() {
  if (handle_ != nullptr) mdb_txn_abort(handle_);
}

Result<std::optional<ByteView>> Transaction::get(Table table, ByteView key) const {
  MDB_val wanted = to_val(key);
  MDB_val found{};
  const int code = mdb_get(handle_, table, &wanted, &found);
  if (code == MDB_NOTFOUND) return std::optional<ByteView>{};
  if (code != MDB_SUCCESS) return error_of(code, "get");
  return std::optional<ByteView>{to_view(found)};
}

Result<void> Transaction::put(Table table, ByteView key, ByteView value) {
  MDB_val k = to_val(key);
  MDB_val v = to_val(value);
  if (const int code = mdb_put(handle_, table, &k, &v, 0); code != MDB_SUCCESS) return error_of(code, "put");
  return success();
}

Result<void> Transaction::append(Table table, ByteView key, ByteView value) {
  MDB_val k = to_val(key);
  MDB_val v = to_val(value);
  if (const int code = mdb_put(handle_, table, &k, &v, MDB_APPEND); code != MDB_SUCCESS)
    return error_of(code, "append");
  return success();
}

Result<bool> Transaction::erase(Table table, ByteView key) {
  MDB_val k = to_val(key);
  const int code = mdb_del(handle_, table, &k, nullptr);
  if (code == MDB_NOTFOUND) return false;
  if (code != MDB_SUCCESS) return error_of(code, "erase");
  return true;
}

Result<std::span<std::uint8_t>> Transaction::reserve(Table table, ByteView key, std::size_t size) {
  MDB_val k = to_val(key);
  MDB_val v{size, nullptr};
  if (const int code = mdb_put(handle_, table, &k, &v, MDB_RESERVE); code != MDB_SUCCESS)
    return error_of(code, "reserve");
  return std::span<std::uint8_t>(static_cast<std::uint8_t*>(v.mv_data), size);
}

Result<std::uint64_t> Transaction::count(Table table) const {
  MDB_stat stat{};
  if (const int code = mdb_stat(handle_, table, &stat); code != MDB_SUCCESS) return error_of(code, "stat");
  return std::uint64_t{stat.ms_entries};
}

Result<std::uint64_t> Transaction::bytes_used(Table table) const {
  MDB_stat stat{};
  if (const int code = mdb_stat(handle_, table, &stat); code != MDB_SUCCESS) return error_of(code, "stat");
  return std::uint64_t{stat.ms_psize} * (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages);
}

Result<void> Transaction::commit() {
  const int code = mdb_txn_commit(std::exchange(handle_, nullptr));
  if (code == MDB_SUCCESS) return success();
  // A commit that failed while writing or syncing leaves the disk unknown (a second fsync may claim success).
  if (code != MDB_MAP_FULL && code != MDB_TXN_FULL && code != ENOSPC) *failed_ = true;
  return error_of(code, "commit");
}

// ---- cursor ----

Result<Cursor> Cursor::open(const Transaction& transaction, Table table) {
  MDB_cursor* handle = nullptr;
  if (const int code = mdb_cursor_open(transaction.handle(), table, &handle); code != MDB_SUCCESS)
    return error_of(code, "cursor");
  return Cursor(handle);
}

Cursor::Cursor(Cursor&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

Cursor::~Cursor() {
  if (handle_ != nullptr) mdb_cursor_close(handle_);
}

Result<std::optional<KeyValue>> Cursor::move(MDB_val key, MDB_cursor_op operation) {
  MDB_val value{};
  const int code = mdb_cursor_get(handle_, &key, &value, operation);
  if (code == MDB_NOTFOUND) return std::optional<KeyValue>{};
  if (code != MDB_SUCCESS) return error_of(code, "cursor");
  return std::optional<KeyValue>{KeyValue{to_view(key), to_view(value)}};
}

Result<std::optional<KeyValue>> Cursor::first() {
  return move({}, MDB_FIRST);
}
Result<std::optional<KeyValue>> Cursor::last() {
  return move({}, MDB_LAST);
}
Result<std::optional<KeyValue>> Cursor::next() {
  return move({}, MDB_NEXT);
}
Result<std::optional<KeyValue>> Cursor::previous() {
  return move({}, MDB_PREV);
}
Result<std::optional<KeyValue>> Cursor::at_or_after(ByteView key) {
  if (key.empty()) return first();  // LMDB itself refuses empty keys
  return move(to_val(key), MDB_SET_RANGE);
}

Result<void> Cursor::erase() {
  if (const int code = mdb_cursor_del(handle_, 0); code != MDB_SUCCESS) return error_of(code, "cursor erase");
  return success();
}

// ---- environment ----

Result<std::unique_ptr<Environment>> Environment::open(const std::filesystem::path& folder,
                                                       const Options& options) {
  std::error_code problem;
  if (!options.read_only) std::filesystem::create_directories(folder, problem);
  if (problem) return open_error(problem.value(), folder);
  MDB_env* handle = nullptr;
  if (const int code = mdb_env_create(&handle); code != MDB_SUCCESS) return error_of(code, folder.string());
  mdb_env_set_mapsize(handle, options.map_size);
  mdb_env_set_maxdbs(handle, options.tables_max);
  // MDB_NOTLS: a read transaction belongs to its object, not to its thread. MDB_NORDAHEAD: the store is
  // larger than memory.
  unsigned flags = MDB_NOTLS | MDB_NORDAHEAD;
  if (options.read_only) flags |= MDB_RDONLY;
  if (!options.sync) flags |= MDB_NOSYNC;
  if (const int code = mdb_env_open(handle, folder.c_str(), flags, 0640); code != MDB_SUCCESS) {
    mdb_env_close(handle);
    return open_error(code, folder);
  }
  int cleared = 0;
  mdb_reader_check(handle, &cleared);
  return std::unique_ptr<Environment>(new Environment(handle, folder / "data.mdb", options.read_only));
}

Environment::~Environment() {
  mdb_env_close(handle_);
}

Result<Table> Environment::table(const std::string& name) {
  MDB_txn* transaction = nullptr;
  if (const int code = mdb_txn_begin(handle_, nullptr, read_only_ ? MDB_RDONLY : 0, &transaction);
      code != MDB_SUCCESS)
    return error_of(code, "begin");
  Table table = 0;
  if (const int code = mdb_dbi_open(transaction, name.c_str(), read_only_ ? 0 : MDB_CREATE, &table);
      code != MDB_SUCCESS) {
    mdb_txn_abort(transaction);
    return error_of(code, "table " + name);
  }
  if (const int code = mdb_txn_commit(transaction); code != MDB_SUCCESS)
    return error_of(code, "table " + name);
  return table;
}

namespace {

/// All or nothing; nullopt if one is missing and `create` is 0.
Result<std::optional<std::vector<Table>>> open_tables(MDB_env* environment,
                                                      std::span<const std::string> names, unsigned create) {
  MDB_txn* transaction = nullptr;
  if (const int code = mdb_txn_begin(environment, nullptr, create != 0 ? 0 : MDB_RDONLY, &transaction);
      code != MDB_SUCCESS)
    return error_of(code, "begin");
  std::vector<Table> tables(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const int code = mdb_dbi_open(transaction, names[i].c_str(), create, &tables[i]);
    if (code == MDB_SUCCESS) continue;
    mdb_txn_abort(transaction);
    if (code == MDB_NOTFOUND) return std::optional<std::vector<Table>>{};
    return error_of(code, "table " + names[i]);
  }
  if (const int code = mdb_txn_commit(transaction); code != MDB_SUCCESS) return error_of(code, "tables");
  return std::optional(std::move(tables));
}

}  // namespace

Result<std::vector<Table>> Environment::tables(std::span<const std::string> names) {
  SITEGATE_TRY(found, open_tables(handle_, names, 0));
  if (found) return std::move(*found);
  if (read_only_)
    return fail(Errc::other,
                "a table is missing: an older version wrote this; opening it for writing once adds it");
  SITEGATE_TRY(created, open_tables(handle_, names, MDB_CREATE));
  return std::move(*created);
}

Result<std::vector<std::string>> Environment::table_names() const {
  SITEGATE_TRY(transaction, begin_read());
  Table top = 0;
  if (const int code = mdb_dbi_open(transaction.handle(), nullptr, 0, &top); code != MDB_SUCCESS)
    return error_of(code, "top level");
  std::vector<std::string> names;
  SITEGATE_TRY(cursor, Cursor::open(transaction, top));
  auto at = cursor.first();
  for (; at && at.value(); at = cursor.next()) names.emplace_back(as_text(at.value()->key));
  if (!at) return at.error();
  return names;
}

Result<Transaction> Environment::begin_read() const {
  MDB_txn* handle = nullptr;
  if (const int code = mdb_txn_begin(handle_, nullptr, MDB_RDONLY, &handle); code != MDB_SUCCESS)
    return error_of(code, "begin read");
  return Transaction(handle, &failed_);
}

Result<Transaction> Environment::begin_write() {
  if (failed_) return fail(Errc::io, "an earlier commit failed");
  MDB_txn* handle = nullptr;
  if (const int code = mdb_txn_begin(handle_, nullptr, 0, &handle); code != MDB_SUCCESS)
    return error_of(code, "begin write");
  return Transaction(handle, &failed_);
}

Result<void> Environment::sync() {
  if (const int code = mdb_env_sync(handle_, 1); code != MDB_SUCCESS) {
    failed_ = true;
    return error_of(code, "sync");
  }
  return success();
}

Result<void> Environment::keep_room(std::size_t ahead) {
  const std::uint64_t wanted = std::min<std::uint64_t>(usage().used_bytes + ahead, usage().map_bytes);
  if (wanted <= kept_bytes_) return success();
  mdb_filehandle_t file = -1;
  mdb_env_get_fd(handle_, &file);
  const std::uint64_t rounded = (wanted / room_step + 1) * room_step;
  if (::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(rounded)) != 0 && errno != EOPNOTSUPP &&
      errno != EINTR)
    return error_of(errno, "keeping room for " + std::to_string(wanted) + " bytes");
  kept_bytes_ = rounded;
  return success();
}

bool Environment::in_place() const {
  mdb_filehandle_t file = -1;
  mdb_env_get_fd(handle_, &file);
  struct stat ours {};
  struct stat there {};
  return ::fstat(file, &ours) == 0 && ::stat(file_.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
         ours.st_ino == there.st_ino;
}

Environment::Usage Environment::usage() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  mdb_env_info(handle_, &info);
  mdb_env_stat(handle_, &stat);
  return {(info.me_last_pgno + 1) * stat.ms_psize, info.me_mapsize};
}

}  // namespace sitegate::lmdb
