#include "cloud/store/lmdb/lmdb_store.hpp"

#include <algorithm>
#include <system_error>

#include "cloud/store/lmdb/record.hpp"
#include "cloud/store/lmdb/records.hpp"
#include "cloud/store/lmdb/transactions.hpp"
#include "shared/lmdb/disk_fault.hpp"

namespace sitegate::cloud {
namespace {

const std::string format_table = "format";

Key format_key() {
  return Key(as_bytes("version"));
}

lmdb::Options to_lmdb(const StoreOptions& options) {
  return {.map_size = options.map_size,
          .tables_max = table_count,
          .read_only = options.read_only,
          .sync = options.durability == Durability::full};
}

enum class Content { nothing, store };

/// 0 if the version was not written yet: creation was cut short.
Result<std::uint64_t> stored_version(lmdb::Environment& environment, const std::string& where) {
  const auto tables = environment.tables({&format_table, 1});
  if (!tables) return store_error(tables.error());
  std::vector<lmdb::Table> all(table_count, tables.value().front());
  auto transaction = environment.begin_read();
  if (!transaction) return store_error(transaction.error());
  const Records records(std::move(transaction).value(), &all, false);
  SITEGATE_TRY(bytes, records.get(TableId::format, format_key()));
  if (!bytes) return std::uint64_t{0};
  const std::uint64_t version = RecordReader(*bytes).varint();
  if (version > lmdb_format_version)
    return fail(StoreErrc::newer_format, where + ": format " + std::to_string(version) +
                                             ", this program knows " + std::to_string(lmdb_format_version) +
                                             "; install a newer SiteGate");
  return version;
}

/// Looks without changing anything.
Result<Content> look(const std::filesystem::path& folder, const StoreOptions& options) {
  std::error_code problem;
  if (!std::filesystem::exists(folder / "data.mdb", problem)) {
    const bool empty =
        !std::filesystem::exists(folder, problem) ||
        (std::filesystem::is_directory(folder, problem) && std::filesystem::is_empty(folder, problem));
    if (empty && !options.read_only) return Content::nothing;
    return fail(StoreErrc::not_a_store,
                folder.string() + (empty ? ": nothing there" : ": holds something else"));
  }
  lmdb::Options read_only = to_lmdb(options);
  read_only.read_only = true;
  const auto environment = lmdb::Environment::open(folder, read_only);
  if (!environment && lmdb::is_disk_fault(environment.error())) return store_error(environment.error());
  if (!environment) return fail(StoreErrc::not_a_store, environment.error().text());
  const auto names = environment.value()->table_names();
  if (!names) return store_error(names.error());
  if (names.value().empty() && !options.read_only) return Content::nothing;
  if (std::ranges::find(names.value(), format_table) == names.value().end())
    return fail(StoreErrc::not_a_store, folder.string() + ": an LMDB file of something else");
  SITEGATE_TRY(version, stored_version(*environment.value(), folder.string()));
  if (version == 0 && options.read_only)
    return fail(StoreErrc::not_a_store, folder.string() + ": nothing there");
  return version == 0 ? Content::nothing : Content::store;
}

Result<void> write_version(lmdb::Environment& environment, const std::vector<lmdb::Table>& tables) {
  auto transaction = environment.begin_write();
  if (!transaction) return store_error(transaction.error());
  Records records(std::move(transaction).value(), &tables, true);
  RecordWriter record;
  record.varint(lmdb_format_version);
  SITEGATE_TRYV(records.put(TableId::format, format_key(), record.view()));
  return records.commit();
}

}  // namespace

Result<std::unique_ptr<Store>> LmdbStore::open(const std::filesystem::path& folder,
                                               const StoreOptions& options) {
  SITEGATE_TRY(content, look(folder, options));
  std::unique_ptr<LmdbStore> store(new LmdbStore(folder, options));
  SITEGATE_TRYV(store->open_environment());
  if (content == Content::nothing) {
    SITEGATE_TRYV(write_version(*store->environment_, store->tables_));
  }
  return std::unique_ptr<Store>(std::move(store));
}

Result<void> LmdbStore::open_environment() {
  auto environment = lmdb::Environment::open(folder_, to_lmdb(options_));
  if (!environment) return store_error(environment.error());
  auto tables = environment.value()->tables(table_names());
  if (!tables) return store_error(tables.error());
  environment_ = std::move(environment).value();
  tables_ = std::move(tables).value();
  return success();
}

namespace {

Error removed(const std::filesystem::path& folder) {
  return fail(StoreErrc::failed, folder.string() +
                                     ": data.mdb was removed or replaced beneath us; copy it from "
                                     "/proc/PID/fd while the program runs, then start it again");
}

}  // namespace

/// Writing the version anew is the commit that proves the disk.
Result<void> LmdbStore::reopen() {
  if (environment_ && !environment_->in_place()) return removed(folder_);
  environment_.reset();
  SITEGATE_TRY(content, look(folder_, options_));
  if (content != Content::store)
    return fail(StoreErrc::not_a_store, folder_.string() + ": the store is no longer there");
  SITEGATE_TRYV(open_environment());
  auto proven = write_version(*environment_, tables_);
  if (!proven) environment_.reset();
  return proven;
}

LmdbStore::~LmdbStore() {
  if (environment_ && options_.durability == Durability::bulk && !options_.read_only)
    static_cast<void>(environment_->sync());
}

namespace {

Error closed(const std::filesystem::path& folder) {
  return fail(StoreErrc::failed, folder.string() + ": closed after a failure");
}

}  // namespace

Result<std::unique_ptr<ReadTransaction>> LmdbStore::begin_read() const {
  if (!environment_) return closed(folder_);
  auto transaction = environment_->begin_read();
  if (!transaction) return store_error(transaction.error());
  return std::unique_ptr<ReadTransaction>(
      std::make_unique<LmdbReadTransaction>(Records(std::move(transaction).value(), &tables_, false)));
}

Result<std::unique_ptr<WriteTransaction>> LmdbStore::begin_write() {
  if (!environment_) return closed(folder_);
  if (options_.durability == Durability::full && !environment_->in_place()) return removed(folder_);
  auto transaction = environment_->begin_write();
  if (!transaction) return store_error(transaction.error());
  return std::unique_ptr<WriteTransaction>(
      std::make_unique<LmdbWriteTransaction>(Records(std::move(transaction).value(), &tables_, true)));
}

}  // namespace sitegate::cloud
