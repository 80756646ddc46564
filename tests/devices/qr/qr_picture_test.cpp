// Codes as we print them: ISO/IEC 18004 sizes and quiet zone, and all forms say the same.
#include "devices/qr/qr_picture.hpp"

#include <boost/test/unit_test.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "devices/qr/code_finder.hpp"
#include "shared/codes/technician_code.hpp"

namespace sitegate::devices::qr {
namespace {

std::string example() {
  return codes::make_technician_code({.kind = codes::CodeKind::printed,
                                      .technician = *TechnicianId::from_number(101),
                                      .site = std::nullopt,
                                      .serial = 5,
                                      .issued_at = UtcTime(std::chrono::milliseconds(1'690'756'200'000)),
                                      .expires_at = UtcTime(std::chrono::milliseconds(1'790'756'200'000))},
                                     crypto::SigningKey::generate());
}

std::vector<std::string> read(const cv::Mat& picture) {
  cv::Mat bgr;
  cv::cvtColor(picture, bgr, cv::COLOR_GRAY2BGR);
  return CodeFinder({}, nullptr).look(bgr, {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(qr_pictures)

BOOST_AUTO_TEST_CASE(a_technicians_code_is_version_6) {
  const auto modules = qr_modules(example());
  BOOST_TEST(modules.rows == 41 + 2 * quiet_modules);  // ISO/IEC 18004, table 1: version 6
  BOOST_TEST(modules.cols == modules.rows);
  BOOST_TEST(cv::countNonZero(modules.rowRange(0, quiet_modules) == 0) == 0);
  BOOST_TEST(cv::countNonZero(modules.colRange(modules.cols - quiet_modules, modules.cols) == 0) == 0);
}

BOOST_AUTO_TEST_CASE(what_is_printed_is_read) {
  for (const auto& text : {example(), std::string("A-17"), std::string("00000000000101")}) {
    const auto texts = read(qr_picture(text, 4));
    BOOST_REQUIRE(texts.size() == 1u);
    BOOST_TEST(texts.front() == text);
    const auto png = qr_png(text, 3);
    BOOST_REQUIRE(png);
    BOOST_TEST((read(cv::imdecode(png.value(), cv::IMREAD_GRAYSCALE)) == std::vector{text}));
  }
}

BOOST_AUTO_TEST_CASE(svg_and_terminal_hold_every_module) {
  const auto text = example();
  const auto black = static_cast<std::size_t>(cv::countNonZero(qr_modules(text) == 0));
  const auto svg = qr_svg(text, 50, "山田 <太郎>");
  std::size_t squares = 0;
  for (auto at = svg.find("z"); at != std::string::npos; at = svg.find("z", at + 1)) ++squares;
  BOOST_TEST(squares >= black);
  BOOST_TEST(svg.find("width=\"50mm\"") != std::string::npos);
  BOOST_TEST(svg.find("山田 &lt;太郎") != std::string::npos);
  BOOST_TEST(svg.find(text) == std::string::npos);
  const auto lines = qr_terminal(text);
  BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 25);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::qr
