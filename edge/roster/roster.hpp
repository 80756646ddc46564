// The site's roster as the gateway holds it: what the cloud sends is applied, kept on disk, then asked at the
// gate.
//
// Concurrency: apply() by one thread at a time; current() from any thread, and what it gives stays as it is.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "edge/roster/roster_index.hpp"
#include "shared/base/error.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::edge {

enum class RosterErrc {
  base_mismatch = 1,  ///< a delta on another version than the one held: ask for a full roster
  wrong_site,         ///< a roster of another site: the gateway is provisioned wrongly
  damaged,            ///< the file on disk cannot be read
  newer_format,       ///< the file was written by a newer version
  too_large,          ///< with this delta the roster would be above the limits of shared/wire
};
const char* errc_category(RosterErrc);
std::string_view errc_text(RosterErrc);

enum class RosterChange { applied, older_than_held };

class RosterBook {
 public:
  /// Reads `folder`/roster.bin, creating the folder if needed. A damaged or foreign file is no error: the
  /// book starts without a roster, sets the file aside, and problem() says so. Errors: the folder cannot be
  /// made or read.
  static Result<std::unique_ptr<RosterBook>> open(const std::filesystem::path& folder, SiteId site);
  RosterBook(const RosterBook&) = delete;
  RosterBook& operator=(const RosterBook&) = delete;

  /// A full roster replaces, a delta (base_version > 0) changes; both only if newer than what is held.
  /// Returns when the result is on disk. On any error what was held is still held.
  Result<RosterChange> apply(const SiteRoster& roster);
  /// Never null.
  [[nodiscard]] std::shared_ptr<const RosterIndex> current() const;
  /// Why the book started without a roster although there was a file; empty if all was well.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  RosterBook(std::filesystem::path file, SiteId site) : file_(std::move(file)), site_(site) {}
  Result<void> load();
  Result<void> set_aside(const std::string& why);

  // Constant after opening.
  std::filesystem::path file_;
  SiteId site_;
  std::string problem_;

  Guarded<std::shared_ptr<const RosterIndex>> current_{std::make_shared<const RosterIndex>()};
};

/// `held` with the delta's changes: people named in it replace or join, those removed leave. Versions are the
/// caller's.
SiteRoster merged(const SiteRoster& held, const SiteRoster& delta);

}  // namespace sitegate::edge

template <>
struct std::is_error_code_enum<sitegate::edge::RosterErrc> : std::true_type {};
