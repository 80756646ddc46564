#include "devices/marker/aruco_decoder.hpp"

#include <algorithm>
#include <opencv2/aruco.hpp>

#include "devices/reader.hpp"

namespace sitegate::devices::marker {
namespace {

constexpr int modules_with_border = 8;  // both families: 6 × 6 bits and a border of one

struct Family {
  std::string_view name;
  cv::aruco::PREDEFINED_DICTIONARY_NAME dictionary;
  std::uint32_t count;
};
constexpr std::array families{Family{marker_families[0], cv::aruco::DICT_APRILTAG_36h11, 587},
                              Family{marker_families[1], cv::aruco::DICT_6X6_1000, 1'000}};

const Family* family_of(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(families, [&](const Family& one) { return one.name == name; });
  return found == families.end() ? nullptr : found;
}

/// Measured, not guessed: see README.md.
cv::Ptr<cv::aruco::DetectorParameters> parameters() {
  auto chosen = cv::aruco::DetectorParameters::create();
  // A white label on something darker has two squares, the label's edge and the marker's. OpenCV takes them
  // for one and drops the inner when they lie closer than this: its own 0.05 loses every marker with a quiet
  // zone under 0.1414 of its side.
  chosen->minMarkerDistanceRate = 0.02;
  // Seen from 1 % of the picture's width on: helmets at some metres.
  chosen->minMarkerPerimeterRate = 0.02;
  chosen->adaptiveThreshWinSizeMin = 5;
  chosen->adaptiveThreshWinSizeMax = 25;
  chosen->adaptiveThreshWinSizeStep = 20;
  return chosen;
}

class ArucoDecoder final : public MarkerDecoder {
 public:
  explicit ArucoDecoder(const Family& family)
      : family_(family),
        dictionary_(cv::aruco::getPredefinedDictionary(family.dictionary)),
        parameters_(parameters()) {}

  std::vector<FoundMarker> find(const cv::Mat&, const cv::Mat& grey) override {
    std::vector<std::vector<cv::Point2f>> corners;
    std::vector<int> ids;
    cv::aruco::detectMarkers(grey, dictionary_, corners, ids, parameters_);
    std::vector<FoundMarker> markers;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      FoundMarker marker{std::string(family_.name), static_cast<std::uint32_t>(ids[i]), {}};
      std::copy_n(corners[i].begin(), marker.corners.size(), marker.corners.begin());
      markers.push_back(std::move(marker));
    }
    return markers;
  }

 private:
  const Family& family_;
  const cv::Ptr<cv::aruco::Dictionary> dictionary_;
  const cv::Ptr<cv::aruco::DetectorParameters> parameters_;
};

}  // namespace

std::uint32_t marker_count(std::string_view family) {
  const Family* known = family_of(family);
  return known == nullptr ? 0 : known->count;
}

std::unique_ptr<MarkerDecoder> make_aruco_decoder(std::string_view family) {
  const Family* known = family_of(family);
  SITEGATE_ASSERT(known != nullptr);
  return std::make_unique<ArucoDecoder>(*known);
}

Result<std::vector<std::unique_ptr<MarkerDecoder>>> decoders_of(const std::vector<std::string>& names) {
  std::vector<std::unique_ptr<MarkerDecoder>> decoders;
  for (const auto& name : names) {
    if (family_of(name) == nullptr)
      return fail(ReaderErrc::bad_setting,
                  "families=" + name + ": apriltag-36h11 and aruco-6x6-1000 are known");
    decoders.push_back(make_aruco_decoder(name));
  }
  return decoders;
}

cv::Mat marker_modules(std::string_view family, std::uint32_t id) {
  const Family* known = family_of(family);
  SITEGATE_ASSERT(known != nullptr && id < known->count);
  cv::Mat modules;
  cv::aruco::getPredefinedDictionary(known->dictionary)
      ->drawMarker(static_cast<int>(id), modules_with_border, modules);
  return modules;
}

}  // namespace sitegate::devices::marker
