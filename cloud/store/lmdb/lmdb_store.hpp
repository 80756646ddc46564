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

 private:
  LmdbStore(std::unique_ptr<lmdb::Environment> environment, std::vector<lmdb::Table> tables,
            Durability durability)
      : environment_(std::move(environment)), tables_(std::move(tables)), durability_(durability) {}

  // constant after construction
  std::unique_ptr<lmdb::Environment> environment_;
  std::vector<lmdb::Table> tables_;
  Durability durability_;
};

}  // namespace sitegate::cloud
