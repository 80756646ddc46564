// A small HTTP/1.1 server for devices and people at a site: limited in every direction, answered when the
// answer is known.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "shared/base/error.hpp"
#include "shared/http/errc.hpp"
#include "shared/http/message.hpp"

namespace sitegate::http {

/// Gives the answer to one request: exactly once, now or later, from any thread, also after the server or the
/// connection is gone (then it goes nowhere). One that is destroyed without having been called answers 503,
/// so that the other side tries again.
class Responder {
 public:
  /// `send` takes the answer; a server makes these, and tests of handlers.
  explicit Responder(std::function<void(Response)> send) : send_(std::move(send)) {}
  Responder(Responder&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();
  /// A second call is a programmer's error.
  void operator()(Response response);

 private:
  void give_up() noexcept;
  std::function<void(Response)> send_;  // empty once answered
};

/// Called on the server's own thread: returns quickly, does not throw, does not stop the server. What takes
/// time (a disk) keeps the responder and answers later.
using Handler = std::function<void(Request, Responder)>;

/// The defaults suit some dozens of terminals and phones on a site's network. In memory at most: connections
/// × (body + header).
struct ServerLimits {
  std::size_t header_bytes_max = 8192;    ///< request line and headers; beyond: 431
  std::size_t body_bytes_max = 1u << 20;  ///< beyond: 413, before it is read where its length is announced
  std::size_t connections_max = 256;      ///< then the longest idle one goes; if none is idle, the newcomer
  std::size_t connections_per_peer_max = 64;  ///< from one address; the newcomer is closed
  /// From a request's first byte to its last, however the bytes trickle; beyond: 408 and closed.
  std::chrono::milliseconds request_time_max{10'000};
  /// The handler's time; beyond: 503, and the handler's answer goes nowhere.
  std::chrono::milliseconds answer_time_max{30'000};
  std::chrono::milliseconds write_time_max{10'000};  ///< for the answer to be taken
  std::chrono::milliseconds idle_time_max{60'000};   ///< between requests, and before the first
};

struct ServerSettings {
  std::string address = "127.0.0.1";  ///< "0.0.0.0" and "::" are all interfaces; no names
  std::uint16_t port = 0;             ///< 0: any that is free, see port()
  ServerLimits limits;
};

/// Since the start.
struct ServerState {
  std::size_t connections = 0;  ///< open now
  std::uint64_t requests = 0;   ///< handed to the handler
  std::uint64_t refused = 0;    ///< requests answered 4xx by the server itself: too large, too slow, garbage
  std::uint64_t turned_away = 0;  ///< connections closed because there were too many
};

/// Operation: start() listens and serves on one thread of its own until stop(). A connection carries one
/// request at a time, in order (pipelining is taken, answers keep the order); keep-alive as HTTP/1.1 and 1.0
/// say; "Expect: 100-continue" is answered. What is not HTTP gets 400 and a log line, the listener goes on.
/// Concurrency: stop(), port() and state() from any thread.
class Server {
 public:
  /// cannot_listen with address, port and reason.
  static Result<std::unique_ptr<Server>> start(const ServerSettings& settings, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Closes every connection and joins the thread; the handler is not called afterwards. Not from the
  /// handler.
  void stop();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] ServerState state() const;

 private:
  class Core;
  explicit Server(std::shared_ptr<Core> core);
  std::shared_ptr<Core> core_;
};

}  // namespace sitegate::http
