// What finds markers in a picture. Another kind of code (a colour code, a ring code) is another decoder: it
// implements this and stands in decoders_of(), and everything else stays as it is.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.hpp"

namespace sitegate::devices::marker {

struct FoundMarker {
  std::string family;  ///< as in MarkerCredential
  std::uint32_t id = 0;
  std::array<cv::Point2f, 4> corners{};  ///< pixels, clockwise from the marker's own upper left

  [[nodiscard]] cv::Point2f centre() const {
    return (corners[0] + corners[1] + corners[2] + corners[3]) / 4.0F;
  }
};

/// Not thread-safe.
class MarkerDecoder {
 public:
  virtual ~MarkerDecoder() = default;
  /// Any number of them, in no order. `bgr` for decoders that look at colours, `grey` for the others: 8 bit,
  /// the same size.
  virtual std::vector<FoundMarker> find(const cv::Mat& bgr, const cv::Mat& grey) = 0;
};

/// "apriltag-36h11": 587 markers; "aruco-6x6-1000": 1,000. Other dictionaries are not offered: of 4×4 and 5×5
/// bits and of the original ArUco some were read with wrong numbers.
inline constexpr std::array<std::string_view, 2> marker_families{"apriltag-36h11", "aruco-6x6-1000"};
/// How many markers a family has; 0: unknown.
std::uint32_t marker_count(std::string_view family);

/// One decoder for each family named. bad_setting (ReaderErrc) for an unknown one.
Result<std::vector<std::unique_ptr<MarkerDecoder>>> decoders_of(const std::vector<std::string>& families);

}  // namespace sitegate::devices::marker
