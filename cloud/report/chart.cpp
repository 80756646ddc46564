#include "cloud/report/chart.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cloud/report/markup.hpp"
#include "cloud/report/number_text.hpp"

namespace sitegate::cloud {
namespace {

constexpr double plot_left = 66;
constexpr double plot_right = 566;  // what is right of it belongs to the direct labels
constexpr double label_left = plot_right + 12;
constexpr double fiscal_year_width_min = 62;  // of a label such as 2023年度 with air

struct Tone {
  std::string_view area, bar;
};
/// Relative luminance about 0.26 and 0.67: two clear greys.
constexpr std::array<Tone, 2> tones{{{"#6f96bd", "#3f6c99"}, {"#cfdeec", "#a9c3dc"}}};
constexpr std::string_view ink = "#16324f";

std::string text_at(double x, double y, std::string_view anchor, std::string_view css,
                    std::string_view text) {
  return text_element(
      "text", fmt::format(R"(class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}")", css, x, y, anchor), text);
}

std::string line(double x1, double y1, double x2, double y2, std::string_view css) {
  return element(
      "line",
      fmt::format(R"(class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}")", css, x1, y1, x2, y2), "");
}

using Values = std::vector<std::uint64_t>;

/// The bands' values added up: [0] all zero, [i] the upper edge of band i-1.
std::vector<Values> stacked(const Chart& chart, Values ChartBand::*values) {
  std::vector<Values> edges{Values(chart.months.size(), 0)};
  for (const ChartBand& band : chart.bands) {
    Values edge = edges.back();
    for (std::size_t i = 0; i < edge.size(); ++i) edge[i] += (band.*values)[i];
    edges.push_back(std::move(edge));
  }
  return edges;
}

/// A rectangle with a linear value axis from 0.
class Panel {
 public:
  Panel(const Chart& chart, std::vector<Values> edges, double top, double bottom, int ticks_max)
      : chart_(chart), edges_(std::move(edges)), top_(top), bottom_(bottom) {
    ticks_ = axis_ticks(*std::max_element(edges_.back().begin(), edges_.back().end()), ticks_max);
  }

  [[nodiscard]] double slot() const {
    return (plot_right - plot_left) / static_cast<double>(chart_.months.size());
  }
  [[nodiscard]] double x(std::size_t month) const {
    return plot_left + slot() * (static_cast<double>(month) + 0.5);
  }
  [[nodiscard]] double y(std::uint64_t value) const {
    return bottom_ - (bottom_ - top_) * static_cast<double>(value) / static_cast<double>(ticks_.back());
  }

  /// Heading, horizontal rules and tick labels.
  [[nodiscard]] std::string axis(std::string_view heading) const {
    std::string out = text_at(0, top_ - 12, "start", "axis-heading", heading);
    for (const std::uint64_t tick : ticks_) {
      out += line(plot_left, y(tick), plot_right, y(tick), tick == 0 ? "base" : "rule");
      out += text_at(plot_left - 7, y(tick) + 4, "end", "tick", axis_text(*chart_.words, tick, ticks_[1]));
    }
    return out;
  }

  [[nodiscard]] std::string areas() const {
    std::string out;
    for (std::size_t band = 0; band + 1 < edges_.size(); ++band)
      out += element("path", fmt::format(R"(fill="{}" d="{}")", area_tone(band), area_path(band)), "");
    for (std::size_t band = 1; band < edges_.size(); ++band)
      out += element("polyline",
                     fmt::format(R"(class="{}" points="{}")", band + 1 == edges_.size() ? "edge" : "inner",
                                 points(edges_[band])),
                     "");
    return out;
  }

  [[nodiscard]] std::string bars() const {
    std::string out;
    for (std::size_t band = 0; band + 1 < edges_.size(); ++band)
      for (std::size_t month = 0; month < chart_.months.size(); ++month) out += bar(band, month);
    return out;
  }

  /// Upper edge of band `band` at the last month; band 0 is the base line.
  [[nodiscard]] double last_y(std::size_t band) const { return y(edges_[band].back()); }
  [[nodiscard]] std::uint64_t last_total() const { return edges_.back().back(); }
  [[nodiscard]] double last_x() const { return x(chart_.months.size() - 1); }

 private:
  [[nodiscard]] std::string points(const Values& edge) const {
    std::string out;
    for (std::size_t i = 0; i < edge.size(); ++i) out += fmt::format("{:.1f},{:.1f} ", x(i), y(edge[i]));
    out.pop_back();
    return out;
  }
  [[nodiscard]] std::string area_path(std::size_t band) const {
    std::string path = "M" + points(edges_[band + 1]);
    for (std::size_t i = edges_[band].size(); i > 0; --i)
      path += fmt::format(" {:.1f},{:.1f}", x(i - 1), y(edges_[band][i - 1]));
    return path + "Z";
  }
  [[nodiscard]] std::string bar(std::size_t band, std::size_t month) const {
    const double width = std::min(slot() * 0.72, 40.0);
    const double upper = y(edges_[band + 1][month]);
    return element(
        "rect",
        fmt::format(R"(fill="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}")", tones[band].bar,
                    x(month) - width / 2, upper, width, y(edges_[band][month]) - upper),
        "");
  }

  /// A single area needs no strong colour: its edge speaks.
  [[nodiscard]] std::string_view area_tone(std::size_t band) const {
    return chart_.bands.size() == 1 ? tones.back().area : tones[band].area;
  }

  const Chart& chart_;
  std::vector<Values> edges_;
  double top_;
  double bottom_;
  std::vector<std::uint64_t> ticks_;
};

/// One fiscal year's part of the months: [first, behind).
struct YearSpan {
  int year;
  std::size_t first, behind;
};

std::vector<YearSpan> year_spans(const std::vector<Month>& months) {
  std::vector<YearSpan> spans;
  for (std::size_t i = 0; i < months.size(); ++i) {
    const int year = fiscal_year(months[i]);
    if (spans.empty() || spans.back().year != year) spans.push_back({year, i, i});
    spans.back().behind = i + 1;
  }
  return spans;
}

/// Rules at each 1 April and the years' names below; names are left out evenly where they would touch.
std::string fiscal_years(const Chart& chart, double slot, double top, double bottom) {
  const auto spans = year_spans(chart.months);
  const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(fiscal_year_width_min / (12 * slot))));
  std::string out;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const double left = plot_left + slot * static_cast<double>(spans[i].first);
    const double right = plot_left + slot * static_cast<double>(spans[i].behind);
    if (i > 0) out += line(left, top, left, bottom + 6, "year");
    if ((spans.size() - 1 - i) % every == 0)
      out += text_at((left + right) / 2, bottom + 19, "middle", "tick",
                     fiscal_year_text(*chart.words, spans[i].year));
  }
  return out;
}

/// A name, maybe in two lines, with a number below: what stands right of the plot.
struct Label {
  double y;  ///< middle
  std::string name;
  std::uint64_t value;
};

constexpr double label_height = 33;

/// Moves labels, given from the lowest up, apart, and none below `bottom`.
void separate(std::vector<Label>& labels, double bottom) {
  double limit = bottom - label_height / 2;
  for (Label& label : labels) {
    label.y = std::min(label.y, limit);
    limit = label.y - label_height;
  }
}

/// Splits a long name at a space near its middle.
std::vector<std::string> name_lines(const std::string& name) {
  if (display_width(name) <= 20) return {name};
  const std::size_t space = name.find(' ', name.size() / 3);
  if (space == std::string::npos) return {name};
  return {name.substr(0, space), name.substr(space + 1)};
}

std::string label_markup(const Label& label, std::string_view css) {
  const auto lines = label.name.empty() ? std::vector<std::string>{} : name_lines(label.name);
  double y = label.y + 5 - 7 * static_cast<double>(lines.size());
  std::string out;
  for (const std::string& name : lines) {
    out += text_at(label_left, y, "start", "band", name);
    y += 14;
  }
  return out + text_at(label_left, y, "start", css, grouped(label.value));
}

std::string cumulative_labels(const Chart& chart, const Panel& panel, double bottom) {
  if (chart.bands.size() == 1) return label_markup({panel.last_y(1), "", panel.last_total()}, "value");
  std::vector<Label> labels;
  for (std::size_t band = 0; band < chart.bands.size(); ++band)
    labels.push_back({(panel.last_y(band) + panel.last_y(band + 1)) / 2, chart.bands[band].name,
                      chart.bands[band].cumulative.back()});
  labels.push_back({panel.last_y(chart.bands.size()) - 6, std::string(chart.words->sum), panel.last_total()});
  separate(labels, bottom);
  std::string out;
  for (std::size_t i = 0; i < labels.size(); ++i)
    out += label_markup(labels[i], i + 1 == labels.size() ? "value" : "band-value");
  return out;
}

std::string dot(double x, double y) {
  return element("circle", fmt::format(R"(fill="{}" cx="{:.1f}" cy="{:.1f}" r="3")", ink, x, y), "");
}

std::string month_label(const Chart& chart, const Panel& panel, double bottom) {
  const double y = std::min(panel.last_y(chart.bands.size()), bottom - label_height / 2);
  return label_markup({y, month_text(*chart.words, chart.months.back()), panel.last_total()}, "value");
}

}  // namespace

std::string render_svg(const Chart& chart) {
  constexpr double upper_top = 28, upper_bottom = 256, lower_top = 308, lower_bottom = 404;
  const Panel upper(chart, stacked(chart, &ChartBand::cumulative), upper_top, upper_bottom, 5);
  const Panel lower(chart, stacked(chart, &ChartBand::new_in_month), lower_top, lower_bottom, 3);
  std::string content = text_element("title", fmt::format(R"(id="{}-title")", chart.key), chart.title);
  content += text_element("desc", fmt::format(R"(id="{}-desc")", chart.key), chart.description);
  content += upper.axis(chart.cumulative_axis) + upper.areas() + lower.axis(chart.new_axis) + lower.bars();
  content += fiscal_years(chart, upper.slot(), upper_top, lower_bottom);
  content += dot(upper.last_x(), upper.last_y(chart.bands.size()));
  content += cumulative_labels(chart, upper, upper_bottom) + month_label(chart, lower, lower_bottom);
  const std::string attributes = fmt::format(
      R"(xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc")",
      chart_width, chart_height, chart.key, chart.key);
  return element("svg", attributes, content);
}

}  // namespace sitegate::cloud
