#include <algorithm>
#include <filesystem>
#include <set>
#include <vector>

#include "devices/camera/camera.hpp"
#include "devices/camera/frame_source.hpp"
#include "devices/camera/picture.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::camera {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t files_max = 1'000'000;
constexpr std::size_t warned_max = 1'000;

bool is_picture_name(const fs::path& path) {
  auto ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending == ".jpg" || ending == ".jpeg" || ending == ".png" || ending == ".bmp";
}

Result<std::vector<fs::path>> pictures_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_picture_name(entry->path()) && files.size() < files_max) files.push_back(entry->path());
  if (error) return fail(CameraErrc::cannot_open, folder.string() + ": " + error.message());
  if (files.empty())
    return fail(CameraErrc::cannot_open, folder.string() + ": no .jpg, .png or .bmp in this folder");
  std::ranges::sort(files);
  return files;
}

class FolderSource final : public FrameSource {
 public:
  explicit FolderSource(SourceSettings settings) : settings_(std::move(settings)) {}

  Result<void> open() override {
    SITEGATE_TRY(files, pictures_in(settings_.address));
    files_ = std::move(files);
    at_ = 0;
    usable_ = false;
    return success();
  }

  /// A broken file is passed over; a folder without a single picture that can be used is an error.
  Result<cv::Mat> next() override {
    while (true) {
      if (at_ == files_.size()) {
        if (!settings_.loop) return fail(CameraErrc::ended, settings_.name);
        if (!usable_) return fail(CameraErrc::gone, settings_.name + ": none of its pictures can be used");
        SITEGATE_TRYV(open());
      }
      const fs::path& file = files_[at_++];
      auto picture = read_picture(file);
      usable_ = usable_ || picture.has_value();
      if (picture) return picture;
      warn(file, picture.error());
    }
  }

  void close() override { files_.clear(); }
  [[nodiscard]] double frames_per_second() const override { return settings_.frames_per_second; }

 private:
  /// Once for each file, however often the folder is gone through.
  void warn(const fs::path& file, const Error& error) {
    if (warned_.size() < warned_max && warned_.insert(file.string()).second)
      log::warn("camera={} picture passed over reason=\"{}\"", settings_.name, error.text());
  }

  const SourceSettings settings_;
  std::vector<fs::path> files_;
  std::size_t at_ = 0;
  bool usable_ = false;
  std::set<std::string> warned_;
};

}  // namespace

std::unique_ptr<FrameSource> make_folder_source(const SourceSettings& settings) {
  return std::make_unique<FolderSource>(settings);
}

std::unique_ptr<FrameSource> make_frame_source(const SourceSettings& settings) {
  return settings.kind == SourceKind::folder ? make_folder_source(settings) : make_video_source(settings);
}

}  // namespace sitegate::devices::camera
