// The roster on disk: replaced as a whole or not at all. The format is in README.md.
#pragma once
#include <filesystem>
#include <optional>

#include "shared/base/error.hpp"
#include "shared/model/site_roster.hpp"

namespace sitegate::edge {

/// nullopt if there is no file. Errors: damaged, newer_format (RosterErrc), or the system's own.
Result<std::optional<SiteRoster>> read_roster_file(const std::filesystem::path& file);
/// Returns when the roster is on the disk under its name. Errors: too_large (it could not be read back), or
/// the system's own; then the previous file still stands.
Result<void> write_roster_file(const std::filesystem::path& file, const SiteRoster& roster);

}  // namespace sitegate::edge
