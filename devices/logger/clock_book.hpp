// The measurements of earlier imports: two of one clock give its drift.
#pragma once
#include <filesystem>
#include <vector>

#include "shared/base/error.hpp"
#include "shared/touches/clock_correction.hpp"

namespace sitegate::devices::logger {

/// A small CSV file, replaced as a whole and synchronised to the disk. Not thread-safe.
class ClockBook {
 public:
  explicit ClockBook(std::filesystem::path file) : file_(std::move(file)) {}

  /// What is written down; a file that is missing or damaged is an empty book (with a line in the log): then
  /// the drift is not known, the offset is, from the file that is imported.
  [[nodiscard]] std::vector<touches::ClockMeasurement> measurements() const;
  /// Adds those that are new and keeps the latest `kept_per_reader` of each reader.
  [[nodiscard]] Result<void> add(const std::vector<touches::ClockMeasurement>& measured) const;

  static constexpr std::size_t kept_per_reader = 8;

 private:
  const std::filesystem::path file_;
};

/// Writes a file so that after a power cut either the old or the new one is there.
Result<void> replace_file(const std::filesystem::path& file, std::string_view content);

}  // namespace sitegate::devices::logger
