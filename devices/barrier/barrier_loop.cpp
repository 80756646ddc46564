#include "devices/barrier/barrier_loop.hpp"

#include <fmt/format.h>

#include "shared/base/log.hpp"

namespace sitegate::devices::barrier {

const char* errc_category(BarrierErrc) {
  return "barrier";
}

std::string_view errc_text(BarrierErrc what) {
  switch (what) {
    case BarrierErrc::no_connection:
      return "the barrier cannot be reached; look at its power, cable and address";
    case BarrierErrc::no_answer:
      return "the barrier does not answer as it should";
    case BarrierErrc::refused:
      return "the barrier refuses the command; look at unit, coil and timer in its manual";
    case BarrierErrc::held_open:
      return "the barrier stands open though nobody asked";
  }
  return "unknown";
}

namespace {

constexpr std::chrono::milliseconds delay_base{200};
constexpr std::chrono::seconds delay_cap{30};
constexpr std::chrono::milliseconds wait_max{500};  // until a stop is seen at the latest

}  // namespace

BarrierLoop::BarrierLoop(std::string id, std::unique_ptr<Opener> opener, std::chrono::milliseconds heartbeat,
                         const Clock& clock, std::uint64_t seed)
    : id_(std::move(id)),
      opener_(std::move(opener)),
      heartbeat_(heartbeat),
      clock_(clock),
      delay_(delay_base, delay_cap, seed),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

BarrierLoop::~BarrierLoop() {
  thread_.request_stop();
  queue_.close();
}

bool BarrierLoop::open(const std::string& gate) {
  if (!opener_->serves(gate)) return false;
  const bool taken = queue_.push({gate, clock_.monotonic()});
  health_.with([taken](BarrierHealth& health) { taken ? ++health.asked : ++health.missed; });
  if (!taken)
    log::warn("barrier={} gate={} does not open: {} openings wait already", id_, gate, waiting_openings_max);
  return taken;
}

BarrierHealth BarrierLoop::health() const {
  auto health = health_.with([](const BarrierHealth& known) { return known; });
  health.id = id_;
  health.state = opener_->name() + (health.ready ? ": ready" : ": away");
  return health;
}

void BarrierLoop::work(const std::stop_token& stop) {
  look_or_connect(clock_.monotonic());
  while (!stop.stop_requested()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_ - clock_.monotonic());
    const auto opening = queue_.pop(std::clamp(left, std::chrono::milliseconds{1}, wait_max));
    if (opening) take(*opening, stop);
    if (const auto now = clock_.monotonic(); now >= next_) look_or_connect(now);
  }
  opener_->disconnect();
}

// A connection that broke unnoticed (the relay was switched off and on) shows at the first command: one more
// try on a fresh one, while the person still stands there.
void BarrierLoop::take(const Opening& opening, const std::stop_token& stop) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (clock_.monotonic() - opening.asked > opening_age_max) break;
    if (!connected_ && !connect()) break;
    const auto done = opener_->open_gate(opening.gate, stop);
    if (done) return opened(opening);
    failed(done.error());
  }
  missed(opening, clock_.monotonic() - opening.asked > opening_age_max ? "too late" : "the barrier is away");
}

bool BarrierLoop::connect() {
  const auto reached = opener_->connect();
  if (!reached) {
    failed(reached.error());
    return false;
  }
  connected_ = true;
  next_ = clock_.monotonic() + heartbeat_;
  const bool was_away = health_.with([](BarrierHealth& health) {
    health.last_error.clear();
    return !std::exchange(health.ready, true);
  });
  if (was_away) log::info("barrier={} {}: ready", id_, opener_->name());
  return true;
}

void BarrierLoop::look_or_connect(MonotonicTime now) {
  if (!connected_) {
    if (connect()) delay_.reset();
    return;
  }
  next_ = now + heartbeat_;
  if (const auto there = opener_->look(); !there) failed(there.error());
}

void BarrierLoop::opened(const Opening& opening) {
  const auto delay =
      std::chrono::duration_cast<std::chrono::microseconds>(clock_.monotonic() - opening.asked);
  const auto now = clock_.now();
  delay_.reset();
  health_.with([&](BarrierHealth& health) {
    ++health.opened;
    health.last_opened = now;
    health.last_delay = delay;
  });
}

void BarrierLoop::missed(const Opening& opening, const std::string& why) {
  health_.with([](BarrierHealth& health) { ++health.missed; });
  log::error("barrier={} gate={} did not open: {}", id_, opening.gate, why);
}

void BarrierLoop::failed(const Error& error) {
  opener_->disconnect();
  connected_ = false;
  const auto delay = delay_.next();
  next_ = clock_.monotonic() + delay;
  auto text = error.text();
  const bool news = health_.with([&text](BarrierHealth& health) {
    ++health.failures;
    health.ready = false;
    return std::exchange(health.last_error, text) != text;
  });
  if (news) log::error("barrier={} failed, trying again in {} ms: {}", id_, delay.count(), text);
}

}  // namespace sitegate::devices::barrier
