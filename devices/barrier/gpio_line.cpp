#include "devices/barrier/gpio_line.hpp"

#include <fmt/format.h>
#include <gpiod.h>

#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "devices/barrier/barrier_kinds.hpp"
#include "devices/barrier/barrier_loop.hpp"

namespace sitegate::devices::barrier {
namespace {

constexpr std::chrono::seconds heartbeat{5};

Error bad(const std::string& key, const std::string& why) {
  return fail(ReaderErrc::bad_setting, key + ": " + why);
}

Result<unsigned> number(const Url& url, const std::string& key, unsigned low, unsigned high,
                        std::string_view otherwise) {
  const auto text = url.get(key, otherwise);
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return bad(key, fmt::format("\"{}\": a number from {} to {}", text, low, high));
  return value;
}

std::unique_ptr<Barrier> looped(std::string id, std::unique_ptr<Opener> opener, const Clock& clock) {
  const auto seed = std::hash<std::string>{}(id);
  return std::make_unique<BarrierLoop>(std::move(id), std::move(opener), heartbeat, clock, seed);
}

}  // namespace

Result<GpioSettings> gpio_settings(const Url& url) {
  SITEGATE_TRYV(check_keys(url, {"line", "active_low", "pulse_ms", "timer", "untimed"}));
  GpioSettings settings;
  SITEGATE_TRY(place, reader_place(url));
  settings.place = std::move(place);
  settings.chip = url.authority;
  if (settings.chip.empty() || !(url.path.empty() || url.path == "/"))
    return bad("chip", "expected barrier+gpio://<chip>?line=<n>, as barrier+gpio://gpiochip0?line=17");
  SITEGATE_TRY(line, number(url, "line", 0, 65535, ""));
  SITEGATE_TRY(pulse, number(url, "pulse_ms", 50, 60'000, "500"));
  settings.line = line;
  settings.pulse_ms = pulse;
  const auto low = url.get("active_low", "no");
  if (low != "no" && low != "yes") return bad("active_low", low + ": no or yes");
  settings.active_low = low == "yes";
  const auto timer = url.get("timer");
  if (timer != "hardware" && !(timer == "none" && url.get("untimed") == "permitted"))
    return bad(
        "timer",
        "\"" + timer +
            "\": hardware (a relay that ends the pulse by itself), or none with untimed=permitted: the "
            "gate may stay open if the gateway dies during a pulse");
  return settings;
}

GpioLine::~GpioLine() {
  disconnect();
}

std::string GpioLine::name() const {
  return fmt::format("GPIO {} line {}", settings_.chip, settings_.line);
}

Error GpioLine::failed(BarrierErrc what, const char* where) const {
  return fail(what, fmt::format("{}: {}: {}", name(), where, std::strerror(errno)));
}

Result<void> GpioLine::connect() {
  chip_ = gpiod_chip_open_lookup(settings_.chip.c_str());
  if (chip_ == nullptr) return failed(BarrierErrc::no_connection, "chip");
  line_ = gpiod_chip_get_line(chip_, settings_.line);
  if (line_ == nullptr) return failed(BarrierErrc::no_connection, "line");
  const int flags = settings_.active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
  if (gpiod_line_request_output_flags(line_, "sitegate", flags, 0) != 0)
    return failed(BarrierErrc::refused, "output");
  return success();
}

Result<void> GpioLine::open_gate(const std::string&, const std::stop_token& stop) {
  if (gpiod_line_set_value(line_, 1) != 0) return failed(BarrierErrc::refused, "open");
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, std::chrono::milliseconds(settings_.pulse_ms), [] { return false; });
  if (gpiod_line_set_value(line_, 0) != 0) return failed(BarrierErrc::refused, "close");
  return success();
}

Result<void> GpioLine::look() {
  return gpiod_line_get_value(line_) < 0 ? Result<void>(failed(BarrierErrc::no_answer, "look")) : success();
}

void GpioLine::disconnect() {
  if (line_ != nullptr && gpiod_line_is_requested(line_)) gpiod_line_set_value(line_, 0);
  if (chip_ != nullptr) gpiod_chip_close(chip_);  // releases the line
  chip_ = nullptr;
  line_ = nullptr;
}

Result<std::unique_ptr<Barrier>> open_gpio_barrier(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRY(settings, gpio_settings(url));
  auto id = settings.place.id;
  return looped(std::move(id), std::make_unique<GpioLine>(std::move(settings)), surroundings.clock);
}

Result<std::unique_ptr<Barrier>> open_no_barrier(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRYV(check_keys(url));
  SITEGATE_TRY(place, reader_place(url));
  return looped(place.id, std::make_unique<NoBarrier>(place.gate), surroundings.clock);
}

}  // namespace sitegate::devices::barrier
