#include "devices/face/pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect/face.hpp>

#include "devices/face/template_form.hpp"

namespace sitegate::devices::face {
namespace {

/// Whatever OpenCV throws becomes an error.
template <typename Work>
auto guarded(FaceErrc what, const std::string& where, Work&& work) -> Result<decltype(work())> {
  try {
    return work();
  } catch (const cv::Exception& problem) {
    return fail(what, where + ": " + problem.err);
  } catch (const std::exception& problem) {
    return fail(what, where + ": " + problem.what());
  }
}

const ModelFile& file_of(const ModelPack& pack, std::string_view role) {
  const auto* file = pack.file(role);
  SITEGATE_ASSERT(file != nullptr);  // parse_manifest() demands it
  return *file;
}

// ---- finding ----

constexpr float overlap_same_face = 0.3F;
constexpr int detections_max = 200;
/// YuNet's layers need so much; a smaller picture is enlarged.
constexpr float shorter_side_px_min = 96;
constexpr float longest_strip = 4;
constexpr int near_side_px = 160;
/// The square around a known face, in its own widths: room for a step aside.
constexpr float near_widths = 2.4F;
constexpr int face_columns = 15;  // of FaceDetectorYN: box, five points, score

DetectedFace face_of_row(const cv::Mat& rows, int row, float scale, cv::Point2f origin) {
  const auto* value = rows.ptr<float>(row);
  DetectedFace face;
  face.box = {value[0] * scale + origin.x, value[1] * scale + origin.y, value[2] * scale, value[3] * scale};
  for (std::size_t i = 0; i < face.points.size(); ++i)
    face.points[i] = {value[4 + 2 * i] * scale + origin.x, value[5 + 2 * i] * scale + origin.y};
  face.score = value[14];
  return face;
}

bool is_finite(const DetectedFace& face) {
  bool finite = std::isfinite(face.box.x) && std::isfinite(face.box.y) && std::isfinite(face.box.width) &&
                std::isfinite(face.box.height) && face.box.width >= 1 && face.box.height >= 1;
  for (const auto& point : face.points) finite = finite && std::isfinite(point.x) && std::isfinite(point.y);
  return finite && eye_distance(face.points) > 0;
}

class YunetFinder final : public FaceFinder {
 public:
  YunetFinder(cv::Ptr<cv::FaceDetectorYN> whole, cv::Ptr<cv::FaceDetectorYN> close, int side_px)
      : whole_(std::move(whole)), close_(std::move(close)), side_px_(side_px) {}

  Result<std::vector<DetectedFace>> find(const cv::Mat& picture) override {
    return guarded(FaceErrc::network_failed, "face detection", [&] { return find_whole(picture); });
  }

  Result<std::vector<DetectedFace>> find_near(const cv::Mat& picture, const Box& box) override {
    return guarded(FaceErrc::network_failed, "face detection", [&] {
      const int side = static_cast<int>(std::max(box.width, box.height) * near_widths);
      if (side < 16 || side > std::min(picture.cols, picture.rows)) return find_whole(picture);
      const int left = static_cast<int>(box.x + box.width / 2) - side / 2;
      const int top = static_cast<int>(box.y + box.height / 2) - side / 2;
      const cv::Rect square(std::clamp(left, 0, picture.cols - side), std::clamp(top, 0, picture.rows - side),
                            side, side);
      cv::resize(picture(square), shrunk_, {near_side_px, near_side_px}, 0, 0, cv::INTER_AREA);
      const float scale = static_cast<float>(side) / near_side_px;
      return detect(*close_, scale, {static_cast<float>(square.x), static_cast<float>(square.y)});
    });
  }

 private:
  std::vector<DetectedFace> find_whole(const cv::Mat& picture) {
    const auto longer = static_cast<float>(std::max(picture.cols, picture.rows));
    const auto shorter = static_cast<float>(std::min(picture.cols, picture.rows));
    if (longer > longest_strip * shorter) return {};
    float scale = std::max(longer / static_cast<float>(side_px_), 1.0F);
    if (shorter / scale < shorter_side_px_min) scale = shorter / shorter_side_px_min;
    const cv::Size size(cvRound(static_cast<float>(picture.cols) / scale),
                        cvRound(static_cast<float>(picture.rows) / scale));
    cv::resize(picture, shrunk_, size, 0, 0, cv::INTER_AREA);
    if (whole_->getInputSize() != size) whole_->setInputSize(size);
    return detect(*whole_, scale, {0, 0});
  }

  std::vector<DetectedFace> detect(cv::FaceDetectorYN& detector, float scale, cv::Point2f origin) {
    cv::Mat rows;
    detector.detect(shrunk_, rows);
    std::vector<DetectedFace> faces;
    for (int row = 0; row < rows.rows && rows.cols == face_columns; ++row) {
      const auto face = face_of_row(rows, row, scale, origin);
      if (is_finite(face)) faces.push_back(face);
    }
    return faces;
  }

  // Two, because a change of the input's size costs more than a detection.
  cv::Ptr<cv::FaceDetectorYN> whole_;
  cv::Ptr<cv::FaceDetectorYN> close_;
  const int side_px_;
  cv::Mat shrunk_;
};

// ---- aligning and embedding ----

/// The face's surroundings at the size that the alignment needs: a large face that is sampled at single
/// points would lose its detail.
struct Patch {
  cv::Mat image;
  Similarity onto;  ///< from its pixels to the aligned ones
};

/// The part of the picture that the aligned square shows, with a margin for sampling.
cv::Rect shown_part(const cv::Mat& picture, const Similarity& onto, int side_px) {
  const float scale = std::hypot(onto.a, onto.b);
  const auto back = [&](float x, float y) {
    const Point moved{x - onto.dx, y - onto.dy};
    return cv::Point2f((onto.a * moved.x + onto.b * moved.y) / (scale * scale),
                       (onto.a * moved.y - onto.b * moved.x) / (scale * scale));
  };
  const auto side = static_cast<float>(side_px);
  const std::vector<cv::Point2f> corners{back(0, 0), back(side, 0), back(0, side), back(side, side)};
  const cv::Rect bounds = cv::boundingRect(corners);
  const int margin = 4 + static_cast<int>(4 / scale);
  const cv::Rect wanted(bounds.x - margin, bounds.y - margin, bounds.width + 2 * margin,
                        bounds.height + 2 * margin);
  return wanted & cv::Rect(0, 0, picture.cols, picture.rows);
}

Patch patch_of(const cv::Mat& picture, const Similarity& onto, int side_px) {
  const float scale = std::hypot(onto.a, onto.b);
  if (scale >= 0.6F || scale <= 0) return {picture, onto};
  const cv::Rect part = shown_part(picture, onto, side_px);
  if (part.width < 8 || part.height < 8) return {picture, onto};
  const Point origin = onto({static_cast<float>(part.x), static_cast<float>(part.y)});
  cv::Mat smaller;
  cv::resize(picture(part), smaller, {}, scale * 1.2, scale * 1.2, cv::INTER_AREA);
  const float x = static_cast<float>(part.width) / static_cast<float>(smaller.cols);
  const float y = static_cast<float>(part.height) / static_cast<float>(smaller.rows);
  const float factor = (x + y) / 2;
  return {smaller, {onto.a * factor, onto.b * factor, origin.x, origin.y}};
}

cv::Mat moved(const cv::Mat& picture, const Similarity& onto, int side_px) {
  const Patch patch = patch_of(picture, onto, side_px);
  const cv::Matx23f matrix(patch.onto.a, -patch.onto.b, patch.onto.dx, patch.onto.b, patch.onto.a,
                           patch.onto.dy);
  cv::Mat aligned;
  cv::warpAffine(patch.image, aligned, matrix, {side_px, side_px}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  return aligned;
}

cv::Mat turned(const cv::Mat& aligned, bool mirrored) {
  if (!mirrored) return aligned;
  cv::Mat other;
  cv::flip(aligned, other, 1);
  return other;
}

Result<std::vector<float>> vector_of(const cv::Mat& output, int dimensions, const std::string& where) {
  const cv::Mat row = output.reshape(1, 1);
  if (row.type() != CV_32F || row.cols != dimensions)
    return fail(FaceErrc::bad_network,
                where + ": " + std::to_string(row.cols) + " values instead of " + std::to_string(dimensions));
  std::vector<float> vector(row.ptr<float>(), row.ptr<float>() + row.cols);
  if (!normalise(vector)) return fail(FaceErrc::network_failed, where + ": its output has no direction");
  return vector;
}

Landmarks scaled(const std::array<double, 10>& places, int side_px) {
  Landmarks points;
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i] = {static_cast<float>(places[2 * i] * side_px),
                 static_cast<float>(places[2 * i + 1] * side_px)};
  return points;
}

class NetworkEmbedder final : public Embedder {
 public:
  NetworkEmbedder(cv::dnn::Net net, EmbeddingForm form, std::string name)
      : net_(std::move(net)),
        form_(form),
        name_(std::move(name)),
        places_(scaled(form_.alignment, form_.side_px)) {}

  Result<cv::Mat> align(const cv::Mat& picture, const DetectedFace& face) const override {
    return guarded(FaceErrc::network_failed, "alignment",
                   [&] { return moved(picture, fit_similarity(face.points, places_), form_.side_px); });
  }
  Result<std::vector<float>> embed(const cv::Mat& aligned, bool mirrored) override {
    SITEGATE_TRY(output, guarded(FaceErrc::network_failed, name_, [&] {
                   net_.setInput(cv::dnn::blobFromImage(turned(aligned, mirrored), form_.scale,
                                                        {form_.side_px, form_.side_px}, {},
                                                        form_.swap_red_blue, false));
                   return net_.forward();
                 }));
    return vector_of(output, form_.dimensions, name_);
  }
  const Landmarks& places() const override { return places_; }

 private:
  cv::dnn::Net net_;
  const EmbeddingForm form_;
  const std::string name_;
  const Landmarks places_;
};

/// Where cv::FaceRecognizerSF puts the points, in a square of 112 pixels (opencv/modules/objdetect/src/
/// face_recognize.cpp, 4.6): the usual template of ArcFace, Deng et al. 2019.
constexpr std::array<double, 10> sface_places{38.2946 / 112, 51.6963 / 112, 73.5318 / 112, 51.5014 / 112,
                                              56.0252 / 112, 71.7366 / 112, 41.5493 / 112, 92.3655 / 112,
                                              70.7299 / 112, 92.2041 / 112};

class SfaceEmbedder final : public Embedder {
 public:
  SfaceEmbedder(cv::Ptr<cv::FaceRecognizerSF> recognizer, EmbeddingForm form, std::string name)
      : recognizer_(std::move(recognizer)),
        form_(form),
        name_(std::move(name)),
        places_(scaled(sface_places, form_.side_px)) {}

  Result<cv::Mat> align(const cv::Mat& picture, const DetectedFace& face) const override {
    return guarded(FaceErrc::network_failed, "alignment", [&] {
      cv::Mat row(1, face_columns, CV_32F, cv::Scalar(0));
      auto* value = row.ptr<float>();
      value[0] = face.box.x;
      value[1] = face.box.y;
      value[2] = face.box.width;
      value[3] = face.box.height;
      for (std::size_t i = 0; i < face.points.size(); ++i) {
        value[4 + 2 * i] = face.points[i].x;
        value[5 + 2 * i] = face.points[i].y;
      }
      cv::Mat aligned;
      recognizer_->alignCrop(picture, row, aligned);
      return aligned;
    });
  }
  Result<std::vector<float>> embed(const cv::Mat& aligned, bool mirrored) override {
    SITEGATE_TRY(output, guarded(FaceErrc::network_failed, name_, [&] {
                   cv::Mat feature;
                   recognizer_->feature(turned(aligned, mirrored), feature);
                   return feature.clone();
                 }));
    return vector_of(output, form_.dimensions, name_);
  }
  const Landmarks& places() const override { return places_; }

 private:
  cv::Ptr<cv::FaceRecognizerSF> recognizer_;
  const EmbeddingForm form_;
  const std::string name_;
  const Landmarks places_;
};

// ---- liveness ----

/// The face's box, enlarged by `scale` as far as the picture reaches and shifted into it: as the networks
/// were trained (minivision-ai/Silent-Face-Anti-Spoofing, CropImage).
cv::Rect enlarged(const Box& box, double scale, const cv::Size& picture) {
  const double width_max = (picture.width - 1) / static_cast<double>(box.width);
  const double height_max = (picture.height - 1) / static_cast<double>(box.height);
  const double fitting = std::min({scale, width_max, height_max});
  const int width = std::max(static_cast<int>(box.width * fitting), 1);
  const int height = std::max(static_cast<int>(box.height * fitting), 1);
  const int left = static_cast<int>(box.x + box.width / 2) - width / 2;
  const int top = static_cast<int>(box.y + box.height / 2) - height / 2;
  return {std::clamp(left, 0, picture.width - width), std::clamp(top, 0, picture.height - height), width,
          height};
}

/// The share of one class, whether the network ends with a softmax or not.
float share_of(const cv::Mat& output, int wanted) {
  const cv::Mat row = output.reshape(1, 1);
  if (row.type() != CV_32F || wanted >= row.cols) return -1;
  const float largest = *std::max_element(row.ptr<float>(), row.ptr<float>() + row.cols);
  const float smallest = *std::min_element(row.ptr<float>(), row.ptr<float>() + row.cols);
  float sum = 0;
  for (int i = 0; i < row.cols; ++i) sum += row.at<float>(i);
  if (smallest >= 0 && std::abs(sum - 1) < 1e-3F) return row.at<float>(wanted);
  float total = 0;
  for (int i = 0; i < row.cols; ++i) total += std::exp(row.at<float>(i) - largest);
  return std::exp(row.at<float>(wanted) - largest) / total;
}

class NetworkJudge final : public LivenessJudge {
 public:
  struct One {
    cv::dnn::Net net;
    LivenessForm form;
  };
  explicit NetworkJudge(std::vector<One> networks) : networks_(std::move(networks)) {}

  Result<float> judge(const cv::Mat& picture, const DetectedFace& face) override {
    float sum = 0;
    for (auto& one : networks_) {
      SITEGATE_TRY(
          share, guarded(FaceErrc::network_failed, one.form.role, [&] { return share(one, picture, face); }));
      if (!(share >= 0))
        return fail(FaceErrc::bad_network, one.form.role + ": its output has too few classes");
      sum += share;
    }
    return sum / static_cast<float>(networks_.size());
  }

 private:
  static float share(One& one, const cv::Mat& picture, const DetectedFace& face) {
    const cv::Mat crop = picture(enlarged(face.box, one.form.box_scale, picture.size()));
    const cv::Size size(one.form.side_px, one.form.side_px);
    cv::Mat input;
    cv::resize(crop, input, size, 0, 0, cv::INTER_LINEAR);
    one.net.setInput(cv::dnn::blobFromImage(input, 1.0, size, {}, false, false));
    return share_of(one.net.forward(), one.form.live_class);
  }

  std::vector<One> networks_;
};

Result<cv::dnn::Net> read_network(const ModelPack& pack, std::string_view role) {
  const auto& file = file_of(pack, role);
  return guarded(FaceErrc::bad_network, file.name, [&] {
    auto net = cv::dnn::readNetFromONNX(pack.path(file).string());
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    return net;
  });
}

// ---- what hides a face ----

struct Patches {
  cv::Mat chroma;  ///< YCrCb
  float unit;      ///< distance between the eyes, aligned pixels

  /// Share of pixels with the chroma of skin, in a square around `middle`.
  [[nodiscard]] float skin(Point middle) const {
    const cv::Mat square = around(middle);
    if (square.empty()) return 1;
    cv::Mat mask;
    cv::inRange(square, cv::Scalar(25, 134, 70), cv::Scalar(255, 185, 127), mask);
    return static_cast<float>(cv::countNonZero(mask)) / static_cast<float>(mask.total());
  }
  [[nodiscard]] float luma(Point middle) const {
    const cv::Mat square = around(middle);
    return square.empty() ? 0 : static_cast<float>(cv::mean(square)[0]);
  }

 private:
  [[nodiscard]] cv::Mat around(Point middle) const {
    const int half = std::max(static_cast<int>(unit * 0.16F), 1);
    const cv::Rect wanted(static_cast<int>(middle.x) - half, static_cast<int>(middle.y) - half, 2 * half,
                          2 * half);
    return chroma(wanted & cv::Rect(0, 0, chroma.cols, chroma.rows));
  }
};

}  // namespace

Result<std::unique_ptr<FaceFinder>> FaceFinder::open(const ModelPack& pack, int side_px) {
  const auto& file = file_of(pack, "detector");
  const auto score = static_cast<float>(pack.detection_score);
  const auto make = [&](const cv::Size& size) {
    return cv::FaceDetectorYN::create(pack.path(file).string(), "", size, score, overlap_same_face,
                                      detections_max);
  };
  return guarded(FaceErrc::bad_network, file.name, [&] {
    return std::unique_ptr<FaceFinder>(std::make_unique<YunetFinder>(
        make({side_px, side_px * 3 / 4}), make({near_side_px, near_side_px}), side_px));
  });
}

Result<std::unique_ptr<Embedder>> Embedder::open(const ModelPack& pack) {
  const auto& file = file_of(pack, "embedder");
  if (pack.embedding.kind == EmbeddingKind::sface)
    return guarded(FaceErrc::bad_network, file.name, [&] {
      return std::unique_ptr<Embedder>(std::make_unique<SfaceEmbedder>(
          cv::FaceRecognizerSF::create(pack.path(file).string(), ""), pack.embedding, file.name));
    });
  SITEGATE_TRY(net, read_network(pack, "embedder"));
  return std::unique_ptr<Embedder>(
      std::make_unique<NetworkEmbedder>(std::move(net), pack.embedding, file.name));
}

Result<std::unique_ptr<LivenessJudge>> LivenessJudge::open(const ModelPack& pack) {
  std::vector<NetworkJudge::One> networks;
  for (const auto& form : pack.liveness) {
    SITEGATE_TRY(net, read_network(pack, form.role));
    networks.push_back({std::move(net), form});
  }
  if (networks.empty()) return std::unique_ptr<LivenessJudge>();
  return std::unique_ptr<LivenessJudge>(std::make_unique<NetworkJudge>(std::move(networks)));
}

FaceQuality geometry_of(const cv::Mat& picture, const DetectedFace& face) {
  FaceQuality quality;
  quality.eye_distance_px = eye_distance(face.points);
  quality.pose = pose_of(face.points);
  quality.whole = std::all_of(face.points.begin(), face.points.end(), [&](const Point& point) {
    return point.x >= 0 && point.y >= 0 && point.x < static_cast<float>(picture.cols) &&
           point.y < static_cast<float>(picture.rows);
  });
  return quality;
}

void measure_pixels(const cv::Mat& aligned, FaceQuality& quality) {
  cv::Mat luma;
  cv::cvtColor(aligned, luma, cv::COLOR_BGR2GRAY);
  cv::Mat edges;
  cv::Laplacian(luma, edges, CV_16S);
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(edges, mean, deviation);
  quality.sharpness = static_cast<float>(deviation[0]);
  cv::meanStdDev(luma, mean, deviation);
  quality.brightness = static_cast<float>(mean[0]);
  quality.contrast = static_cast<float>(deviation[0]);
}

bool looks_covered(const cv::Mat& aligned, const Landmarks& places) {
  const float unit = eye_distance(places);
  Patches patches{{}, unit};
  cv::cvtColor(aligned, patches.chroma, cv::COLOR_BGR2YCrCb);
  const Point eyes{(places[0].x + places[1].x) / 2, (places[0].y + places[1].y) / 2};
  const Point mouth{(places[3].x + places[4].x) / 2, (places[3].y + places[4].y) / 2};
  const std::array<Point, 5> skin_places{
      Point{eyes.x, eyes.y - 0.75F * unit}, Point{places[0].x, places[2].y + 0.05F * unit},
      Point{places[1].x, places[2].y + 0.05F * unit}, Point{mouth.x, mouth.y + 0.3F * unit},
      Point{eyes.x, eyes.y + 0.15F * unit}};
  int bare = 0;
  float skin_luma = 0;
  for (const auto& place : skin_places) {
    if (patches.skin(place) < 0.4F) continue;
    ++bare;
    skin_luma += patches.luma(place);
  }
  if (bare == 0) return false;
  if (bare < static_cast<int>(skin_places.size())) return true;
  const float dark = 0.45F * skin_luma / static_cast<float>(bare);
  return patches.luma(places[0]) < dark && patches.luma(places[1]) < dark;
}

}  // namespace sitegate::devices::face
