// OpenCV's part of devices/face: finding faces, measuring, aligning, embedding, liveness. Every function that
// calls a network turns OpenCV's exceptions into errors.
#pragma once
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <vector>

#include "devices/face/errc.hpp"
#include "devices/face/geometry.hpp"
#include "devices/face/quality.hpp"
#include "shared/model_pack/model_pack.hpp"

namespace sitegate::devices::face {

/// Finds faces by YuNet (cv::FaceDetectorYN). One thread at a time.
class FaceFinder {
 public:
  /// A picture is shrunk for detection until its longer side has so many pixels: 4 times less work than at
  /// 640, and faces from about 20 pixels of width in the shrunk picture are found.
  static constexpr int side_px_default = 320;
  static Result<std::unique_ptr<FaceFinder>> open(const ModelPack& pack, int side_px = side_px_default);
  virtual ~FaceFinder() = default;
  /// BGR, 8 bit; positions are those of `picture`. Any order.
  [[nodiscard]] virtual Result<std::vector<DetectedFace>> find(const cv::Mat& picture) = 0;
  /// Only around a face that was there a moment ago: a third of the work. Falls back to the whole picture
  /// where the face fills it.
  [[nodiscard]] virtual Result<std::vector<DetectedFace>> find_near(const cv::Mat& picture,
                                                                    const Box& box) = 0;
};

/// Turns a face into a vector of length 1. One thread at a time.
class Embedder {
 public:
  static Result<std::unique_ptr<Embedder>> open(const ModelPack& pack);
  virtual ~Embedder() = default;
  /// The face alone, upright, side_px × side_px, BGR.
  [[nodiscard]] virtual Result<cv::Mat> align(const cv::Mat& picture, const DetectedFace& face) const = 0;
  /// `mirrored`: left and right exchanged first, another look at the same face.
  [[nodiscard]] virtual Result<std::vector<float>> embed(const cv::Mat& aligned, bool mirrored) = 0;
  /// Where align() puts the five points, in its pixels.
  [[nodiscard]] virtual const Landmarks& places() const = 0;
};

/// Tells a face from a picture of a face. One thread at a time.
class LivenessJudge {
 public:
  /// nullptr: the pack has no liveness networks.
  static Result<std::unique_ptr<LivenessJudge>> open(const ModelPack& pack);
  virtual ~LivenessJudge() = default;
  /// 0 (a picture) to 1 (live): the mean of all networks.
  [[nodiscard]] virtual Result<float> judge(const cv::Mat& picture, const DetectedFace& face) = 0;
};

/// Size and pose; the pixels' figures stay zero.
FaceQuality geometry_of(const cv::Mat& picture, const DetectedFace& face);
/// Adds sharpness, brightness and contrast of the aligned face.
void measure_pixels(const cv::Mat& aligned, FaceQuality& quality);
/// Whether something hides forehead, eyes, cheeks or mouth: skin in some of these places and none in others,
/// or eyes far darker than the skin. Serves to tell a person what to do, never to decide who it is; a picture
/// without colours is never "covered".
bool looks_covered(const cv::Mat& aligned, const Landmarks& places);

}  // namespace sitegate::devices::face
