// How often each short-lived code was used, and where: on the disk, so that a restart forgives nothing.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/civil_time.hpp"
#include "shared/lmdb/environment.hpp"

namespace sitegate::edge {

struct CodeUses {
  int count = 0;
  std::vector<std::string> gates;  ///< different ones
  bool operator==(const CodeUses&) const = default;
};

/// Not thread-safe.
class UseBook {
 public:
  /// How long after a code's end its uses are remembered: the clock may have been wrong.
  static constexpr std::chrono::hours remembered{24 * 7};

  static Result<std::unique_ptr<UseBook>> open(const std::filesystem::path& folder, UtcTime now);
  [[nodiscard]] Result<CodeUses> uses(std::uint64_t serial) const;
  /// On the disk when it returns. `expires_at`: of the code.
  Result<void> put(std::uint64_t serial, const CodeUses& uses, UtcTime expires_at);
  /// Removes those whose time is over; open() does so, too.
  Result<void> forget(UtcTime now);

 private:
  UseBook(std::unique_ptr<lmdb::Environment> environment, lmdb::Table table)
      : environment_(std::move(environment)), table_(table) {}
  std::unique_ptr<lmdb::Environment> environment_;
  lmdb::Table table_;
};

}  // namespace sitegate::edge
