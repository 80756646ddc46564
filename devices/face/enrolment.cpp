#include "devices/face/enrolment.hpp"

#include <algorithm>
#include <functional>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "devices/face/pictures.hpp"
#include "devices/face/template_form.hpp"

namespace sitegate::devices::face {
namespace {

constexpr int side_px_min = 32;
constexpr int side_px_max = 10'000;
/// A second face of this part of the first one's width might be the one that is meant.
constexpr float second_face_ratio = 0.75F;
constexpr int detection_px = 480;

std::optional<PictureProblem> problem_of(AdviceKind advice) {
  switch (advice) {
    case AdviceKind::come_closer:
      return PictureProblem::too_small;
    case AdviceKind::look_here:
      return PictureProblem::turned_away;
    case AdviceKind::hold_still:
      return PictureProblem::blurred;
    default:
      return std::nullopt;
  }
}

/// The largest first.
void sort_by_size(std::vector<DetectedFace>& faces) {
  std::sort(faces.begin(), faces.end(),
            [](const auto& one, const auto& other) { return one.box.width > other.box.width; });
}

class NetworkEnroller final : public FaceEnroller {
 public:
  NetworkEnroller(std::unique_ptr<FaceFinder> finder, std::unique_ptr<Embedder> embedder, const Digest& maker)
      : finder_(std::move(finder)), embedder_(std::move(embedder)), maker_(maker) {}

  Result<PictureReport> look(ByteView encoded) override;
  Result<PictureReport> look(const cv::Mat& picture) override;

 private:
  Result<void> look_closely(const cv::Mat& picture, const DetectedFace& face, PictureReport& report);

  const std::unique_ptr<FaceFinder> finder_;
  const std::unique_ptr<Embedder> embedder_;
  const Digest maker_;
};

PictureReport no_picture(const Digest& maker) {
  PictureReport report;
  report.problems.push_back(PictureProblem::no_picture);
  report.maker = maker;
  return report;
}

Result<PictureReport> NetworkEnroller::look(ByteView encoded) {
  if (encoded.empty() || encoded.size() > picture_bytes_max) return no_picture(maker_);
  try {
    const cv::Mat bytes(1, static_cast<int>(encoded.size()), CV_8U,
                        const_cast<std::uint8_t*>(encoded.data()));
    return look(cv::imdecode(bytes, cv::IMREAD_COLOR));
  } catch (const cv::Exception&) {  // larger than OpenCV decodes
    return no_picture(maker_);
  }
}

Result<PictureReport> NetworkEnroller::look(const cv::Mat& picture) {
  if (picture.type() != CV_8UC3 || std::min(picture.cols, picture.rows) < side_px_min ||
      std::max(picture.cols, picture.rows) > side_px_max)
    return no_picture(maker_);
  PictureReport report;
  report.maker = maker_;
  SITEGATE_TRY(faces, finder_->find(picture));
  sort_by_size(faces);
  report.faces = faces.size();
  if (faces.empty()) {
    report.problems.push_back(PictureProblem::no_face);
    return report;
  }
  if (faces.size() > 1 && faces[1].box.width > second_face_ratio * faces[0].box.width)
    report.problems.push_back(PictureProblem::several_people);
  SITEGATE_TRYV(look_closely(picture, faces.front(), report));
  return report;
}

Result<void> NetworkEnroller::look_closely(const cv::Mat& picture, const DetectedFace& face,
                                           PictureReport& report) {
  FaceQuality quality = geometry_of(picture, face);
  SITEGATE_TRY(aligned, embedder_->align(picture, face));
  measure_pixels(aligned, quality);
  report.eye_distance_px = quality.eye_distance_px;
  report.yaw = quality.pose.yaw;
  report.sharpness = quality.sharpness;
  report.brightness = quality.brightness;
  if (const auto advice = geometry_problem(quality, enrolment_rules))
    report.problems.push_back(*problem_of(*advice));
  if (const auto advice = pixel_problem(quality, enrolment_rules)) {
    const bool bright = quality.brightness > enrolment_rules.brightness_max;
    report.problems.push_back(
        problem_of(*advice).value_or(bright ? PictureProblem::too_bright : PictureProblem::too_dark));
  }
  if (looks_covered(aligned, embedder_->places())) report.problems.push_back(PictureProblem::covered);
  const auto only_covered = [](PictureProblem problem) { return problem == PictureProblem::covered; };
  if (!std::all_of(report.problems.begin(), report.problems.end(), only_covered)) return success();
  // The mean of the face and its mirror image: the light from one side counts less.
  SITEGATE_TRY(vector, embedder_->embed(aligned, false));
  SITEGATE_TRY(mirrored, embedder_->embed(aligned, true));
  std::transform(vector.begin(), vector.end(), mirrored.begin(), vector.begin(), std::plus<>());
  report.template_bytes = encode_template(vector);
  return success();
}

}  // namespace

Result<std::unique_ptr<FaceEnroller>> FaceEnroller::open(const ModelPack& pack) {
  SITEGATE_TRY(finder, FaceFinder::open(pack, detection_px));
  SITEGATE_TRY(embedder, Embedder::open(pack));
  return std::unique_ptr<FaceEnroller>(
      std::make_unique<NetworkEnroller>(std::move(finder), std::move(embedder), pack.maker()));
}

}  // namespace sitegate::devices::face
