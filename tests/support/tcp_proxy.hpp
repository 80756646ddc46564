// A bad line: stands between a client and a server on this machine, and delays, freezes, cuts or answers
// itself.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "shared/base/guarded.hpp"

namespace sitegate::tests {

/// Listens on 127.0.0.1. Members from any thread; a change counts from the next bytes on.
class TcpProxy {
 public:
  explicit TcpProxy(std::uint16_t server_port);
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;
  ~TcpProxy();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Each byte needs so long, in each direction.
  void delay(std::chrono::milliseconds one_way) { delay_ms_ = static_cast<int>(one_way.count()); }
  /// What is connected now stays connected, but nothing passes any more and nobody is told: half-open.
  /// Connections made later work.
  void freeze();
  /// Each connection is broken (reset) when it has carried so many bytes to the server; 0: never.
  void cut_after(std::uint64_t bytes) { cut_after_ = bytes; }
  /// New connections get this text instead of a server, as from a captive portal; empty: the server again.
  void answer(std::string text);
  /// Connections taken so far.
  [[nodiscard]] std::uint64_t connections() const { return connections_; }

 private:
  struct Connection;
  void work(const std::stop_token& stop);
  void take(std::vector<std::unique_ptr<Connection>>& connections);
  void pass(Connection& connection) const;

  const std::uint16_t server_port_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> delay_ms_{0};
  std::atomic<std::uint64_t> cut_after_{0};
  std::atomic<std::uint64_t> frozen_before_{0};  // connections with a lower number
  std::atomic<std::uint64_t> connections_{0};
  Guarded<std::string> answer_;
  std::jthread thread_;
};

}  // namespace sitegate::tests
