#include "devices/barrier/modbus_relay.hpp"

#include <fmt/format.h>
#include <modbus.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>

#include "devices/barrier/barrier_kinds.hpp"
#include "devices/barrier/barrier_loop.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::barrier {
namespace {

constexpr std::uint16_t flash_on = 0x0200;              // added to the coil's number
constexpr std::chrono::milliseconds pulse_slack{1000};  // a relay's timer may be that late
constexpr std::chrono::seconds heartbeat{2};

// Waits for the time of a pulse, shorter if the program ends.
void wait(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

void ModbusRelay::Close::operator()(_modbus* line) const {
  modbus_close(line);
  modbus_free(line);
}

ModbusRelay::ModbusRelay(ModbusSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

ModbusRelay::~ModbusRelay() = default;

std::string ModbusRelay::name() const {
  return fmt::format("relay {}:{} unit {}", settings_.host, settings_.port, settings_.unit);
}

void ModbusRelay::disconnect() {
  line_.reset();
}

Error ModbusRelay::failed(const char* what) const {
  const int code = errno;
  auto text = fmt::format("{}: {}: {}", name(), what, modbus_strerror(code));
  const bool exception = code > MODBUS_ENOBASE && code <= EMBXGTAR;
  return fail(exception ? BarrierErrc::refused : BarrierErrc::no_answer, std::move(text));
}

Result<void> ModbusRelay::connect() {
  line_.reset(modbus_new_tcp_pi(settings_.host.c_str(), std::to_string(settings_.port).c_str()));
  if (!line_) return fail(BarrierErrc::no_connection, name() + ": the host's name is too long");
  modbus_set_slave(line_.get(), settings_.unit);
  modbus_set_response_timeout(line_.get(), settings_.timeout_ms / 1000, settings_.timeout_ms % 1000 * 1000);
  // The limit is for the whole answer: a relay that sends a byte now and then must not hold us.
  modbus_set_byte_timeout(line_.get(), 0, 0);
  if (modbus_connect(line_.get()) != 0)
    return fail(BarrierErrc::no_connection, fmt::format("{}: {}", name(), modbus_strerror(errno)));
  if (settings_.watchdog_register) {
    SITEGATE_TRYV(set_and_check(*settings_.watchdog_register, settings_.watchdog_s, "watchdog"));
  }
  for (const auto& [gate, coil] : settings_.coils) {
    if (settings_.timer == RelayTimer::preset) {
      SITEGATE_TRYV(set_and_check(settings_.timer_register + coil, timer_value(settings_), "timer"));
    }
    // We may have died in the middle of a pulse that nobody else ends.
    if (settings_.timer == RelayTimer::none && modbus_write_bit(line_.get(), coil, 0) != 1)
      return failed("close at start");
  }
  return look();
}

// Written only if it is not there already: such registers often lie in a memory that wears out.
Result<void> ModbusRelay::set_and_check(std::uint16_t place, std::uint16_t value, const char* what) {
  std::uint16_t known = 0;
  if (modbus_read_registers(line_.get(), place, 1, &known) != 1) return failed(what);
  if (known == value) return success();
  if (modbus_write_register(line_.get(), place, value) != 1) return failed(what);
  if (modbus_read_registers(line_.get(), place, 1, &known) != 1) return failed(what);
  if (known == value) return success();
  return fail(BarrierErrc::refused, fmt::format("{}: {} register {} says {} after {} was written", name(),
                                                what, place, known, value));
}

Result<void> ModbusRelay::open_gate(const std::string& gate, const std::stop_token& stop) {
  const auto coil = settings_.coils.at(gate);
  pulse_ends_[coil] = clock_.monotonic() + std::chrono::milliseconds(settings_.pulse_ms);
  switch (settings_.timer) {
    case RelayTimer::flash:
      return flash(coil);
    case RelayTimer::command:
      if (modbus_write_register(line_.get(), settings_.timer_register + coil, timer_value(settings_)) == 1)
        return success();
      return failed("open");
    case RelayTimer::preset:
      if (modbus_write_bit(line_.get(), coil, 1) == 1) return success();
      return failed("open");
    case RelayTimer::none:
      return by_hand(coil, stop);
  }
  return success();
}

// Function 5 with a value that the standard does not know: the relay's own. libmodbus sends FF00 and 0000
// only, so the request is written by hand; the answer repeats it (6.5).
Result<void> ModbusRelay::flash(std::uint16_t coil) {
  const auto place = static_cast<std::uint16_t>(flash_on + coil);
  const auto value = timer_value(settings_);
  const std::array<std::uint8_t, 6> request{settings_.unit,
                                            MODBUS_FC_WRITE_SINGLE_COIL,
                                            static_cast<std::uint8_t>(place >> 8),
                                            static_cast<std::uint8_t>(place),
                                            static_cast<std::uint8_t>(value >> 8),
                                            static_cast<std::uint8_t>(value)};
  if (modbus_send_raw_request(line_.get(), request.data(), request.size()) < 0) return failed("open");
  std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> answer{};
  const int size = modbus_receive_confirmation(line_.get(), answer.data());
  if (size < 0) return failed("open");
  const int header = modbus_get_header_length(line_.get());
  if (size == header + 2 && answer[header] == (MODBUS_FC_WRITE_SINGLE_COIL | 0x80))
    return fail(BarrierErrc::refused, fmt::format("{}: flash on: exception {}", name(), answer[header + 1]));
  if (size != header + 5 || !std::equal(request.begin() + 1, request.end(), answer.begin() + header))
    return fail(BarrierErrc::no_answer, name() + ": flash on: the answer does not repeat the command");
  return success();
}

// Nobody ends the pulse but us; if that fails the loop connects anew, and connect() closes first.
Result<void> ModbusRelay::by_hand(std::uint16_t coil, const std::stop_token& stop) {
  if (modbus_write_bit(line_.get(), coil, 1) != 1) return failed("open");
  wait(std::chrono::milliseconds(settings_.pulse_ms), stop);
  if (modbus_write_bit(line_.get(), coil, 0) != 1) {
    auto error = failed("close");
    log::error("{}: may stand open: {}", name(), error.text());
    SITEGATE_TRYV(connect());
  }
  return success();
}

Result<void> ModbusRelay::look() {
  if (has_coils()) {
    for (const auto& [gate, coil] : settings_.coils) {
      SITEGATE_TRYV(check_coil(gate, coil));
    }
    return success();
  }
  std::uint16_t value = 0;
  const int place = settings_.timer_register + settings_.coils.begin()->second;
  return modbus_read_registers(line_.get(), place, 1, &value) == 1 ? Result<void>(success()) : failed("look");
}

// A coil that stands open when it is first seen gets the time of a pulse: another gateway's may be running.
Result<void> ModbusRelay::check_coil(const std::string& gate, std::uint16_t coil) {
  std::uint8_t is_open = 0;
  if (modbus_read_bits(line_.get(), coil, 1, &is_open) != 1) return failed("look");
  if (is_open == 0) {
    pulse_ends_.erase(coil);
    return success();
  }
  const auto now = clock_.monotonic();
  const auto end =
      pulse_ends_.try_emplace(coil, now + std::chrono::milliseconds(settings_.pulse_ms)).first->second;
  if (now <= end + pulse_slack) return success();
  if (modbus_write_bit(line_.get(), coil, 0) != 1) return failed("close");
  pulse_ends_.erase(coil);
  return fail(BarrierErrc::held_open, fmt::format("{}: coil {} of gate {}; closed now", name(), coil, gate));
}

Result<std::unique_ptr<Barrier>> open_modbus_barrier(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRY(settings, modbus_settings(url));
  const auto id = settings.place.id;
  // The relay's watchdog must hear of us at least three times within its time.
  const auto beat = settings.watchdog_register
                        ? std::min<std::chrono::milliseconds>(
                              heartbeat, std::chrono::milliseconds(settings.watchdog_s * 1000 / 3))
                        : std::chrono::milliseconds(heartbeat);
  if (settings.timer == RelayTimer::none)
    log::warn(
        "barrier={} has no timer of its own: if this program dies during a pulse the gate stands open until "
        "it runs again",
        id);
  return std::unique_ptr<Barrier>(std::make_unique<BarrierLoop>(
      id, std::make_unique<ModbusRelay>(std::move(settings), surroundings.clock), beat, surroundings.clock,
      std::hash<std::string>{}(id) ^ static_cast<std::uint64_t>(surroundings.clock.monotonic().count())));
}

}  // namespace sitegate::devices::barrier
