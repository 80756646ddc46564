// Markers on helmets and cards before a camera: one read for each person who passes, many at once.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "devices/camera/camera.hpp"
#include "devices/marker/crossing.hpp"
#include "devices/marker/marker_decoder.hpp"

namespace sitegate::devices::marker {

struct MarkerSettings {
  ReaderPlace place;
  CrossingRule rule;
  std::vector<std::string> families;
};
/// From a URL's families, entry, line, beyond, pictures, gone_ms. ReaderErrc::bad_setting.
Result<MarkerSettings> marker_settings(const Url& url);

class MarkerAnalyser final : public camera::FrameAnalyser {
 public:
  MarkerAnalyser(MarkerSettings settings, std::vector<std::unique_ptr<MarkerDecoder>> decoders);
  Result<void> look(const camera::Frame& frame, const ReadSink& sink) override;
  Result<void> idle(MonotonicTime now, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override;

 private:
  void hand_on(const Crossing& crossing, const camera::Frame& frame, const ReadSink& sink);

  const MarkerSettings settings_;
  const std::vector<std::unique_ptr<MarkerDecoder>> decoders_;
  Crossings crossings_;
  std::atomic<std::uint64_t> passed_{0};
  std::atomic<std::size_t> in_view_{0};
};

/// marker+<camera>…?entry=right&line=0.5 and the keys of README.md
Result<std::unique_ptr<Reader>> open_marker_reader(const Url& url, const ReaderSurroundings& around);

}  // namespace sitegate::devices::marker
