// The file of a logging reader (a reader that stores touches without a PC): what stands in it, before its
// clock was corrected and before it is known where the reader stood. The form is SiteGate's own, README.md
// has it.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/base/error.hpp"
#include "shared/csv/csv_table.hpp"
#include "shared/model/credential.hpp"
#include "shared/model/passage.hpp"
#include "shared/touches/clock_correction.hpp"

namespace sitegate::touches {

struct Touch {
  std::uint64_t line = 0;    ///< of the file, from 1
  std::uint64_t number = 0;  ///< running number of the reader, at least 1
  std::string reader_id;
  CardCredential card;
  UtcTime reader_time{};               ///< as the reader's clock had it
  std::optional<Direction> direction;  ///< where the reader has keys for it
  bool operator==(const Touch&) const = default;
};

/// A row that did not come in, and why.
struct BadTouch {
  std::uint64_t line = 0;
  std::string column;  ///< empty: the row as a whole
  std::string reason;
  bool operator==(const BadTouch&) const = default;
};

struct TouchFile {
  std::uint64_t rows = 0;  ///< data rows: touches + bad
  std::vector<Touch> touches;
  std::vector<BadTouch> bad;
  std::vector<ClockMeasurement> measurements;  ///< of the #clock rows
  std::vector<std::string> ignored_columns;
  TextEncoding encoding = TextEncoding::detect;
};

enum class TouchErrc {
  unreadable = 1,  ///< cannot be opened or read
  too_large
};
const char* errc_category(TouchErrc);
std::string_view errc_text(TouchErrc);

/// About a million touches; the file is held in memory.
inline constexpr std::size_t touch_file_size_max = 64u << 20;
inline constexpr std::size_t reader_id_size_max = 40;

struct TouchFileOptions {
  std::chrono::minutes utc_offset{540};  ///< of times without a zone
  TextEncoding encoding = TextEncoding::detect;
};

std::span<const Column> touch_columns();
/// A file to start from: a clock row and two touches.
std::string example_touch_file();

/// 1 to 40 letters, digits and hyphens: also part of event keys and gateway names.
bool is_reader_id(std::string_view text);
/// "entry", "exit", 入場, 退場, 入, 退; "" is no direction; outer nullopt: none of these.
std::optional<std::optional<Direction>> parse_touch_direction(std::string_view word);

/// Good rows are kept, bad rows are said with line and reason. Errors are CsvErrc (no header, no text) and
/// TouchErrc: then nothing of it can be used.
Result<TouchFile> parse_touch_file(ByteView file, const TouchFileOptions& options = {});
Result<TouchFile> load_touch_file(const std::filesystem::path& file, const TouchFileOptions& options = {});

}  // namespace sitegate::touches
