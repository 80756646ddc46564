#include "shared/touches/touch_report.hpp"

#include <fmt/format.h>

namespace sitegate::touches {
namespace {

std::string rows_text(const std::vector<BadTouch>& rows) {
  std::string text;
  for (const auto& row : rows)
    text +=
        fmt::format("  line {}: {}{}{}\n", row.line, row.column, row.column.empty() ? "" : ": ", row.reason);
  return text;
}

}  // namespace

std::string to_text(const TouchReport& report) {
  std::string text = fmt::format("{}: imported {}\n{} rows, {} taken, {} refused\n", report.file,
                                 sitegate::to_text(report.imported_at), report.rows, report.taken,
                                 report.rows - report.taken);
  for (const auto& [word, count] : report.outcomes) text += fmt::format("  {}: {}\n", word, count);
  for (const auto& clock : report.clocks) text += to_text(clock) + '\n';
  for (const auto& reader_id : report.unmeasured)
    text += reader_id + ": clock not measured, its times are taken as they are\n";
  for (const auto& column : report.ignored_columns) text += "column ignored: " + column + '\n';
  if (!report.remarks.empty()) text += "recorded, and no history so far:\n" + rows_text(report.remarks);
  if (!report.bad.empty()) text += "refused:\n" + rows_text(report.bad);
  return text;
}

}  // namespace sitegate::touches
