// Sheets of markers to print and cut out, each with the quiet zone that it needs.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sitegate::devices::marker {

/// White around the marker, as a part of its side. Under 0.1414 a white label on a dark helmet is not found
/// at all by OpenCV's own settings; ours find it from 0.06 on, other people's readers do not.
inline constexpr double quiet_zone = 0.25;

struct SheetLayout {
  double side_mm = 60;  ///< of the black square; 15 to 120
  double page_width_mm = 210;
  double page_height_mm = 297;
  double margin_mm = 10;
};

/// How many markers stand on one page; 0: one is larger than the page.
int markers_per_page(const SheetLayout& layout);

/// SVG, one page with the first markers_per_page() of `ids`: marker, lines to cut along, family and number
/// below each.
std::string marker_sheet(std::string_view family, const std::vector<std::uint32_t>& ids,
                         const SheetLayout& layout);

}  // namespace sitegate::devices::marker
