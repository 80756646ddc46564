// A settings file (TOML 1.0): sections of keys, read with defaults, and every error says file, line, key and
// what is expected. A key that nobody asked for is an error, too: a mistyped setting must not silently be its
// default.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.hpp"

namespace sitegate {

enum class SettingsErrc { unreadable = 1, bad_form, bad_value, missing, unknown_key };
const char* errc_category(SettingsErrc);
std::string_view errc_text(SettingsErrc);

/// Usage: load, read every key, then finish(). The first error is kept and reported by finish(); reads after
/// it give defaults. Not thread-safe.
class SettingsFile {
 public:
  static Result<SettingsFile> load(const std::filesystem::path& file);
  /// The same of a text that stands in no file; `name` is its name in errors, relative paths start nowhere.
  static Result<SettingsFile> parse(std::string_view text, const std::string& name);
  SettingsFile(SettingsFile&&) noexcept;
  ~SettingsFile();

  /// `key` is "section.key". Without a default the key must be there.
  std::string text(std::string_view key, std::optional<std::string> otherwise = std::nullopt);
  /// A path; a relative one starts at the settings file's folder.
  std::filesystem::path path(std::string_view key,
                             std::optional<std::filesystem::path> otherwise = std::nullopt);
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t otherwise);
  /// A number with or without a fraction. Without a default the key must be there.
  double number(std::string_view key, double low, double high,
                std::optional<double> otherwise = std::nullopt);
  /// A list of such numbers; empty if the key is not there.
  std::vector<double> numbers(std::string_view key);
  bool flag(std::string_view key, bool otherwise);
  /// One of the words; gives its position.
  std::size_t choice(std::string_view key, const std::vector<std::string_view>& words, std::size_t otherwise);
  std::vector<std::string> texts(std::string_view key);
  /// The names of the sections inside a section, in alphabetical order: [gates.north] and [gates.south] for
  /// "gates"; their keys are then "gates.north.…". Empty: those of the file, for files whose sections are a
  /// list of things.
  [[nodiscard]] std::vector<std::string> sections(std::string_view inside = {}) const;

  /// For a caller's own check: `key` has a value that cannot be taken.
  void refuse(std::string_view key, std::string why);
  /// Success when every read succeeded and no key is left over.
  [[nodiscard]] Result<void> finish() const;

 private:
  struct Document;
  explicit SettingsFile(std::unique_ptr<Document> document);
  void keep(Error error);
  std::unique_ptr<Document> document_;
};

}  // namespace sitegate
