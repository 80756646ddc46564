// Sheets to print: what stands on them is what the decoder reads, with the quiet zone it needs.
#include "devices/marker/marker_sheet.hpp"

#include <boost/test/unit_test.hpp>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <regex>

#include "devices/marker/aruco_decoder.hpp"

namespace sitegate::devices::marker {
namespace {

constexpr double pixels_per_mm = 4;

/// Draws the sheet as a printer would: the black runs of its paths.
cv::Mat printed(const std::string& svg, const SheetLayout& layout) {
  cv::Mat page(static_cast<int>(layout.page_height_mm * pixels_per_mm),
               static_cast<int>(layout.page_width_mm * pixels_per_mm), CV_8UC1, cv::Scalar(255));
  static const std::regex run("M([0-9.]+) ([0-9.]+)h([0-9.]+)v([0-9.]+)h-");
  for (std::sregex_iterator at(svg.begin(), svg.end(), run), end; at != end; ++at) {
    const auto pixels = [&](int group) {
      return static_cast<int>(std::lround(std::stod((*at)[static_cast<std::size_t>(group)]) * pixels_per_mm));
    };
    cv::rectangle(page, cv::Rect(pixels(1), pixels(2), pixels(3), pixels(4)), cv::Scalar(0), cv::FILLED);
  }
  return page;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(marker_sheet_svg)

BOOST_AUTO_TEST_CASE(every_marker_of_the_sheet_is_read) {
  const SheetLayout layout{.side_mm = 40};
  BOOST_TEST(markers_per_page(layout) == 3 * 4);
  std::vector<std::uint32_t> ids(12);
  std::iota(ids.begin(), ids.end(), 100);
  for (const auto family : marker_families) {
    const auto svg = marker_sheet(family, ids, layout);
    const auto page = printed(svg, layout);
    auto found = make_aruco_decoder(family)->find({}, page);
    BOOST_TEST(found.size() == 12u);
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    for (std::size_t i = 0; i < found.size(); ++i) {
      BOOST_TEST(found[i].id == ids[i]);
      const double side = cv::norm(found[i].corners[1] - found[i].corners[0]) / pixels_per_mm;
      BOOST_TEST(std::abs(side - 40) < 1);
      BOOST_TEST(svg.find(std::string(family) + " " + std::to_string(ids[i])) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_quiet_zone_is_white) {
  const SheetLayout layout{.side_mm = 60};
  const auto page = printed(marker_sheet("apriltag-36h11", {3}, layout), layout);
  const auto found = make_aruco_decoder("apriltag-36h11")->find({}, page);
  BOOST_REQUIRE(found.size() == 1u);
  const int side = static_cast<int>(60 * pixels_per_mm);
  const auto zone = static_cast<int>(0.2 * side);
  const cv::Point corner = found.front().corners[0];
  const cv::Rect around(corner.x - zone, corner.y - zone, side + 2 * zone, side + 2 * zone);
  cv::Mat label = page(around).clone();
  BOOST_TEST(cv::countNonZero(label == 0) > 0);
  label(cv::Rect(zone - 2, zone - 2, side + 4, side + 4)) = 255;
  BOOST_TEST(cv::countNonZero(label == 0) == 0);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit) {
  BOOST_TEST(markers_per_page({.side_mm = 160}) == 0);
  BOOST_TEST(markers_per_page({.side_mm = 120}) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::marker
