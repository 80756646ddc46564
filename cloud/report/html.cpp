#include <spdlog/fmt/fmt.h>

#include "cloud/report/forms.hpp"
#include "cloud/report/markup.hpp"

namespace sitegate::cloud {
namespace {

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

/// How many columns from `first` on share its group.
std::size_t group_span(const Table& table, std::size_t first) {
  std::size_t behind = first + 1;
  while (behind < table.columns.size() && table.columns[behind].group == table.columns[first].group) ++behind;
  return behind - first;
}

bool has_groups(const Table& table) {
  for (const Column& column : table.columns)
    if (!column.group.empty()) return true;
  return false;
}

/// The corner above the row headings; it reaches over both rows of headings.
std::string corner(const Table& table) {
  const std::string span = has_groups(table) ? R"( rowspan="2")" : "";
  std::string out;
  if (!table.number_heading.empty())
    out += text_element("th", R"(scope="col" class="number")" + span, table.number_heading);
  if (table.heading.empty()) return out + element("td", R"(class="corner")" + span, "");
  return out + text_element("th", R"(scope="col" class="name")" + span, table.heading);
}

std::string column_heading(const Table& table, std::size_t column, std::string_view attributes) {
  const bool text = table.text_last && column + 1 == table.columns.size();
  return text_element("th", fmt::format(R"(scope="col"{}{})", text ? R"( class="words")" : "", attributes),
                      table.columns[column].heading);
}

/// Upper row: headings without a group over both rows, groups over their columns.
std::string upper_headings(const Table& table) {
  std::string out = corner(table);
  for (std::size_t i = 0; i < table.columns.size();) {
    if (table.columns[i].group.empty()) {
      out += column_heading(table, i++, R"( rowspan="2")");
      continue;
    }
    const std::size_t span = group_span(table, i);
    out += text_element("th", fmt::format(R"(scope="colgroup" class="group" colspan="{}")", span),
                        table.columns[i].group);
    i += span;
  }
  return out;
}

std::string headings(const Table& table) {
  std::string lower;
  const bool groups = has_groups(table);
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (!groups || !table.columns[i].group.empty()) lower += column_heading(table, i, "");
  if (!groups) return element("thead", "", element("tr", "", corner(table) + lower));
  return element("thead", "", element("tr", "", upper_headings(table)) + element("tr", "", lower));
}

std::string row_markup(const Table& table, const Row& row) {
  std::string out;
  if (!table.number_heading.empty()) out += text_element("td", R"(class="number")", row.number);
  out += text_element("th", R"(scope="row")", row.heading);
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const bool text = table.text_last && i + 1 == row.cells.size();
    out += text_element("td", text ? R"(class="words")" : "", row.cells[i]);
  }
  return element("tr", row.total ? R"(class="total")" : row.part ? R"(class="part")" : "", out) + "\n";
}

std::string table_markup(const Table& table) {
  std::string content = "\n";
  if (!table.caption.empty()) content += text_element("caption", "", table.caption);
  content += headings(table) + "\n<tbody>\n";
  for (const Row& row : table.rows) content += row_markup(table, row);
  return element("table", fmt::format(R"(class="{}")", table.key), content + "</tbody>\n") + "\n";
}

std::string notes_markup(const std::vector<std::string>& notes) {
  std::string out;
  for (const std::string& note : notes) out += text_element("p", R"(class="note")", note) + "\n";
  return out;
}

std::string section_heading(const Section& section) {
  std::string content = escape(section.heading);
  if (!section.mark.empty()) content += " " + text_element("span", R"(class="mark")", section.mark);
  return element("h2", "", content) + "\n";
}

std::string section_markup(const Section& section) {
  std::vector<std::string> parts{section_heading(section)};
  for (const Table& table : section.tables) parts.push_back(table_markup(table));
  parts.push_back(notes_markup(section.notes));
  return element("section", "", join(parts)) + "\n";
}

std::string prefectures_markup(const Section& section) {
  std::string tables;
  for (const Table& table : section.tables) tables += table_markup(table);
  return element("section", R"(class="annex")",
                 section_heading(section) + element("div", R"(class="side-by-side")", tables) +
                     notes_markup(section.notes)) +
         "\n";
}

std::string figure_markup(const Chart& chart) {
  return element("figure", "",
                 text_element("figcaption", "", chart.title) + render_svg(chart) +
                     text_element("p", R"(class="note")", chart.note)) +
         "\n";
}

std::string graphs_markup(const Document& document) {
  std::string content = text_element("h2", "", document.graphs_heading) + "\n";
  for (const Chart& chart : document.graphs) content += figure_markup(chart);
  return element("section", R"(class="annex graphs")", content) + "\n";
}

std::string checks_markup(const Document& document) {
  std::string content = text_element("p", R"(class="note")", document.checks);
  for (const std::string& violation : document.violations)
    content += text_element("p", R"(class="note")", violation);
  return element("div", document.violations.empty() ? R"(class="checks")" : R"(class="checks broken")",
                 content) +
         "\n";
}

std::string header_markup(const Document& document) {
  const std::string line = text_element("p", R"(class="month")", document.month) +
                           text_element("p", R"(class="created")", document.created);
  std::string title = text_element("h1", "", document.words->title);
  if (!document.words->system.empty())
    title += text_element("p", R"(class="system")", document.words->system);
  return element("header", "", title + element("div", R"(class="issue")", line)) + "\n";
}

std::string head_markup(const Document& document) {
  // The running title of the printed pages behind the first.
  const std::string running = fmt::format(
      "@page {{ @top-left {{ content: \"{}  {}\"; }} }}\n"
      "@page :first {{ @top-left {{ content: \"\"; }} }}\n",
      document.words->title, document.month);
  return element("head", "",
                 "\n<meta charset=\"utf-8\"/>\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
                     text_element("title", "", fmt::format("{} {}", document.words->title, document.month)) +
                     "\n" + element("style", "", "\n" + std::string(stylesheet()) + running) + "\n") +
         "\n";
}

}  // namespace

std::string render_html(const Document& document) {
  std::string body = header_markup(document);
  for (const Section& section : document.sections) body += section_markup(section);
  body += checks_markup(document) + prefectures_markup(document.prefectures) + graphs_markup(document);
  const std::string attributes = fmt::format(
      R"(xmlns="http://www.w3.org/1999/xhtml" lang="{0}" xml:lang="{0}")", document.words->language);
  return "<!DOCTYPE html>\n" +
         element("html", attributes,
                 "\n" + head_markup(document) + element("body", "", "\n" + element("main", "", "\n" + body)) +
                     "\n") +
         "\n";
}

}  // namespace sitegate::cloud
