// Figures of the report that no record holds: support offices, advisers, videos. An operator enters them in a
// TOML file; they are shown as entered and never computed.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/civil_time.hpp"
#include "shared/base/error.hpp"

namespace sitegate::cloud {

struct EnteredFigure {
  std::string key;  ///< 1 to 48 of [a-z0-9_]; the row name in CSV and JSON
  std::uint64_t value = 0;
  std::string label_ja;
  std::string label_en;
  std::string unit_ja;  ///< may be empty, like the notes
  std::string unit_en;
  std::string note_ja;
  std::string note_en;
  bool operator==(const EnteredFigure&) const = default;
};

struct EnteredFigures {
  std::optional<Month> month;  ///< whose figures these are; a report of another month says so
  std::vector<EnteredFigure> figures;
  bool operator==(const EnteredFigures&) const = default;
};

enum class EnteredFiguresErrc {
  unreadable = 1,  ///< no such file, or larger than entered_figures_size_max
  not_toml,        ///< detail has the line
  bad_figure,  ///< a field is missing, unknown, of the wrong type or too long; detail has figure and field
  duplicate_key
};
const char* errc_category(EnteredFiguresErrc);
std::string_view errc_text(EnteredFiguresErrc);

inline constexpr std::size_t entered_figures_size_max = 1024 * 1024;
inline constexpr std::size_t entered_text_size_max = 240;  ///< bytes of a label, unit or note
inline constexpr std::size_t entered_figure_count_max = 100;

/// `month = "2023-07"`, then `[[figure]]` tables with key, value and, unless the key is a known one, label_ja
/// and label_en; unit_ja, unit_en, note_ja, note_en are optional. Order is kept. `name` stands in errors.
Result<EnteredFigures> parse_entered_figures(std::string_view toml, const std::string& name);
Result<EnteredFigures> read_entered_figures(const std::filesystem::path& path);

}  // namespace sitegate::cloud

template <>
struct std::is_error_code_enum<sitegate::cloud::EnteredFiguresErrc> : std::true_type {};
