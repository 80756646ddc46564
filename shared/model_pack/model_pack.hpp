// A model pack: a folder with neural networks that others have trained, and a manifest (pack.toml) that says
// what each file must be, whose it is, how its input looks, and which thresholds were measured with exactly
// this file. Weights are no part of SiteGate: a pack is installed beside it. No OpenCV in here.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate {

enum class ModelPackErrc {
  not_there = 1,   ///< no such pack, or a file of it is missing
  bad_manifest,    ///< pack.toml cannot be taken
  wrong_file,      ///< a file's size or SHA-256 is another one than the manifest says
  not_unique,      ///< several packs are installed and none was named
  no_address,      ///< a file has no public address: it comes from a folder only
  cannot_fetch,    ///< an address did not give the file
  cannot_install,  ///< the target folder cannot be written
};
const char* errc_category(ModelPackErrc);
std::string_view errc_text(ModelPackErrc);

inline constexpr std::string_view manifest_name = "pack.toml";
inline constexpr std::uint64_t model_file_bytes_max = 512u << 20;

/// One file of a pack: section [files.<role>].
struct ModelFile {
  std::string role;  ///< "detector", "embedder", "liveness_near", …: what it is used for
  std::string name;  ///< in the pack's folder: no slash
  Digest sha256{};
  std::uint64_t bytes = 0;
  std::string licence;  ///< SPDX identifier
  std::string source;   ///< whose it is: project and version, for people
  std::string address;  ///< https: where the very bytes can be had; empty: nowhere public
};

enum class EmbeddingKind : std::uint8_t {
  network,  ///< OpenCV's cv::dnn on the face aligned by `alignment`
  sface,    ///< OpenCV's cv::FaceRecognizerSF, which aligns by itself
};

/// How a face becomes a vector: section [embedding].
struct EmbeddingForm {
  EmbeddingKind kind = EmbeddingKind::network;
  int side_px = 128;  ///< the aligned face, square; BGR, times `scale`
  double scale = 1;   ///< of pixel values 0 to 255
  bool swap_red_blue = false;
  int dimensions = 256;  ///< of the vector, a multiple of 8
  /// Where eyes, nose tip and mouth corners go, image-left first, as fractions of the side: x, y in turn.
  std::array<double, 10> alignment{};
};

/// A network that tells a live face from a picture of one: section [liveness.<role of its file>].
struct LivenessForm {
  std::string role;
  double box_scale = 2.7;  ///< its square is the face's box times this
  int side_px = 80;        ///< input, BGR, 0 to 255
  int live_class = 1;      ///< of its output
};

/// Section [thresholds]: cosine; bound to the embedding file by its hash.
struct FaceThresholds {
  double one_to_one = 1;  ///< against one person, named by a card or code
  double margin = 0;      ///< the best person must be ahead of the next by this, else it is ambiguous
  struct ForPeople {
    std::size_t people;  ///< up to so many enrolled people
    double score;
  };
  std::vector<ForPeople> one_to_many;  ///< ascending
  double live = 1;                     ///< mean of the liveness networks over several frames, 0 to 1
  /// nullopt: nobody has measured it for so many people; match 1:1 only.
  [[nodiscard]] std::optional<double> for_people(std::size_t people) const;
};

/// Values.
struct ModelPack {
  std::string name;   ///< as its folder: 1 to 32 of a-z 0-9 . -
  std::string title;  ///< for people
  std::filesystem::path folder;
  std::vector<ModelFile> files;
  double detection_score = 0.7;  ///< [detection] score
  EmbeddingForm embedding;
  std::vector<LivenessForm> liveness;  ///< none: this pack cannot tell a picture from a person
  FaceThresholds thresholds;

  /// nullptr: no such role.
  [[nodiscard]] const ModelFile* file(std::string_view role) const;
  [[nodiscard]] std::filesystem::path path(const ModelFile& file) const { return folder / file.name; }
  /// SHA-256 of the embedding network: who made a template.
  [[nodiscard]] const Digest& maker() const;
};

/// A manifest's text; `where` is its name in errors. Files are not looked at; `folder` stays empty.
Result<ModelPack> parse_manifest(const std::string& text, const std::string& where);
/// Size and SHA-256 of every file. Errors: not_there, wrong_file, with the file and what to do.
[[nodiscard]] Result<void> check_files(const ModelPack& pack);

/// The pack `name` in a folder of packs, or the only one that is there if `name` is empty; every file is
/// checked. The error names the command that installs one.
Result<ModelPack> open_model_pack(const std::filesystem::path& packs, const std::string& name = {});
/// The folders in `packs` that have a manifest, in alphabetical order.
std::vector<std::string> installed_packs(const std::filesystem::path& packs);

/// The packs that SiteGate knows: their manifests are part of the program.
struct KnownPack {
  std::string_view name;
  std::string_view manifest;
};
const std::vector<KnownPack>& known_packs();
/// nullptr: none of this name.
const KnownPack* known_pack(std::string_view name);

}  // namespace sitegate

template <>
struct std::is_error_code_enum<sitegate::ModelPackErrc> : std::true_type {};
