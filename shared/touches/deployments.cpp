#include "shared/touches/deployments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <tuple>

#include "shared/csv/cell_values.hpp"
#include "shared/touches/touch_file.hpp"

namespace sitegate::touches {
namespace {

using enum Need;

constexpr std::size_t file_size_max = 16 * 1024 * 1024;

constexpr Column columns[] = {
    {"reader_id", required, "リーダーID 端末番号", "as in the readers' files", {"BLR-0007", "BLR-0008"}},
    {"site_id", required, "現場ID", "14 digits", {"00000000000901", "00000000000901"}},
    {"gate", optional, "ゲート", "name of the gate; default 1", {"north", ""}},
    {"direction",
     optional,
     "入退場",
     "entry 入場, exit 退場; empty: the first touch of a shift is the entry",
     {"", "exit"}},
    {"from", required, "開始日", "first date there", {"2023-07-01", "2023-07-01"}},
    {"until", optional, "終了日", "last date there; empty: still there", {"2023-07-31", ""}},
};

Error bad_row(std::uint64_t line, std::string_view column, std::string_view reason) {
  return fail(DeploymentErrc::bad_row,
              fmt::format("line {}: {}{}{}", line, column, column.empty() ? "" : " ", reason));
}

Result<Deployment> deployment_of(const CsvHeader& header, const CsvRow& row) {
  const auto cell = [&](std::string_view column) { return cell_of(header, row.cells, column); };
  if (!row.mistake.empty()) return bad_row(row.line, {}, row.mistake);
  if (!is_reader_id(cell("reader_id")))
    return bad_row(row.line, "reader_id", "is no reader ID: 1 to 40 letters, digits and hyphens");
  const auto site = SiteId::parse(cell("site_id"));
  if (!site) return bad_row(row.line, "site_id", "is no 14-digit ID: " + shown_cell(cell("site_id")));
  const auto direction = parse_touch_direction(cell("direction"));
  if (!direction) return bad_row(row.line, "direction", "is neither entry, exit nor empty");
  const auto from = lenient_date(cell("from"));
  if (!from) return bad_row(row.line, "from", "is no date like 2023-07-31: " + shown_cell(cell("from")));
  const auto until = lenient_date(cell("until"));
  if (!until && !cell("until").empty())
    return bad_row(row.line, "until", "is no date like 2023-07-31: " + shown_cell(cell("until")));
  if (until && *until < *from) return bad_row(row.line, "until", "lies before from");
  const auto gate = cell("gate");
  if (gate.size() > name_size_max) return bad_row(row.line, "gate", "is longer than 64 bytes");
  return Deployment{std::string(cell("reader_id")),
                    *site,
                    gate.empty() ? "1" : std::string(gate),
                    *direction,
                    *from,
                    until};
}

/// The stay behind `stay`, of the same reader, begins while it still lasts.
bool overlap(const Deployment& stay, const Deployment& next) {
  return stay.reader_id == next.reader_id && (!stay.until || next.from <= *stay.until);
}

}  // namespace

const char* errc_category(DeploymentErrc) {
  return "deployments";
}

std::string_view errc_text(DeploymentErrc what) {
  switch (what) {
    case DeploymentErrc::unreadable:
      return "the table of the readers' sites cannot be read";
    case DeploymentErrc::bad_row:
      return "the table of the readers' sites has a bad row";
    case DeploymentErrc::overlap:
      return "a reader stands at two gates on one date";
  }
  return "unknown";
}

std::span<const Column> deployment_columns() {
  return columns;
}

Result<Deployments> Deployments::parse(ByteView file) {
  Deployments made;
  std::optional<Error> failed;
  CsvTable table(columns, "readers' sites", TextEncoding::detect,
                 {.row = [&](const CsvHeader& header, CsvRow&& row) {
                   if (failed) return;
                   auto stay = deployment_of(header, row);
                   if (!stay)
                     failed = stay.error();
                   else if (made.stays_.size() >= deployments_count_max)
                     failed = bad_row(row.line, {}, "more rows than a table may have");
                   else
                     made.stays_.push_back(std::move(stay).value());
                 }});
  SITEGATE_TRYV(table.feed(file));
  SITEGATE_TRYV(table.finish());
  if (failed) return *failed;
  std::sort(made.stays_.begin(), made.stays_.end(), [](const Deployment& a, const Deployment& b) {
    return std::tie(a.reader_id, a.from) < std::tie(b.reader_id, b.from);
  });
  const auto twice = std::adjacent_find(made.stays_.begin(), made.stays_.end(), overlap);
  if (twice != made.stays_.end())
    return fail(DeploymentErrc::overlap,
                fmt::format("{} from {} on", twice->reader_id, sitegate::to_text(std::next(twice)->from)));
  return made;
}

Result<Deployments> Deployments::load(const std::filesystem::path& file) {
  std::error_code code;
  const auto size = std::filesystem::file_size(file, code);
  std::ifstream in(file, std::ios::binary);
  if (code || !in || size > file_size_max)
    return fail(DeploymentErrc::unreadable,
                file.string() + (size > file_size_max ? ": larger than 16 MiB" : ""));
  const Bytes bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto parsed = parse(bytes);
  if (!parsed) return Error{parsed.error().code, file.string() + ": " + parsed.error().detail};
  return parsed;
}

const Deployment* Deployments::find(const std::string& reader_id, Date date) const {
  const auto behind = std::upper_bound(stays_.begin(), stays_.end(), std::tie(reader_id, date),
                                       [](const auto& wanted, const Deployment& stay) {
                                         return wanted < std::tie(stay.reader_id, stay.from);
                                       });
  if (behind == stays_.begin()) return nullptr;
  const Deployment& stay = *std::prev(behind);
  const bool there = stay.reader_id == reader_id && (!stay.until || date <= *stay.until);
  return there ? &stay : nullptr;
}

}  // namespace sitegate::touches
