#include "devices/reader_loop.hpp"

#include "shared/base/log.hpp"

namespace sitegate::devices {
namespace {

constexpr std::chrono::milliseconds delay_base{200};
constexpr std::chrono::seconds delay_cap{30};

}  // namespace

ReaderLoop::ReaderLoop(std::string id, std::unique_ptr<Reader> reader, ReadSink sink, const Clock& clock,
                       Waiter& waiter, std::uint64_t seed)
    : id_(std::move(id)),
      reader_(std::move(reader)),
      sink_(std::move(sink)),
      clock_(clock),
      waiter_(waiter),
      delay_(delay_base, delay_cap, seed),
      thread_([this](std::stop_token stop) { work(std::move(stop)); }) {}

ReaderLoop::~ReaderLoop() {
  stop();
}

void ReaderLoop::stop() {
  // The thread itself is joined by its own destructor, so that stop() may be called from many threads at
  // once.
  thread_.request_stop();
}

ReaderHealth ReaderLoop::health() const {
  ReaderHealth health;
  health.id = id_;
  health.state = reader_->state();
  health.failed_reads = reader_->failed_reads();
  health.trouble = reader_->trouble();
  progress_.with([&](const Progress& progress) {
    health.running = progress.running;
    health.reads = progress.reads;
    health.failures = progress.failures;
    health.last_read = progress.last_read;
    health.last_error = progress.last_error;
  });
  return health;
}

void ReaderLoop::hand_over(CredentialRead read) {
  progress_.with([&](Progress& progress) {
    ++progress.reads;
    progress.last_read = read.event_time;
    progress.last_error.clear();
  });
  sink_(std::move(read));
}

void ReaderLoop::work(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const auto started = clock_.monotonic();
    const auto reads_before = progress_.with([](Progress& progress) {
      progress.running = true;
      return progress.reads;
    });
    const auto ran = reader_->run(stop, [this](CredentialRead read) { hand_over(std::move(read)); });
    progress_.with([](Progress& progress) { progress.running = false; });
    if (ran) return;
    back_off(ran.error(), started, reads_before, stop);
  }
}

void ReaderLoop::back_off(const Error& error, MonotonicTime started, std::uint64_t reads_before,
                          std::stop_token stop) {
  const auto reads = progress_.with([&](Progress& progress) {
    ++progress.failures;
    progress.last_error = error.text();
    return progress.reads;
  });
  if (reads != reads_before || clock_.monotonic() - started >= delay_cap) delay_.reset();
  const auto delay = delay_.next();
  log::error("reader={} failed, trying again in {} ms: {}", id_, delay.count(), error.text());
  waiter_.wait(delay, std::move(stop));
}

}  // namespace sitegate::devices
