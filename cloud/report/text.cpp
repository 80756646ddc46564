#include <algorithm>

#include "cloud/report/forms.hpp"
#include "cloud/report/number_text.hpp"

namespace sitegate::cloud {
namespace {

constexpr std::size_t column_gap = 2;

std::string spaces(std::size_t count) {
  return std::string(count, ' ');
}

std::string left(std::string_view text, std::size_t width) {
  return std::string(text) + spaces(width - std::min(width, display_width(text)));
}
std::string right(std::string_view text, std::size_t width) {
  return spaces(width - std::min(width, display_width(text))) + std::string(text);
}
std::string centred(std::string_view text, std::size_t width) {
  const std::size_t before = (width - std::min(width, display_width(text))) / 2;
  return left(spaces(before) + std::string(text), width);
}

/// Line ends carry no spaces.
std::string finished(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

/// Lays out one table in columns of a fixed-width font.
class TextTable {
 public:
  explicit TextTable(const Table& table) : table_(table) {
    heading_width_ = display_width(table.heading);
    for (const Row& row : table.rows)
      heading_width_ = std::max(heading_width_, display_width(heading_of(row)));
    for (std::size_t i = 0; i < table.columns.size(); ++i) widths_.push_back(column_width(i));
    make_room_for_groups();
  }

  [[nodiscard]] std::string lines() const {
    std::string out = table_.caption.empty() ? "" : table_.caption + "\n";
    out += group_line() + heading_line();
    for (const Row& row : table_.rows) out += row_line(row);
    return out;
  }

 private:
  [[nodiscard]] std::string heading_of(const Row& row) const {
    if (!table_.number_heading.empty()) return right(row.number, 2) + "  " + row.heading;
    return row.part ? "  " + row.heading : row.heading;
  }

  [[nodiscard]] std::size_t column_width(std::size_t column) const {
    std::size_t width = display_width(table_.columns[column].heading);
    for (const Row& row : table_.rows) width = std::max(width, display_width(row.cells[column]));
    return width;
  }

  /// The column behind the group that `first` is in.
  [[nodiscard]] std::size_t group_end(std::size_t first) const {
    std::size_t behind = first + 1;
    const std::string& group = table_.columns[first].group;
    while (!group.empty() && behind < widths_.size() && table_.columns[behind].group == group) ++behind;
    return behind;
  }

  [[nodiscard]] std::size_t width_of(std::size_t first, std::size_t behind) const {
    std::size_t width = (behind - first - 1) * column_gap;
    for (std::size_t i = first; i < behind; ++i) width += widths_[i];
    return width;
  }

  void make_room_for_groups() {
    for (std::size_t i = 0; i < widths_.size(); i = group_end(i)) {
      const std::size_t wanted = display_width(table_.columns[i].group);
      const std::size_t width = width_of(i, group_end(i));
      if (wanted > width) widths_[group_end(i) - 1] += wanted - width;
    }
  }

  [[nodiscard]] std::string group_line() const {
    std::string line = spaces(heading_width_);
    bool any = false;
    for (std::size_t i = 0; i < widths_.size(); i = group_end(i)) {
      any = any || !table_.columns[i].group.empty();
      line += spaces(column_gap) + centred(table_.columns[i].group, width_of(i, group_end(i)));
    }
    return any ? finished(line) : "";
  }

  [[nodiscard]] bool is_text(std::size_t column) const {
    return table_.text_last && column + 1 == widths_.size();
  }

  [[nodiscard]] std::string cell(std::size_t column, std::string_view text) const {
    return spaces(column_gap) +
           (is_text(column) ? left(text, widths_[column]) : right(text, widths_[column]));
  }

  [[nodiscard]] std::string heading_line() const {
    std::string line = left(table_.heading, heading_width_);
    for (std::size_t i = 0; i < widths_.size(); ++i) line += cell(i, table_.columns[i].heading);
    return finished(line);
  }

  [[nodiscard]] std::string row_line(const Row& row) const {
    std::string line = left(heading_of(row), heading_width_);
    for (std::size_t i = 0; i < widths_.size(); ++i) line += cell(i, row.cells[i]);
    return finished(line);
  }

  const Table& table_;
  std::size_t heading_width_ = 0;
  std::vector<std::size_t> widths_;
};

std::string section_text(const Section& section) {
  std::string out = section.heading;
  if (!section.mark.empty()) out += " [" + section.mark + "]";
  out += "\n\n";
  for (const Table& table : section.tables) out += TextTable(table).lines() + "\n";
  for (const std::string& note : section.notes) out += note + "\n";
  if (!section.notes.empty()) out += "\n";
  return out + "\n";
}

}  // namespace

std::string render_text(const Document& document) {
  std::string out =
      std::string(document.words->title) + "\n" + document.month + "    " + document.created + "\n\n\n";
  for (const Section& section : document.sections) out += section_text(section);
  out += section_text(document.prefectures);
  out += document.checks + "\n";
  for (const std::string& violation : document.violations) out += "  " + violation + "\n";
  return out;
}

}  // namespace sitegate::cloud
