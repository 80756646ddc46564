// A relay board whose Modbus TCP is libmodbus: https://libmodbus.org
#pragma once
#include <modbus.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <thread>

namespace sitegate::devices::barrier {

/// A relay of libmodbus: coils and registers, no timers. Serves one connection after the other.
class LibmodbusServer {
 public:
  explicit LibmodbusServer(std::uint16_t port)
      : context_(modbus_new_tcp("127.0.0.1", port)), mapping_(modbus_mapping_new(16, 0, 200, 0)) {
    listener_ = modbus_tcp_listen(context_, 4);
    BOOST_REQUIRE(listener_ >= 0);
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested() && modbus_tcp_accept(context_, &listener_) >= 0) serve();
    });
  }
  ~LibmodbusServer() {
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR);
    ::shutdown(modbus_get_socket(context_), SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    modbus_close(context_);
    modbus_free(context_);
    modbus_mapping_free(mapping_);
  }
  LibmodbusServer(const LibmodbusServer&) = delete;
  LibmodbusServer& operator=(const LibmodbusServer&) = delete;
  // What these say may be a moment younger than the answer that the relay's client has: wait for it.
  [[nodiscard]] bool coil(int number) const { return coils_[number]; }
  [[nodiscard]] int reg(int number) const { return registers_[number]; }
  [[nodiscard]] int times_on() const { return times_on_; }

 private:
  void serve() {
    std::uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
    for (int size = 0; (size = modbus_receive(context_, request)) >= 0;) {
      if (size > 0) modbus_reply(context_, request, size, mapping_);
      for (int i = 0; i < 16; ++i) {
        const bool on = mapping_->tab_bits[i] != 0;
        if (on && !coils_[i].exchange(on)) ++times_on_;
        coils_[i] = on;
      }
      for (int i = 0; i < 200; ++i) registers_[i] = mapping_->tab_registers[i];
    }
  }
  modbus_t* const context_;
  modbus_mapping_t* const mapping_;
  int listener_ = -1;
  std::atomic<bool> coils_[16]{};
  std::atomic<int> registers_[200]{};
  std::atomic<int> times_on_{0};
  std::jthread thread_;
};

}  // namespace sitegate::devices::barrier
