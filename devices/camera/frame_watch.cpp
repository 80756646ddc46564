#include "devices/camera/frame_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>

namespace sitegate::devices::camera {
namespace {

constexpr int small_width = 160;
// In grey levels of 255. A lens cap on a webcam gives about 2 to 10, a yard at night under one lamp 25.
constexpr double dark_mean_max = 14;
/// A hand, a bag or paint over the lens: light, but nothing to be seen in it. A plain wall has about 8.
constexpr double covered_deviation_max = 5;
/// Of the small picture; a gate in focus has over 100, one out of focus by several pixels under 5.
constexpr double blurred_sharpness_max = 4;
constexpr std::size_t times_max = 600;

bool same_pixels(const cv::Mat& a, const cv::Mat& b) {
  if (a.size() != b.size() || a.type() != b.type()) return false;
  return std::memcmp(a.data, b.data, a.total() * a.elemSize()) == 0;
}

double seconds(MonotonicTime time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

std::string_view to_text(PictureTrouble trouble) {
  switch (trouble) {
    case PictureTrouble::none:
      return "";
    case PictureTrouble::dark:
      return "dark";
    case PictureTrouble::covered:
      return "covered";
    case PictureTrouble::blurred:
      return "blurred";
  }
  return "invalid";
}

PictureMeasures measure(const cv::Mat& bgr) {
  cv::Mat little;
  const double scale = std::min(1.0, double(small_width) / bgr.cols);
  cv::resize(bgr, little, {}, scale, scale, cv::INTER_AREA);
  cv::Mat grey;
  cv::cvtColor(little, grey, cv::COLOR_BGR2GRAY);
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(grey, mean, deviation);
  cv::Mat edges;
  cv::Laplacian(grey, edges, CV_16S);
  cv::Scalar edge_mean;
  cv::Scalar edge_deviation;
  cv::meanStdDev(edges, edge_mean, edge_deviation);
  return {mean[0], deviation[0], edge_deviation[0] * edge_deviation[0]};
}

PictureTrouble judge(const PictureMeasures& measures) {
  if (measures.mean <= dark_mean_max) return PictureTrouble::dark;
  if (measures.deviation <= covered_deviation_max) return PictureTrouble::covered;
  if (measures.sharpness <= blurred_sharpness_max) return PictureTrouble::blurred;
  return PictureTrouble::none;
}

std::string without_seconds(std::string trouble) {
  constexpr std::string_view running = "no pictures for ";
  if (!trouble.starts_with(running)) return trouble;
  return "no pictures" + trouble.substr(trouble.find(" s", running.size()) + 2);
}

void FrameWatch::see(const cv::Mat& bgr, MonotonicTime now) {
  if (!open_) changed_ = now;
  open_ = true;
  why_.clear();
  newest_ = now;
  size_ = bgr.size();
  times_.push_back(now);
  while (times_.size() > times_max || now - times_.front() > rate_window) times_.pop_front();
  if (live_ && (!looked_ || now - *looked_ >= look_every)) look(bgr, now);
}

void FrameWatch::look(const cv::Mat& bgr, MonotonicTime now) {
  looked_ = now;
  if (last_.empty() || !same_pixels(last_, bgr)) changed_ = now;
  last_ = bgr;
  const PictureTrouble fault = judge(measure(bgr));
  if (fault != fault_) fault_since_ = now;
  fault_ = fault;
}

void FrameWatch::lost(std::string why, MonotonicTime now) {
  if (open_) since_ = now;
  open_ = false;
  why_ = std::move(why);
  fault_ = PictureTrouble::none;
  last_.release();
}

void FrameWatch::ended(MonotonicTime now) {
  open_ = false;
  ended_ = true;
  since_ = now;
}

std::string FrameWatch::trouble(MonotonicTime now) const {
  if (ended_) return {};
  const auto silence = now - newest_.value_or(since_);
  if (silence >= silent_after) {
    const auto text = fmt::format("no pictures for {:.0f} s", std::floor(seconds(silence)));
    return why_.empty() ? text : text + ": " + why_;
  }
  if (!why_.empty()) return why_;
  if (fault_ != PictureTrouble::none && now - fault_since_ >= fault_lasts)
    return std::string(to_text(fault_));
  if (live_ && open_ && now - changed_ >= frozen_after) return "frozen";
  return {};
}

CameraHealth FrameWatch::health(MonotonicTime now) const {
  CameraHealth health;
  health.open = open_;
  const auto recent = std::ranges::count_if(times_, [&](auto time) { return now - time <= rate_window; });
  const auto span = std::min<MonotonicTime>(rate_window, times_.empty() ? rate_window : now - times_.front());
  // Before the window is full its true length counts; one picture alone gives no rate.
  if (recent > 1 && seconds(span) > 0)
    health.frames_per_second = static_cast<double>(recent - 1) / seconds(span);
  if (newest_) health.age = std::chrono::duration_cast<std::chrono::milliseconds>(now - *newest_);
  if (size_.area() > 0) health.size = size_;
  health.trouble = trouble(now);
  return health;
}

}  // namespace sitegate::devices::camera
