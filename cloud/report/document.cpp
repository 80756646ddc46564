#include "cloud/report/document.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "cloud/report/number_text.hpp"

namespace sitegate::cloud {
namespace {

constexpr std::size_t recent_months = 13;  // a year and the same month of the year before

template <typename... Arguments>
std::string fill(std::string_view pattern, const Arguments&... arguments) {
  return fmt::format(fmt::runtime(pattern), arguments...);
}

std::vector<std::string> cells(std::initializer_list<std::uint64_t> numbers) {
  std::vector<std::string> texts;
  for (const std::uint64_t number : numbers) texts.push_back(grouped(number));
  return texts;
}

/// Makes the sections of one report in one language.
class Writer {
 public:
  Writer(const OperatingStatus& status, const EnteredFigures& entered, const Words& words)
      : status_(status), entered_(entered), words_(words) {}

  [[nodiscard]] std::vector<Section> numbered_sections() const {
    std::vector<Section> sections{registered(), use()};
    if (!entered_.figures.empty()) sections.push_back(entered());
    sections.push_back(methods());
    sections.push_back(recent());
    for (std::size_t i = 0; i < sections.size(); ++i)
      sections[i].heading = fmt::format("{}  {}", i + 1, sections[i].heading);
    return sections;
  }

  [[nodiscard]] Section prefectures() const {
    return {.heading = fill(words_.prefectures_heading,
                            fmt::arg("month_end", month_end_text(words_, status_.month))),
            .mark = {},
            .tables = {technicians_by_prefecture(), companies_by_prefecture()},
            .notes = {}};
  }

  [[nodiscard]] std::vector<Chart> graphs() const {
    using Month = SeriesMonth;
    return {graph("technicians", words_.technicians_graph, {{"", &Month::technicians}}),
            graph("companies", words_.companies_graph,
                  {{words_.corporations_and_individual_businesses,
                    &Month::corporations_and_individual_businesses},
                   {words_.sole_proprietors, &Month::sole_proprietors}}),
            graph("sites", words_.sites_graph, {{"", &Month::sites}}),
            graph("histories", words_.histories_graph, {{"", &Month::histories}})};
  }

 private:
  [[nodiscard]] std::string month() const { return month_text(words_, status_.month); }
  [[nodiscard]] std::string month_before(int count) const {
    return month_text(words_, month_from_number(month_number(status_.month) - count));
  }
  [[nodiscard]] std::string fiscal_year_heading() const {
    return fiscal_year_cumulative_text(words_, fiscal_year(status_.month));
  }

  static Row registered_row(std::string_view heading, const RegisteredRow& row, bool part = false) {
    return {.number = {},
            .heading = std::string(heading),
            .cells = cells({row.new_in_month, row.stock, row.stock_at_last_fiscal_year, row.fiscal_year}),
            .total = false,
            .part = part};
  }

  [[nodiscard]] Section registered() const {
    const std::string stock(words_.registered_stock);
    const auto& numbers = status_.registered;
    Table table{.key = "registered",
                .caption = {},
                .number_heading = {},
                .heading = {},
                .columns = {},
                .rows = {},
                .text_last = false};
    table.columns = {{"", fill(words_.registered_new, fmt::arg("month", month()))},
                     {stock, month_end_text(words_, status_.month)},
                     {stock, month_end_text(words_, last_fiscal_year_end(status_.month))},
                     {stock, fiscal_year_heading()}};
    table.rows = {registered_row(words_.technicians, numbers.technicians),
                  registered_row(words_.companies, numbers.companies),
                  registered_row(words_.excluding_sole_proprietors,
                                 numbers.companies_excluding_sole_proprietors, true)};
    return {.heading = std::string(words_.registered_heading),
            .mark = {},
            .tables = {table},
            .notes = {std::string(words_.registered_note_annex),
                      fill(words_.registered_note_class, fmt::arg("fiscal_year", fiscal_year_heading()))}};
  }

  [[nodiscard]] Table new_sites() const {
    const NewSites& sites = status_.new_sites;
    return {.key = "new-sites",
            .caption = {},
            .number_heading = {},
            .heading = {},
            .columns = {{"", month()},
                        {"", month_before(1)},
                        {"", month_before(2)},
                        {"", fiscal_year_heading()},
                        {"", std::string(words_.cumulative)}},
            .rows = {{.number = {},
                      .heading = std::string(words_.new_sites),
                      .cells = cells({sites.month, sites.month_before, sites.two_months_before,
                                      sites.fiscal_year, sites.cumulative})}},
            .text_last = false};
  }

  [[nodiscard]] Table work_histories() const {
    const WorkHistories& histories = status_.work_histories;
    const std::string cumulative(words_.cumulative);
    return {.key = "work-histories",
            .caption = {},
            .number_heading = {},
            .heading = {},
            .columns = {{"", month()},
                        {"", month_before(1)},
                        {cumulative, std::string(words_.since_start)},
                        {cumulative, fiscal_year_text(words_, fiscal_year(status_.month))}},
            .rows = {{.number = {},
                      .heading = std::string(words_.work_histories),
                      .cells = cells({histories.month, histories.month_before, histories.cumulative,
                                      histories.fiscal_year})}},
            .text_last = false};
  }

  [[nodiscard]] Section use() const {
    return {.heading = std::string(words_.use_heading),
            .mark = {},
            .tables = {new_sites(), work_histories()},
            .notes = {std::string(words_.use_note_annex), std::string(words_.use_note_counting)}};
  }

  [[nodiscard]] Row method_row(std::string_view heading, const MethodRow& row) const {
    const std::uint64_t sum = row.effective + row.not_effective;
    Row result{.number = {},
               .heading = std::string(heading),
               .cells = cells({row.effective, row.not_effective, sum})};
    result.cells.push_back(percent(sum, status_.work_histories.month));
    return result;
  }

  [[nodiscard]] Section methods() const {
    Table table{.key = "methods",
                .caption = {},
                .number_heading = {},
                .heading = std::string(words_.method),
                .columns = {},
                .rows = {},
                .text_last = false};
    for (const auto heading : {words_.effective, words_.not_effective, words_.sum, words_.share})
      table.columns.push_back({"", std::string(heading)});
    MethodRow total;
    for (std::size_t i = 0; i < status_.methods.size(); ++i) {
      table.rows.push_back(method_row(words_.method_names[i], status_.methods[i]));
      total.effective += status_.methods[i].effective;
      total.not_effective += status_.methods[i].not_effective;
    }
    table.rows.push_back(method_row(words_.total, total));
    table.rows.back().total = true;
    return {.heading = fill(words_.methods_heading, fmt::arg("month", month())),
            .mark = {},
            .tables = {table},
            .notes = {std::string(words_.methods_note)}};
  }

  [[nodiscard]] Row entered_row(const EnteredFigure& figure) const {
    const bool ja = &words_ == &words_ja();
    const std::string& unit = ja ? figure.unit_ja : figure.unit_en;
    return {.number = {},
            .heading = ja ? figure.label_ja : figure.label_en,
            .cells = {grouped(figure.value) + (unit.empty() ? "" : " " + unit),
                      ja ? figure.note_ja : figure.note_en}};
  }

  [[nodiscard]] Section entered() const {
    Section section{.heading = std::string(words_.entered_heading),
                    .mark = std::string(words_.entered_mark),
                    .tables = {},
                    .notes = {std::string(words_.entered_note)}};
    Table table{
        .key = "entered",
        .caption = {},
        .number_heading = {},
        .heading = std::string(words_.entered_item),
        .columns = {{"", std::string(words_.entered_value)}, {"", std::string(words_.entered_remark)}},
        .rows = {},
        .text_last = true};
    for (const EnteredFigure& figure : entered_.figures) table.rows.push_back(entered_row(figure));
    section.tables.push_back(std::move(table));
    if (entered_.month && *entered_.month != status_.month)
      section.notes.push_back(
          fill(words_.entered_other_month, fmt::arg("month", month_text(words_, *entered_.month))));
    return section;
  }

  [[nodiscard]] Table prefecture_table(std::string_view key, std::string_view caption) const {
    return {.key = std::string(key),
            .caption = std::string(caption),
            .number_heading = std::string(words_.number),
            .heading = std::string(words_.prefecture),
            .columns = {},
            .rows = {{.number = {}, .heading = std::string(words_.total), .cells = {}, .total = true}},
            .text_last = false};
  }

  [[nodiscard]] Row prefecture_row(Prefecture prefecture, std::vector<std::string> numbers) const {
    const bool ja = &words_ == &words_ja();
    return {.number = std::to_string(prefecture.code()),
            .heading = std::string(ja ? prefecture.name_ja() : prefecture.name_en()),
            .cells = std::move(numbers)};
  }

  [[nodiscard]] Table technicians_by_prefecture() const {
    Table table = prefecture_table("technicians-by-prefecture", words_.technicians_by_prefecture);
    table.columns = {{"", std::string(words_.registered_technicians)}};
    table.rows[0].cells = cells({status_.registered.technicians.stock});
    for (const PrefectureRow& row : status_.prefectures)
      table.rows.push_back(prefecture_row(row.prefecture, cells({row.technicians})));
    return table;
  }

  [[nodiscard]] Table companies_by_prefecture() const {
    Table table = prefecture_table("companies-by-prefecture", words_.companies_by_prefecture);
    table.columns = {{"", std::string(words_.registered_companies)},
                     {"", std::string(words_.excluding_sole_proprietors)}};
    table.rows[0].cells = cells(
        {status_.registered.companies.stock, status_.registered.companies_excluding_sole_proprietors.stock});
    for (const PrefectureRow& row : status_.prefectures)
      table.rows.push_back(
          prefecture_row(row.prefecture, cells({row.companies, row.companies_excluding_sole_proprietors})));
    return table;
  }

  struct BandOf {
    std::string_view name;
    Flow SeriesMonth::*flow;
  };

  /// Graphs start at the first month that has something to show.
  [[nodiscard]] std::size_t first_shown(const std::vector<BandOf>& bands) const {
    for (std::size_t i = 0; i < status_.series.size(); ++i)
      for (const BandOf& band : bands)
        if ((status_.series[i].*band.flow).cumulative > 0) return i;
    return status_.series.size() - 1;
  }

  [[nodiscard]] static Chart empty_graph(const char* key, const GraphWords& graph, const Words& words) {
    Chart chart;
    chart.key = key;
    chart.title = graph.title;
    chart.note = graph.note;
    chart.cumulative_axis = fill(words.cumulative_axis, fmt::arg("unit", graph.unit));
    chart.new_axis = fill(words.new_axis, fmt::arg("unit", graph.unit));
    chart.words = &words;
    return chart;
  }

  [[nodiscard]] Chart graph(const char* key, const GraphWords& graph,
                            const std::vector<BandOf>& bands) const {
    Chart chart = empty_graph(key, graph, words_);
    for (const BandOf& band : bands) chart.bands.push_back({std::string(band.name), {}, {}});
    for (std::size_t i = first_shown(bands); i < status_.series.size(); ++i) {
      chart.months.push_back(status_.series[i].month);
      for (std::size_t band = 0; band < bands.size(); ++band) {
        const Flow& flow = status_.series[i].*bands[band].flow;
        chart.bands[band].cumulative.push_back(flow.cumulative);
        chart.bands[band].new_in_month.push_back(flow.new_in_month);
      }
    }
    chart.description = description(chart);
    return chart;
  }

  [[nodiscard]] std::string description(const Chart& chart) const {
    std::uint64_t cumulative = 0;
    std::uint64_t added = 0;
    for (const ChartBand& band : chart.bands) {
      cumulative += band.cumulative.back();
      added += band.new_in_month.back();
    }
    return fill(words_.graph_description, fmt::arg("title", chart.title),
                fmt::arg("first", month_text(words_, chart.months.front())),
                fmt::arg("last", month_text(words_, chart.months.back())),
                fmt::arg("cumulative", grouped(cumulative)), fmt::arg("new", grouped(added)));
  }

  [[nodiscard]] Row recent_row(const SeriesMonth& month) const {
    return {
        .number = {},
        .heading = month_text(words_, month.month),
        .cells = cells({month.technicians.new_in_month, month.technicians.cumulative,
                        month.companies.new_in_month, month.companies.cumulative, month.sites.new_in_month,
                        month.sites.cumulative, month.histories.new_in_month, month.histories.cumulative})};
  }

  [[nodiscard]] Section recent() const {
    Table table{.key = "recent",
                .caption = {},
                .number_heading = {},
                .heading = std::string(words_.recent_month),
                .columns = {},
                .rows = {},
                .text_last = false};
    for (const auto name : {words_.technicians, words_.companies, words_.sites, words_.work_histories})
      for (const auto kind : {words_.new_in_month, words_.cumulative})
        table.columns.push_back({std::string(name), std::string(kind)});
    const std::size_t count = std::min(recent_months, status_.series.size());
    for (std::size_t i = status_.series.size() - count; i < status_.series.size(); ++i)
      table.rows.push_back(recent_row(status_.series[i]));
    return {.heading = std::string(words_.recent_heading), .mark = {}, .tables = {table}, .notes = {}};
  }

  const OperatingStatus& status_;
  const EnteredFigures& entered_;
  const Words& words_;
};

}  // namespace

Document make_document(const OperatingStatus& status, const EnteredFigures& entered, Language language,
                       UtcTime created) {
  const Words& table = words(language);
  const Writer writer(status, entered, table);
  Document document;
  document.words = &table;
  document.month = month_text(table, status.month);
  document.created = fill(table.created, fmt::arg("date", date_text(table, created)));
  document.sections = writer.numbered_sections();
  document.prefectures = writer.prefectures();
  document.graphs_heading = table.graphs_heading;
  document.graphs = writer.graphs();
  document.violations = identity_violations(status);
  document.checks = document.violations.empty() ? table.checks_hold : table.checks_broken;
  return document;
}

}  // namespace sitegate::cloud
