// The embedded engine: one LMDB environment, nothing to install.
#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "cloud/store/store.hpp"
#include "shared/lmdb/environment.hpp"

namespace sitegate::cloud {

/// Stands in table `format`; raised when older programs could no longer read what is written.
inline constexpr std::uint64_t lmdb_format_version = 1;

class LmdbStore final : public Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder,
                                             const StoreOptions& options);
  /// Durability::bulk: synchronises to disk here.
  ~LmdbStore() override;
  Result<std::unique_ptr<ReadTransaction>> begin_read() const override;
  Result<std::unique_ptr<WriteTransaction>> begin_write() override;
  Result<void> reopen() override;

 private:
  LmdbStore(std::filesystem::path folder, const StoreOptions& options)
      : folder_(std::move(folder)), options_(options) {}
  Result<void> open_environment();

  // constant after construction
  const std::filesystem::path folder_;
  const StoreOptions options_;

  // changed by reopen() only
  std::unique_ptr<lmdb::Environment> environment_;  // null: it could not be opened again
  std::vector<lmdb::Table> tables_;
};

}  // namespace sitegate::cloud
