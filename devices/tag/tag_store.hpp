// Counters and used enrolment links in an LMDB environment of their own: one folder, one process.
#pragma once
#include <filesystem>
#include <memory>

#include "devices/tag/books.hpp"
#include "shared/lmdb/environment.hpp"

namespace sitegate::devices::tag {

/// Operation: open(), then any calls. Every success of take() and use() was committed with fsync before it
/// returned. After a disk error nothing more is taken until it is opened again: failed(). Concurrency: any
/// thread; writers wait for each other. Keys and values in bytes: README.md of this folder.
class TagStore final : public CounterBook, public EnrolmentBook {
 public:
  /// Makes the folder. Errors: those of shared/lmdb.
  static Result<std::unique_ptr<TagStore>> open(const std::filesystem::path& folder);

  Result<Taken> take(const PiccData& tap, const Digest& holder, UtcTime now,
                     std::chrono::milliseconds again_for) override;
  Result<Taken> look(const PiccData& tap, const Digest& holder, UtcTime now,
                     std::chrono::milliseconds again_for) override;
  Result<bool> use(const Digest& link, UtcTime until, UtcTime now) override;

  [[nodiscard]] bool failed() const { return environment_->failed(); }

 private:
  explicit TagStore(std::unique_ptr<lmdb::Environment> environment) : environment_(std::move(environment)) {}
  Result<void> forget_ended(lmdb::Transaction& transaction, UtcTime now);

  // Constant after open().
  std::unique_ptr<lmdb::Environment> environment_;
  lmdb::Table counters_ = 0;
  lmdb::Table links_ = 0;
};

}  // namespace sitegate::devices::tag
