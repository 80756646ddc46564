#include "devices/marker/marker_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "devices/marker/aruco_decoder.hpp"

namespace sitegate::devices::marker {
namespace {

constexpr double caption_mm = 6;

struct Grid {
  int columns;
  int rows;
  double cell_mm;
};

Grid grid_of(const SheetLayout& layout) {
  const double cell = layout.side_mm * (1 + 2 * quiet_zone);
  const double width = layout.page_width_mm - 2 * layout.margin_mm;
  const double height = layout.page_height_mm - 2 * layout.margin_mm;
  return {static_cast<int>(width / cell), static_cast<int>(height / (cell + caption_mm)), cell};
}

/// Black modules as rectangles, one for each run in a row.
std::string black_runs(const cv::Mat& modules, double x, double y, double module_mm) {
  std::string path;
  for (int row = 0; row < modules.rows; ++row)
    for (int column = 0; column < modules.cols;) {
      int end = column;
      while (end < modules.cols && modules.at<std::uint8_t>(row, end) == 0) ++end;
      if (end > column)
        path +=
            fmt::format("M{:.3f} {:.3f}h{:.3f}v{:.3f}h-{:.3f}z", x + column * module_mm, y + row * module_mm,
                        (end - column) * module_mm, module_mm, (end - column) * module_mm);
      column = std::max(end, column + 1);
    }
  return path;
}

std::string one_marker(std::string_view family, std::uint32_t id, const SheetLayout& layout, double cell,
                       double x, double y) {
  const cv::Mat modules = marker_modules(family, id);
  const double inset = layout.side_mm * quiet_zone;
  std::string svg = fmt::format(
      "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"none\" stroke=\"#bbb\" "
      "stroke-width=\"0.1\" stroke-dasharray=\"1 1\"/>\n",
      x, y, cell, cell + caption_mm);
  svg += "<path shape-rendering=\"crispEdges\" d=\"" +
         black_runs(modules, x + inset, y + inset, layout.side_mm / modules.cols) + "\"/>\n";
  return svg + fmt::format(
                   "<text x=\"{:.2f}\" y=\"{:.2f}\" font-family=\"sans-serif\" font-size=\"3.5\" "
                   "text-anchor=\"middle\">{} {}</text>\n",
                   x + cell / 2, y + cell + 3, family, id);
}

}  // namespace

int markers_per_page(const SheetLayout& layout) {
  const Grid grid = grid_of(layout);
  return std::max(0, grid.columns) * std::max(0, grid.rows);
}

std::string marker_sheet(std::string_view family, const std::vector<std::uint32_t>& ids,
                         const SheetLayout& layout) {
  const Grid grid = grid_of(layout);
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}mm\" height=\"{1}mm\" viewBox=\"0 0 {0} {1}\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n",
      layout.page_width_mm, layout.page_height_mm);
  const auto count = std::min(ids.size(), static_cast<std::size_t>(markers_per_page(layout)));
  for (std::size_t i = 0; i < count; ++i) {
    const auto column = static_cast<int>(i) % grid.columns;
    const auto row = static_cast<int>(i) / grid.columns;
    svg += one_marker(family, ids[i], layout, grid.cell_mm, layout.margin_mm + column * grid.cell_mm,
                      layout.margin_mm + row * (grid.cell_mm + caption_mm));
  }
  return svg + "</svg>\n";
}

}  // namespace sitegate::devices::marker
