// Pictures of a person become face templates, and each picture is told what is wrong with it. Free of
// OpenCV's headers: a build without cameras has it, too, and says when it is opened that it cannot.
#pragma once
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"
#include "shared/model_pack/model_pack.hpp"

namespace cv {
class Mat;
}

namespace sitegate::devices::face {

/// How many pictures of one person are asked for: three bare-faced ones, at different moments.
inline constexpr std::size_t pictures_wanted = 3;
/// A larger encoded picture is refused before it is decoded.
inline constexpr std::size_t picture_bytes_max = 32u << 20;

/// What is wrong with a picture, the gravest first.
enum class PictureProblem : std::uint8_t {
  no_picture,  ///< the bytes are none that can be decoded, or it is under 32 × 32 or over 10,000 pixels wide
  no_face,     ///< nobody in it
  several_people,  ///< a second face nearly as large: crop it
  too_small,       ///< fewer than 30 pixels from eye to eye
  turned_away,     ///< not from the front
  blurred,
  too_dark,
  too_bright,
  /// Perhaps helmet, goggles or mask: a warning, the picture is usable; better with a bare face.
  covered,
};
/// "no_face", "several_people", …: the words of reports and JSON.
std::string_view to_text(PictureProblem problem);

struct PictureReport {
  std::size_t faces = 0;  ///< all that were found, the small ones too
  std::vector<PictureProblem> problems;
  float eye_distance_px = 0;  ///< of the largest face, in the picture as it was given
  float yaw = 0;              ///< nose aside of the eyes' middle, in eye distances; 0: from the front
  float sharpness = 0;        ///< standard deviation of the Laplacian over the aligned face
  float brightness = 0;       ///< mean of the aligned face's luma, 0 to 255
  /// Of the largest face; only where nothing graver than `covered` is wrong with the picture.
  std::optional<Bytes> template_bytes;
  Digest maker{};  ///< SHA-256 of the embedding network: BiometricTemplate::maker
  [[nodiscard]] bool usable() const { return template_bytes.has_value(); }
};

/// Operation: open once, look at any number of pictures; 25 to 60 ms each. Concurrency: one call at a time.
class FaceEnroller {
 public:
  /// Errors: those of FaceErrc, no_cameras in a build without OpenCV.
  static Result<std::unique_ptr<FaceEnroller>> open(const ModelPack& pack);
  virtual ~FaceEnroller() = default;
  /// An encoded picture: JPEG, PNG or whatever OpenCV was built with. A picture that cannot be used is a
  /// report with its problems; an error means that a network failed.
  [[nodiscard]] virtual Result<PictureReport> look(ByteView encoded) = 0;
  /// BGR, 8 bit, 3 channels.
  [[nodiscard]] virtual Result<PictureReport> look(const cv::Mat& picture) = 0;
};

}  // namespace sitegate::devices::face
