#include "devices/camera/shared_camera.hpp"

#include <algorithm>

#include "shared/base/log.hpp"

namespace sitegate::devices::camera {

SharedCamera::SharedCamera(const SourceSettings& settings, std::unique_ptr<FrameSource> source,
                           const Clock& clock)
    : settings_(settings),
      clock_(clock),
      source_(std::move(source)),
      delay_(retry_base, retry_cap, static_cast<std::uint64_t>(clock.monotonic().count())),
      watch_(settings.live(), clock.monotonic()),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

SharedCamera::~SharedCamera() {
  thread_.request_stop();
  thread_.join();
}

SharedCamera::Viewer SharedCamera::enter() {
  const std::lock_guard lock(mutex_);
  viewed_[++last_viewer_] = 0;
  return last_viewer_;
}

void SharedCamera::leave(Viewer viewer) {
  {
    const std::lock_guard lock(mutex_);
    viewed_.erase(viewer);
  }
  changed_.notify_all();
}

Result<std::optional<Frame>> SharedCamera::newer_than(Viewer viewer, std::uint64_t after,
                                                      std::chrono::milliseconds timeout,
                                                      const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  viewed_[viewer] = after + 1;  // it asks for a picture: the next may come when all do
  changed_.notify_all();
  changed_.wait_for(lock, stop, timeout, [&] { return newest_.number > after || ended_; });
  if (newest_.number > after) return std::optional<Frame>(newest_);
  if (ended_) return fail(CameraErrc::ended, settings_.name);
  return std::optional<Frame>{};
}

CameraHealth SharedCamera::health() const {
  const auto now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  return watch_.health(now);
}

// ---- the thread ----

void SharedCamera::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto opened = source_->open(); !opened) {
      lost(opened.error());
    } else {
      log::info("camera={} open", settings_.name);
      due_ = std::chrono::steady_clock::now();
      if (read_until_it_fails(stop)) return finish();
    }
    source_->close();
    if (!stop.stop_requested()) rest(delay_.next(), stop);
  }
}

bool SharedCamera::read_until_it_fails(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pace(stop);
    if (stop.stop_requested()) break;
    const auto image = source_->next();
    if (!image) {
      if (is(image.error(), CameraErrc::ended)) return true;
      lost(image.error());
      return false;
    }
    delay_.reset();
    publish(image.value());
  }
  return false;
}

void SharedCamera::publish(const cv::Mat& image) {
  const auto now = clock_.monotonic();
  {
    const std::lock_guard lock(mutex_);
    watch_.see(image, now);
    newest_ = {image, newest_.number + 1, clock_.now(), now};
  }
  changed_.notify_all();
  log_change();
}

/// Live sources pace by themselves; recordings wait for their time, or for their readers.
void SharedCamera::pace(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (settings_.every_frame) {
    changed_.wait(lock, stop, [this] { return everybody_looked(); });
    return;
  }
  const double rate = source_->frames_per_second();
  if (rate <= 0) return;
  changed_.wait_until(lock, stop, due_, [] { return false; });
  const auto now = std::chrono::steady_clock::now();
  due_ = std::max(due_, now - std::chrono::seconds(1)) +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(
             std::chrono::duration<double>(1 / rate));
}

bool SharedCamera::everybody_looked() const {
  return !viewed_.empty() &&
         std::ranges::all_of(viewed_, [this](const auto& one) { return one.second > newest_.number; });
}

void SharedCamera::lost(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    watch_.lost(error.text(), clock_.monotonic());
  }
  log_change();
}

void SharedCamera::finish() {
  source_->close();
  {
    const std::lock_guard lock(mutex_);
    watch_.ended(clock_.monotonic());
    ended_ = true;
  }
  changed_.notify_all();
  log::info("camera={} the recording has ended", settings_.name);
}

void SharedCamera::rest(std::chrono::milliseconds how_long, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, how_long, [] { return false; });
}

/// Said when it begins and when it is over, not with every picture; seconds that run are no change.
void SharedCamera::log_change() {
  std::string trouble = without_seconds(health().trouble);
  if (trouble == said_) return;
  if (trouble.empty())
    log::info("camera={} well again", settings_.name);
  else
    log::warn("camera={} trouble=\"{}\"", settings_.name, trouble);
  said_ = std::move(trouble);
}

}  // namespace sitegate::devices::camera
