// Stored touches of logging readers into the national record, through registration itself.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "cloud/registration/registration.hpp"
#include "shared/touches/touch_preparation.hpp"
#include "shared/touches/touch_report.hpp"

namespace sitegate::cloud {

struct TouchImportOptions {
  /// Where the readers stood; nullptr: all touches count at `site`.
  const touches::Deployments* deployments = nullptr;
  /// Required without `deployments`; with them, touches of other sites are refused rows.
  std::optional<SiteId> site;
  std::string gate = "1";                               ///< without `deployments`
  std::vector<touches::ClockMeasurement> measurements;  ///< beside those in the file
  std::chrono::minutes utc_offset{540};                 ///< of the deployments' dates
  UtcTime now{};
  std::uint64_t commit_touches = 5'000;  ///< in a transaction, at least 1
  /// Touches done, of all; may be empty.
  std::function<void(std::uint64_t, std::uint64_t)> on_progress = {};
};

struct TouchImportResult {
  RegistrationCounts counts;
  /// outcomes: added, changed, unchanged (the histories), and the reasons of those that make none.
  touches::TouchReport report;
};

/// Unless the touch or the place says the direction, the first touch of a shift is the entry and every later
/// one an exit (a history keeps the last); a shift that the store knows goes on. Whether a
/// touch counts (roster, site's period, the card's expiry) is judged as at a gate. Importing a file twice
/// changes nothing: histories join, and a touch that makes none is kept under its own key. `name` stands in
/// the report. Errors are the store's; what was committed before stays, and comes to the same when imported
/// again.
Result<TouchImportResult> import_touches(Store& store, const touches::TouchFile& file,
                                         const std::string& name, const TouchImportOptions& options);

/// What a touch that makes no history is kept as: gateway "logger-<reader>", an epoch made of the touch's
/// key, the running number.
EventId event_of(const touches::PreparedTouch& touch);

}  // namespace sitegate::cloud
