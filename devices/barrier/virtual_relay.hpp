// A relay with Modbus TCP without hardware: coils, registers and timers as the families in README.md have
// them, and faults. Written without libmodbus. For tests, demonstrations and simulators; the gateway never
// links it. Sources: MODBUS Messaging on TCP/IP V1.0b 3.1 (MBAP); MODBUS Application Protocol
// V1.1b3 6.1, 6.3, 6.5, 6.6, 7.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::barrier {

/// How the relay ends a pulse.
enum class RelayFamily : std::uint8_t {
  flash,    ///< function 5 at 0x0200 + coil carries tenths of a second
  command,  ///< function 6 at register coil: 0x0600 + seconds; 0x0100 on, 0x0200 off
  preset,   ///< register 100 + coil holds tenths of a second, a coil that is set falls by itself
  plain,    ///< it does not
};

/// How it misbehaves.
enum class RelayFault : std::uint8_t {
  none,
  silent,     ///< takes commands, does not answer
  slow,       ///< one byte of its answer every 100 ms
  garbage,    ///< answers with bytes that are no Modbus
  refusing,   ///< exception 4 to everything
  forgetful,  ///< writes of registers are confirmed and not kept
};

class VirtualRelay {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// One coil that was on: from and, once it fell, until.
  struct Pulse {
    std::uint16_t coil;
    Time from;
    Time until;
  };

  /// Listens on 127.0.0.1; port 0: one of its own.
  explicit VirtualRelay(RelayFamily family, std::uint16_t port = 0);
  ~VirtualRelay();
  VirtualRelay(const VirtualRelay&) = delete;
  VirtualRelay& operator=(const VirtualRelay&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void set_fault(RelayFault fault) { fault_ = fault; }
  /// By hand, as a jammed contact or a watchdog would.
  void set_coil(std::uint16_t coil, bool on);
  [[nodiscard]] bool coil(std::uint16_t coil) const;
  [[nodiscard]] std::uint16_t reg(std::uint16_t place) const;
  /// Every time a coil was switched on, in order.
  [[nodiscard]] std::vector<Pulse> pulses() const;
  /// Requests taken since the start.
  [[nodiscard]] std::uint64_t requests() const { return requests_; }

 private:
  struct State {
    std::map<std::uint16_t, Time> on_until;  // coils that are on; Time::max() without a timer
    std::map<std::uint16_t, std::uint16_t> registers;
    std::vector<Pulse> pulses;
  };
  void work(const std::stop_token& stop);
  void serve(int connection, Bytes& received);
  void send(int connection, const Bytes& answer);
  Bytes answer_of(ByteView request);
  bool write_coil(State& state, std::uint16_t place, std::uint16_t value) const;
  void write_register(State& state, std::uint16_t place, std::uint16_t value) const;
  static void switch_coil(State& state, std::uint16_t coil, Time until);
  static void let_fall(State& state);

  const RelayFamily family_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::atomic<RelayFault> fault_{RelayFault::none};
  std::atomic<std::uint64_t> requests_{0};
  mutable Guarded<State> state_;
  std::jthread thread_;
};

}  // namespace sitegate::devices::barrier
