// A graph of the report as SVG: the cumulative number above, what each month added below, on one time axis
// with fiscal years. Two panels instead of two scales in one. Colours differ in lightness, so they survive
// grey print.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cloud/report/words.hpp"

namespace sitegate::cloud {

/// Both vectors have one value a month.
struct ChartBand {
  std::string name;  ///< shown only when there are several bands
  std::vector<std::uint64_t> cumulative;
  std::vector<std::uint64_t> new_in_month;
};

struct Chart {
  std::string key;  ///< makes ids in the page: [a-z_]
  std::string title;
  std::string description;
  std::string cumulative_axis;
  std::string new_axis;
  std::string note;
  std::vector<Month> months;     ///< consecutive, at least one
  std::vector<ChartBand> bands;  ///< stacked, the first lowest; 1 or 2
  const Words* words = nullptr;
};

inline constexpr double chart_width = 720;
inline constexpr double chart_height = 430;

/// An <svg> element with <title> and <desc>; sized by its viewBox (chart_width × chart_height).
std::string render_svg(const Chart& chart);

}  // namespace sitegate::cloud
